package source

import (
	"errors"
	"fmt"
	"io"
	"math"
)

// A SevenZipOpener lists a 7z archive. The password is "" where there is none.
// It may panic on hostile input; an error that wraps ErrPassword says that the
// archive is encrypted and the password does not fit. Walks of different
// inputs call it at the same time.
//
// It comes from outside because the libraries that read 7z bring a network
// stack with them, and this package must not (see Options.SevenZip).
type SevenZipOpener func(r io.ReaderAt, size int64, password string) ([]SevenZipMember, error)

// A SevenZipMember is one entry of a 7z archive.
type SevenZipMember struct {
	Name  string
	Dir   bool
	Size  uint64 // unpacked, as the archive says
	CRC32 uint32 // of the unpacked bytes, as the archive says; 0 if it does not
	Open  func() (io.ReadCloser, error)
}

// ErrPassword says that an archive or a member is encrypted and the password
// does not open it.
var ErrPassword = errors.New("encrypted, and the password does not fit")

// ErrUnreached says that a member cannot be reached, because what is packed before
// it is damaged.
var ErrUnreached = errors.New("damaged before this member")

// ErrMethod says that a member was packed by a method that the opener cannot read.
var ErrMethod = errors.New("packed by a method that cannot be read")

// sevenZip reads a 7z archive, which may stand behind a program. Its directory is at the
// end and may be compressed and encrypted itself; the opener reads both.
func (w *walk) sevenZip(n *node, t *tape, behind int64) error {
	n.codec("7z")
	if w.o.SevenZip == nil {
		n.note(Remark{Code: CodeUnsupported, Gap: true, Reason: "a 7z archive, which nothing here was given to read with",
			Lift: "unpack it by hand and scan the result"})
		return nil
	}
	at, err := t.random()
	if err != nil {
		n.note(Remark{Code: CodeRead, Gap: true, Reason: err.Error(), Lift: "set TMPDIR to a folder with room"})
		return nil
	}
	defer at.close()
	if at.size -= behind; behind > 0 {
		at.ReaderAt = io.NewSectionReader(at.ReaderAt, behind, at.size)
	}
	members, fits, err := w.open7z(at)
	if err != nil {
		n.note(unreadable7z(err))
		if errors.Is(err, err7zCut) {
			return nil
		}
		return w.behind7z(n, at)
	}
	for i := range members {
		if members[i].Dir {
			continue
		}
		if w.crowded(n, 0) {
			break
		}
		if err := w.member7z(n, &members[i], fits); err != nil {
			return err
		}
	}
	return w.behind7z(n, at)
}

// behind7z hands out what follows the archive: its header says where that ends,
// and readers look no further.
func (w *walk) behind7z(n *node, at *spill) error {
	end := 32 + start7z(at, 12) + start7z(at, 20)
	if end < 32 || end >= at.size || n.crowded { // below: numbers that make no sense
		return w.err()
	}
	t := newTape(io.NewSectionReader(at, end, at.size-end))
	defer t.release()
	if zeros := t.padding(); zeros > 0 {
		n.note(Remark{Code: CodePadding, Offset: end, Bytes: zeros, Reason: "zero bytes behind the archive"})
	}
	if t.ended() || w.crowded(n, end) {
		return w.err()
	}
	return w.unnamed(n, end+t.offset(), t)
}

// guard7z turns a panic of the library into an error.
func guard7z[T any](open func() (T, error)) (T, error) { return guarded("7z archive", open) }

// unreadable7z is what is said of an archive that could not be read, and what would help.
func unreadable7z(err error) Remark {
	var window *errWindow
	switch {
	case errors.As(err, &window):
		return Remark{Code: CodeWindow, Gap: true, Reason: err.Error(),
			Lift: fmt.Sprintf("unpack it by hand with %d bytes of memory to spare and scan the result", window.need)}
	case errors.Is(err, err7zCut):
		return Remark{Code: CodeCut, Gap: true, Reason: err.Error(), Lift: "get a whole copy of the archive"}
	case errors.Is(err, ErrPassword):
		return Remark{Code: CodeEncrypted, Gap: true, Reason: "the archive is encrypted, and none of the passwords fits",
			Lift: "scan again with --password"}
	}
	return Remark{Code: CodeUnsupported, Gap: true, Reason: "the 7z archive cannot be read: " + show(err.Error()),
		Lift: "unpack it by hand and scan the result"}
}

// member7z hands out a member. Where the password is known to fit, what cannot be
// deciphered is damaged.
func (w *walk) member7z(n *node, f *SevenZipMember, fits bool) error {
	child := n.child(f.Name, 0)
	m := &member7z{packedMember: packedMember{w: w, n: child, what: "7z member", sum: newCRC()}, fits: fits, want: f.Size}
	m.ended = m.end
	rc, err := guard7z(f.Open)
	if err != nil {
		if errors.Is(err, ErrMethod) {
			child.note(Remark{Code: CodeMethod, Gap: true, Bytes: int64(min(f.Size, math.MaxInt64)), Reason: "the member was " + ErrMethod.Error(), Lift: "unpack it by hand and scan the result"})
		} else if errors.Is(err, ErrUnreached) || fits && errors.Is(err, ErrPassword) {
			m.damaged(err)
		} else {
			child.note(unreadable7z(err))
		}
		w.done(&child.member)
		return w.err()
	}
	defer rc.Close() // read only
	m.r = rc
	return w.item(child, m, func() { m.verify(f.CRC32) })
}

// A member7z takes damage as the end.
type member7z struct {
	packedMember
	fits bool // the password does
	want uint64
}

// verify compares the member with the checksum that the archive has of it; 0
// is none.
func (m *member7z) verify(crc uint32) {
	if got := m.sum.Sum32(); m.got == m.want && crc != 0 && got != crc {
		m.n.note(Remark{Code: CodeMemberSum, Gap: true, Bytes: int64(m.got),
			Reason: fmt.Sprintf("the archive says the CRC-32 of the member is %08x; it is %08x", crc, got),
			Lift:   "get an undamaged copy"})
	}
}

func (m *member7z) end(err error) {
	switch {
	case err == io.EOF && m.got >= m.want:
	case errors.Is(err, ErrPassword) && !m.fits:
		m.n.note(unreadable7z(err))
	default:
		m.damaged(err)
	}
}

func (m *member7z) damaged(err error) {
	why := show(err.Error())
	if errors.Is(err, ErrPassword) {
		why = "the password fits, but not what it opens"
	}
	m.n.note(Remark{Code: CodeArchDamaged, Gap: true, Offset: int64(m.got), Bytes: int64(m.want - min(m.want, m.got)),
		Reason: fmt.Sprintf("the member has %d bytes; %d could be unpacked (%s)", m.want, m.got, why),
		Lift:   "get an undamaged copy"})
}
