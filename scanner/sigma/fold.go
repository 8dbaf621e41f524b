package sigma

import (
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// fold appends s in the form in which Sigma compares text without regard to
// case: two texts are the same if their folds are equal byte by byte. It is
// Unicode's simple folding, with the lower-case letter standing for its orbit,
// so that ASCII folds to lower case and the Kelvin sign to k. Bytes that are
// not UTF-8 stay as they are.
func fold(dst, s []byte) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			dst = append(dst, lowerASCII[c])
			i++
			continue
		}
		r, n := utf8.DecodeRune(s[i:])
		if r == utf8.RuneError && n == 1 {
			dst = append(dst, c)
		} else {
			dst = utf8.AppendRune(dst, foldRune(r))
		}
		i += n
	}
	return dst
}

func foldString(s string) string { return string(fold(nil, []byte(s))) }

// isFolded reports whether s is surely its own fold: ASCII without capitals.
// It looks at eight bytes at a time, since nearly every value passes here.
func isFolded(s []byte) bool {
	const ones = 0x0101010101010101
	for len(s) >= 8 {
		w := binary.LittleEndian.Uint64(s)
		// While no byte has its high bit, that bit tells after an addition
		// whether the byte was at least 'A', or beyond 'Z'.
		capital := (w + (0x80-'A')*ones) &^ (w + (0x80-'Z'-1)*ones)
		if (w|capital)&(0x80*ones) != 0 {
			return false
		}
		s = s[8:]
	}
	for _, c := range s {
		if changes[c] {
			return false
		}
	}
	return true
}

// isASCII reports whether all bytes of s are below 0x80.
func isASCII(s []byte) bool {
	const high = 0x8080808080808080
	for ; len(s) >= 8; s = s[8:] {
		if binary.LittleEndian.Uint64(s)&high != 0 {
			return false
		}
	}
	for _, c := range s {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// lowerASCII maps bytes below 0x80 to their fold; changes marks the bytes that
// need a closer look.
var lowerASCII, changes = func() (low [256]byte, ch [256]bool) {
	for i := range low {
		low[i] = byte(i)
		if i >= 'A' && i <= 'Z' {
			low[i] += 'a' - 'A'
			ch[i] = true
		}
		ch[i] = ch[i] || i >= utf8.RuneSelf
	}
	return low, ch
}()

// foldRune returns the rune that stands for all runes that differ from r by
// case only.
func foldRune(r rune) rune {
	if r >= 0x2e80 && r <= 0xa63f || r >= 0xac00 && r <= 0xd7ff {
		return r // Chinese, Japanese and Korean have no case
	}
	least := orbit(r)
	if low := unicode.ToLower(least); orbit(low) == least {
		return low
	}
	return least
}

// orbit is the least rune of those that are equal to r under simple folding.
func orbit(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}
