package source

import (
	"errors"
	"fmt"
	"hash"
	"io"
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

// sevenZip reads a 7z archive. Its directory is at the end and may be
// compressed and encrypted itself; the opener reads both.
func (w *walk) sevenZip(n *node, t *tape) error {
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
	members, err := w.open7z(at)
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
		if err := w.member7z(n, &members[i]); err != nil {
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

// open7z tries no password first, then those that were given. Where none fits,
// what can be read without is read.
func (w *walk) open7z(at *spill) (members []SevenZipMember, err error) {
	if err := guard7zHeader(at, at.size); err != nil {
		return nil, err
	}
	var listed *string // the first password that opens the directory
	list := func(password string) ([]SevenZipMember, error) {
		return guard7z(func() ([]SevenZipMember, error) { return w.o.SevenZip(at, at.size, password) })
	}
	for _, password := range append([]string{""}, w.o.passwords()...) {
		members, err = list(password)
		if err != nil {
			continue
		}
		if fits7z(members) {
			return list(password) // afresh: readers of enciphered members cannot all be opened twice
		}
		if listed == nil {
			listed = &password
		}
	}
	if listed == nil {
		return nil, err
	}
	trial, err := list(*listed)
	if err != nil {
		return nil, err
	}
	if members, err = list(*listed); err != nil {
		return nil, err
	}
	for i := range min(len(trial), len(members)) {
		members[i].Open = w.unsealed7z(&trial[i], members[i].Open)
	}
	return members, nil
}

// unsealed7z is open for a member that is not enciphered. What a wrong password
// makes of one that is can look like data for a while, so it is tried before any
// of it is handed out, within the budget.
func (w *walk) unsealed7z(trial *SevenZipMember, open func() (io.ReadCloser, error)) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		granted := w.take(wholeOutput)
		defer w.take(-granted)
		if _, err := try7z(trial, io.Discard, int64(granted)); errors.Is(err, ErrPassword) {
			return nil, err
		}
		return open()
	}
}

// try7z unpacks a member to w, up to most bytes.
func try7z(f *SevenZipMember, w io.Writer, most int64) (int64, error) {
	return guard7z(func() (int64, error) {
		rc, err := f.Open()
		if err != nil {
			return 0, err
		}
		defer rc.Close() // read only
		return io.Copy(w, io.LimitReader(rc, most))
	})
}

// fits7z reports whether the password opens the content too: names may be in
// the clear where the content is not. A cipher gives something for any
// password, and one in 256 is an LZMA2 stream that ends at once, without an
// error. So length and checksum of a member decide; of one that is larger than
// what is tried, its beginning.
func fits7z(members []SevenZipMember) bool {
	for i := range members {
		f := &members[i]
		if f.Size == 0 || f.Dir {
			continue
		}
		sum := newCRC()
		n, err := try7z(f, sum, wholeOutput)
		whole := f.Size <= wholeOutput
		return err == nil && uint64(n) == min(f.Size, wholeOutput) && (!whole || f.CRC32 == 0 || sum.Sum32() == f.CRC32)
	}
	return true
}

// guard7z turns a panic of the library into an error: it parses hostile input.
func guard7z[T any](open func() (T, error)) (v T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the 7z reader failed: %.200v", r)
		}
	}()
	return open()
}

// unreadable7z is what is said of an archive that could not be read, and what would help.
func unreadable7z(err error) Remark {
	var window *errWindow
	switch {
	case errors.As(err, &window):
		return Remark{Code: CodeWindow, Gap: true, Reason: err.Error(),
			Lift: fmt.Sprintf("unpack it by hand with %d bytes of memory to spare and scan the result", window.need)}
	case errors.Is(err, err7zEncrypted):
		return Remark{Code: CodeEncrypted, Gap: true, Reason: err.Error(), Lift: "unpack it by hand and scan the result"}
	case errors.Is(err, err7zCut):
		return Remark{Code: CodeCut, Gap: true, Reason: err.Error(), Lift: "get a whole copy of the archive"}
	case errors.Is(err, ErrPassword):
		return Remark{Code: CodeEncrypted, Gap: true, Reason: "the archive is encrypted, and none of the passwords fits",
			Lift: "scan again with --password"}
	}
	return Remark{Code: CodeUnsupported, Gap: true, Reason: "the 7z archive cannot be read: " + show(err.Error()),
		Lift: "unpack it by hand and scan the result"}
}

func (w *walk) member7z(n *node, f *SevenZipMember) error {
	child := n.child(f.Name, 0)
	rc, err := guard7z(f.Open)
	if err != nil {
		child.note(unreadable7z(err))
		w.done(&child.member)
		return w.err()
	}
	defer rc.Close() // read only
	m := &member7z{w: w, n: child, r: rc, want: f.Size, sum: newCRC()}
	return w.item(child, m, func() { m.verify(f.CRC32) })
}

// A member7z reads one member within the budget, and takes damage as the end.
type member7z struct {
	w    *walk
	n    *node
	r    io.Reader
	want uint64
	got  uint64
	sum  hash.Hash32
	err  error
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

func (m *member7z) Read(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	granted := m.w.take(len(p))
	if granted == 0 && len(p) > 0 {
		m.n.note(expandedRemark("7z member", int64(m.got), int64(m.got)))
		m.err = io.EOF
		return 0, m.err
	}
	n, err := guard7z(func() (int, error) { return m.r.Read(p[:granted]) })
	n = max(0, n)
	m.w.take(n - granted)
	m.got += uint64(n)
	m.sum.Write(p[:n])
	if err != nil {
		m.end(err)
	}
	return n, m.err
}

func (m *member7z) end(err error) {
	m.err = io.EOF
	switch {
	case err == io.EOF && m.got >= m.want:
		return
	case errors.Is(err, ErrPassword):
		m.n.note(unreadable7z(err))
		return
	}
	m.n.note(Remark{Code: CodeArchDamaged, Gap: true, Offset: int64(m.got), Bytes: int64(m.want - min(m.want, m.got)),
		Reason: fmt.Sprintf("the member has %d bytes; %d could be unpacked (%s)", m.want, m.got, show(err.Error())),
		Lift:   "get an undamaged copy"})
}
