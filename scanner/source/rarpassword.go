package source

import (
	"errors"
	"io"

	"github.com/nwaples/rardecode/v2"
)

// password is the one that opens the archive, "" if it needs none, and whether it is known
// to fit; else "" and false. An archive has one, but for what was added to it later.
func (a *rarReader) password() (password string, fits bool) {
	index, err := a.sealed("")
	if err == nil && index < 0 {
		return "", true
	}
	if a.shape.rounds > maxRarRounds {
		return "", false
	}
	for _, p := range a.w.o.passwords() {
		if a.opens(p) {
			return p, true
		}
	}
	return "", false
}

// sealed is which member is the first that is enciphered; -1 if none is. Its error says
// that the headers are, too, or are damaged before that member.
func (a *rarReader) sealed(password string) (index int, err error) {
	r, err := a.open(password)
	for index = 0; err == nil; index++ {
		var h *rardecode.FileHeader
		switch h, err = nextRAR(r); {
		case errors.Is(err, io.EOF):
			return -1, nil
		case isOneMember(err):
			err = nil
		case err == nil && h.Encrypted:
			return index, nil
		}
	}
	if errors.Is(err, rardecode.ErrArchiveEncrypted) || errors.Is(err, rardecode.ErrBadPassword) {
		return -1, err
	}
	return -1, nil // damaged, as the next reader will find and tell
}

// opens tries a password on the first member that is enciphered, of which it unpacks no
// more than wholeOutput. RAR 5 knows of a password whether it fits; before, the checksum
// decides, or that something came out of a longer one.
func (a *rarReader) opens(password string) bool {
	index, err := a.sealed(password)
	if err != nil {
		return false
	}
	r, err := a.open(password)
	granted := a.w.take(wholeOutput)
	defer a.w.take(-granted)
	left := int64(granted)
	for i := 0; err == nil; i++ {
		h, err := nextRAR(r)
		if err != nil && !isOneMember(err) {
			return errors.Is(err, io.EOF) && index < 0 // headers were enciphered, and no member is
		}
		if i < index && (err != nil || !h.Solid) {
			continue
		}
		got, err := guarded("rar member", func() (int64, error) { return io.Copy(io.Discard, io.LimitReader(r, left)) })
		if i == index {
			return err == nil && (h.UnPackedSize <= 0 || got > 0)
		}
		left -= got // the next one of a solid archive needs what was before
	}
	return false
}
