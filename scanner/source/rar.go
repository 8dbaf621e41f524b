package source

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nwaples/rardecode/v2"
)

// rar reads a RAR archive of any release since 1.5, member by member in the order in
// which they stand. Of a set of volumes each is read for itself: what begins in one and
// ends in the next is damaged.
func (w *walk) rar(n *node, t *tape) error {
	n.codec("rar")
	at, err := t.random()
	if err != nil {
		n.note(Remark{Code: CodeRead, Gap: true, Reason: err.Error(), Lift: "set TMPDIR to a folder with room"})
		return nil
	}
	defer at.close()
	if !w.reserve(0, maxWindow) {
		n.note(unreadableRAR(&errWindow{maxWindow, maxHistory - w.history}))
		return nil
	}
	defer w.reserve(maxWindow, 0)
	a := &rarReader{w: w, n: n, at: at, shape: rarBlocks(at, at.size)}
	if err := a.members(); err != nil {
		return err
	}
	n.linked(a.links, 0)
	return a.behind()
}

// A rarReader reads one archive.
type rarReader struct {
	w     *walk
	n     *node
	at    *spill
	shape rarShape
	links int64
	told  bool // that the archive cannot be read any further
}

// open begins to read the archive.
func (a *rarReader) open(password string) (*rardecode.Reader, error) {
	o := []rardecode.Option{rardecode.MaxDictionarySize(maxWindow)}
	if password != "" {
		o = append(o, rardecode.Password(password))
	}
	return guarded("rar archive", func() (*rardecode.Reader, error) {
		return rardecode.NewReader(io.NewSectionReader(a.at, 0, a.at.size), o...)
	})
}

func nextRAR(r *rardecode.Reader) (*rardecode.FileHeader, error) {
	return guarded("rar archive", r.Next)
}

// members hands out what the archive holds, up to where it is damaged.
func (a *rarReader) members() error {
	password, fits := a.password()
	r, err := a.open(password)
	for err == nil {
		var h *rardecode.FileHeader
		switch h, err = nextRAR(r); {
		case errors.Is(err, io.EOF):
			return a.w.err()
		case isOneMember(err):
			a.n.note(unreadableRAR(err)) // the library does not tell which
			err = nil
			continue
		case err != nil || h.IsDir:
			continue
		case h.LinkType == rardecode.LinkTypeUnixSymlink || h.LinkType == rardecode.LinkTypeWindowsSymlink ||
			h.LinkType == rardecode.LinkTypeWindowsJunction || h.LinkType == rardecode.LinkTypeHardLink || h.LinkType == rardecode.LinkTypeFileCopy:
			a.links++
			continue
		}
		if a.w.crowded(a.n, 0) {
			return nil
		}
		if err := a.member(h, r, fits); err != nil || a.told {
			return err
		}
	}
	a.told = true
	a.n.note(unreadableRAR(err))
	return a.w.err()
}

// isOneMember reports whether an error is about the member that was to come, and the
// library goes on behind it.
func isOneMember(err error) bool {
	return slices.ContainsFunc([]error{rardecode.ErrDictionaryTooLarge, rardecode.ErrPlatformIntSize, rardecode.ErrUnknownDecoder,
		rardecode.ErrUnsupportedDecoder, rardecode.ErrMultipleDecoders}, func(e error) bool { return errors.Is(err, e) })
}

// member hands out the member that r is at.
func (a *rarReader) member(h *rardecode.FileHeader, r io.Reader, fits bool) error {
	child := a.n.child(h.Name, 0)
	m := &packedMember{w: a.w, n: child, what: "rar member", r: r, sum: newCRC()}
	m.ended = func(err error) {
		switch want := h.UnPackedSize; {
		case errors.Is(err, io.EOF):
		case errors.Is(err, rardecode.ErrBadFileChecksum) && (fits || !h.Encrypted):
			child.note(Remark{Code: CodeMemberSum, Gap: true, Bytes: int64(m.got),
				Reason: "the checksum that the archive has of the member is not that of what was unpacked", Lift: "get an undamaged copy"})
		case h.Encrypted && !fits, errors.Is(err, rardecode.ErrBadPassword): // it was added later, with another
			child.note(unreadableRAR(ErrPassword))
		case errors.Is(err, rardecode.ErrMultiVolume):
			a.told = true
			child.note(unreadableRAR(err))
		default:
			child.note(Remark{Code: CodeArchDamaged, Gap: true, Offset: int64(m.got), Bytes: max(0, want-int64(m.got)),
				Reason: fmt.Sprintf("the member has %d bytes; %d could be unpacked (%s)", want, m.got, said(err)),
				Lift:   "get an undamaged copy"})
		}
	}
	if h.Encrypted && !fits {
		m.r = failing{rardecode.ErrArchivedFileEncrypted} // what a wrong password makes of it is no evidence
	}
	return a.w.item(child, m, nil)
}

// failing is the reader of what cannot be read.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// unreadableRAR is what is said of what could not be read, and what would help.
func unreadableRAR(err error) Remark {
	var window *errWindow
	switch {
	case errors.As(err, &window), errors.Is(err, rardecode.ErrDictionaryTooLarge):
		return Remark{Code: CodeWindow, Gap: true, Reason: "a member needs more memory to unpack than the limit: " + said(err),
			Lift: "unpack it by hand and scan the result"}
	case errors.Is(err, ErrPassword), errors.Is(err, rardecode.ErrArchiveEncrypted), errors.Is(err, rardecode.ErrBadPassword):
		return Remark{Code: CodeEncrypted, Gap: true, Reason: "encrypted, and none of the passwords fits", Lift: "scan again with --password"}
	case errors.Is(err, rardecode.ErrMultiVolume), errors.Is(err, rardecode.ErrBadVolumeNumber), errors.Is(err, rardecode.ErrInvalidFileBlock):
		return Remark{Code: CodeUnsupported, Gap: true, Reason: "one of several volumes of an archive: what goes on in another one cannot be read here",
			Lift: "unpack the set by hand and scan the result"}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, rardecode.ErrUnexpectedArcEnd):
		return Remark{Code: CodeCut, Gap: true, Reason: "the archive ends before its last block", Lift: "get a whole copy of the archive"}
	}
	return Remark{Code: CodeArchDamaged, Gap: true, Reason: "the rar archive cannot be read on from here: " + said(err),
		Lift: "get an undamaged copy, or unpack it by hand and scan the result"}
}

// said is what the library says, without its name.
func said(err error) string { return show(strings.TrimPrefix(err.Error(), "rardecode: ")) }

// behind hands out what follows the archive.
func (a *rarReader) behind() error {
	end := a.shape.end
	if end == 0 || end >= a.at.size || a.n.crowded || a.told {
		return a.w.err()
	}
	t := newTape(io.NewSectionReader(a.at, end, a.at.size-end))
	defer t.release()
	if zeros := t.padding(); zeros > 0 {
		a.n.note(Remark{Code: CodePadding, Offset: end, Bytes: zeros, Reason: "zero bytes behind the archive"})
	}
	if t.ended() || a.w.crowded(a.n, end) {
		return a.w.err()
	}
	return a.w.unnamed(a.n, end+t.offset(), t)
}
