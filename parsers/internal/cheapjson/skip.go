package cheapjson

import (
	"encoding/binary"
	"math/bits"
)

// maxDepth is how deep a skipped value may be nested. Deeper ones are left to
// the full parse, which says so in the ledger.
const maxDepth = 5000

// Words of eight equal bytes.
const (
	ones   = 0x0101010101010101
	highs  = 0x8080808080808080
	lows   = 0x7f7f7f7f7f7f7f7f
	spaces = ' ' * ones
	quotes = '"' * ones
	slants = '\\' * ones
	opens  = '[' * ones
	closes = ']' * ones
	uncase = 0xdf * ones // takes '{' to '[' and '}' to ']', and nothing else there
)

// firstZero has, in its lowest bit set, the high bit of the first byte of x
// that is zero. Bits above the lowest mean nothing.
func firstZero(x uint64) uint64 { return (x - ones) &^ x & highs }

func space(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// plain returns the position of the quote that ends the string whose first
// byte is at i, if the string is what it says: ASCII without escapes and
// control characters.
func plain(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		// The lowest bit of each term is right, so that of their sum is.
		odd := firstZero(x^quotes) | firstZero(x^slants) | (x-spaces)&^x&highs | x&highs
		if odd != 0 {
			i += bits.TrailingZeros64(odd) >> 3
			if b[i] == '"' {
				return i
			}
			return failed
		}
	}
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return i
		case c < ' ' || c == '\\' || c >= 0x80:
			return failed
		}
	}
	return failed
}

// skip goes behind the value at i, which exists. It looks at strings and
// brackets only.
func skip(b []byte, i int) int {
	switch b[i] {
	case '"':
		return skipString(b, i+1)
	case '{', '[':
		return skipContainer(b, i+1)
	case ',', ':', '}', ']':
		return failed
	}
	for i < len(b) {
		switch b[i] {
		case ',', '}', ']', ' ', '\n', '\r', '\t':
			return i
		case '"', '{', '[', ':', '\\':
			return failed
		}
		i++
	}
	return failed
}

// skipString goes behind the string whose first byte is at i.
func skipString(b []byte, i int) int {
	for i+8 <= len(b) {
		x := binary.LittleEndian.Uint64(b[i:])
		end := firstZero(x^quotes) | firstZero(x^slants)
		if end == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(end) >> 3
		if b[i] == '"' {
			return i + 1
		}
		i += 2
	}
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return failed
}

// count is how many bytes of x and of y have their high bit set; the others are zero.
func count(x, y uint64) int { return int((x>>7 + y>>7) * ones >> 56) }

// odd is not zero if a byte of x is an escape or beyond ASCII.
func odd(x uint64) uint64 { return (x | ^(x ^ slants + lows)) & highs }

// brackets has the high bit of those bytes of x that open or close a container. x is
// ASCII; inside is all ones if a string is open before it, and within has the high bit
// of each byte behind which one is.
func brackets(x, inside uint64) (up, down, within uint64) {
	quote := ^(x ^ quotes + lows) & highs
	within = quote*ones ^ inside // of byte k of the product, the high bit is the parity of quotes in bytes 0 to k
	upper := x & uncase
	return ^(upper ^ opens + lows | within) & highs, ^(upper ^ closes + lows | within) & highs, within
}

// skipContainer goes behind the container whose first byte is at i.
func skipContainer(b []byte, i int) int {
	i, depth, _ := through(b, i, len(b), 1, 0)
	if depth > 0 {
		return failed
	}
	return i
}

// through goes on through a container, depth deep in it and, if inside is all ones,
// in a string, to the position given, or one further if an escape stands there, and
// says how deep it is then. It stops behind the end of the container, where depth
// is 0. It takes sixteen bytes at a time, or eight: which of them are quotes, by a
// running parity which of them are inside strings, and how many brackets are not.
// Nearly all are ASCII without an escape, of which a sum finds those that are equal to
// one; the others are left to skipBytes.
func through(b []byte, i, to, depth int, inside uint64) (int, int, uint64) {
	for i != failed && depth > 0 && i < to {
		i, depth, inside = pairs(b, i, to, depth, inside)
		if i+8 > to {
			i, depth, inside = skipBytes(b, i, to, depth, inside)
			continue
		}
		x := binary.LittleEndian.Uint64(b[i:])
		up, down, within := brackets(x, inside)
		more, less := count(up, 0), count(down, 0)
		if odd(x) != 0 || closing(depth, less) {
			i, depth, inside = skipBytes(b, i, to, depth, inside)
			continue
		}
		i, depth, inside = i+8, depth+more-less, uint64(int64(within)>>63)
	}
	return i, depth, inside
}

// pairs is through for pairs of words, as far as there is nothing to be looked at
// more closely.
func pairs(b []byte, i, to, depth int, inside uint64) (int, int, uint64) {
	for i+16 <= to {
		x, y := binary.LittleEndian.Uint64(b[i:]), binary.LittleEndian.Uint64(b[i+8:])
		if odd(x)|odd(y) != 0 {
			break
		}
		up, down, within := brackets(x, inside)
		up2, down2, within2 := brackets(y, uint64(int64(within)>>63))
		more, less := count(up, up2), count(down, down2)
		if closing(depth, less) {
			break
		}
		i, depth, inside = i+16, depth+more-less, uint64(int64(within2)>>63)
	}
	return i, depth, inside
}

// closing reports whether a container may end in up to sixteen bytes of which so many
// close one, or may become too deep in them.
func closing(depth, less int) bool { return uint(depth-less-1) > maxDepth-32 }

// skipBytes goes through the next eight bytes one by one, but not beyond the position
// given: those with escapes or beyond ASCII, and those in which the container may end or
// get too deep. It may go one further, to stay clear of what an escape belongs to, and
// stops behind the end of the container.
func skipBytes(b []byte, i, to, depth int, inside uint64) (int, int, uint64) {
	for end := min(i+8, to); i < end; i++ {
		switch b[i] {
		case '"':
			inside = ^inside
		case '\\':
			if inside == 0 {
				return failed, depth, inside
			}
			i++
		case '{', '[':
			if inside == 0 {
				if depth++; depth > maxDepth {
					return failed, depth, inside
				}
			}
		case '}', ']':
			if inside == 0 {
				if depth--; depth == 0 {
					return i + 1, 0, 0
				}
			}
		}
	}
	return i, depth, inside
}
