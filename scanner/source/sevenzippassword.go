package source

import (
	"errors"
	"io"
)

// open7z tries no password first, then those that were given. Where none fits,
// what can be read without is read.
func (w *walk) open7z(at *spill) (members []SevenZipMember, fits bool, err error) {
	sealed := guard7zHeader(at, at.size, "")
	if sealed != nil && !errors.Is(sealed, ErrPassword) {
		return nil, false, sealed
	}
	var listed *string // the password that fits best of those that open the directory
	list := func(password string) ([]SevenZipMember, error) {
		return guard7z(func() ([]SevenZipMember, error) { return w.o.SevenZip(at, at.size, password) })
	}
	best := unfit
	for _, password := range append([]string{""}, w.o.passwords()...) {
		if sealed != nil {
			if err = guard7zHeader(at, at.size, password); errors.Is(err, ErrPassword) {
				continue
			} else if err != nil {
				return nil, false, err
			}
		}
		members, err = list(password)
		if err != nil {
			continue
		}
		if fit := fitOf7z(members); listed == nil || fit > best {
			listed, best = &password, fit
		}
		if best == fitting || best == readable && password == "" { // no cipher, and damaged
			break
		}
	}
	if listed == nil {
		return nil, false, err
	}
	// The directory is read afresh: readers of enciphered members cannot all be
	// opened twice.
	if members, err = list(*listed); err != nil || best > unfit {
		return members, best > unfit, err
	}
	trial, err := list(*listed)
	if err != nil {
		return nil, false, err
	}
	for i := range min(len(trial), len(members)) {
		members[i].Open = w.unsealed7z(&trial[i], members[i].Open)
	}
	return members, false, nil
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

// fitOf7z says how well the password opens the content too: names may be in the
// clear where the content is not. A cipher gives something for any password, and
// one in 256 is an LZMA2 stream that ends at once, without an error. So length and
// checksum of a member decide; of one that is larger than what is tried, its
// beginning. A few are tried, since the first may be damaged. Where all are, it
// tells that something sensible came out.
func fitOf7z(members []SevenZipMember) passwordFit {
	best, tried := unfit, 0
	for i := range members {
		f := &members[i]
		if f.Size == 0 || f.Dir {
			continue
		}
		g := glimpse{sum: newCRC()}
		n, err := try7z(f, &g, wholeOutput)
		whole := f.Size <= wholeOutput
		switch {
		case err == nil && uint64(n) == min(f.Size, wholeOutput) && (!whole || f.CRC32 == 0 || g.sum.Sum32() == f.CRC32):
			return fitting
		case n >= noChance && isKnown(g.head):
			best = readable
		}
		if tried++; tried == tried7z {
			break
		}
	}
	if tried == 0 {
		return fitting
	}
	return best
}

// tried7z is how many members are tried with each password.
const tried7z = 4
