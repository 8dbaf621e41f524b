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

// count is how many bytes have their high bit set; the others are zero.
func count(x uint64) int { return int(x >> 7 * ones >> 56) }

// brackets has the high bit of those bytes of x that open or close a container. x is
// ASCII, and text has the lowest bit of each byte behind which a string is open;
// inside says whether one was before.
func brackets(x, inside uint64) (up, down, text uint64) {
	quote := ^(x ^ quotes + lows) >> 7 & ones
	text = quote*ones ^ inside // byte k of the product is the number of quotes in bytes 0 to k
	hidden, upper := text<<7, x&uncase
	return ^(upper ^ opens + lows | hidden) & highs, ^(upper ^ closes + lows | hidden) & highs, text
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
// is 0. It takes eight bytes at a time: which of them are quotes, by a running parity
// which of them are inside strings, and how many brackets are not. Nearly all are
// ASCII without an escape, of which a sum finds those that are equal to one; the
// others are left to skipBytes.
func through(b []byte, i, to, depth int, inside uint64) (int, int, uint64) {
	for i+8 <= to {
		x := binary.LittleEndian.Uint64(b[i:])
		if (x|^(x^slants+lows))&highs != 0 {
			if i, depth, inside = skipBytes(b, i, to, depth, inside); depth == 0 || i == failed {
				return i, depth, inside
			}
			continue
		}
		up, down, text := brackets(x, inside)
		more, less := count(up), count(down)
		if less >= depth || depth+more > maxDepth { // it may end here, or be too deep
			if i, depth, inside = skipBytes(b, i, to, depth, inside); depth == 0 || i == failed {
				return i, depth, inside
			}
			continue
		}
		depth += more - less
		inside = -(text >> 56 & 1)
		i += 8
	}
	for i < to && depth > 0 && i != failed {
		i, depth, inside = skipBytes(b, i, to, depth, inside)
	}
	return i, depth, inside
}

// skipBytes goes through the next eight bytes one by one, but not beyond the position
// given: those with escapes or beyond ASCII, and those in which the container may end or
// get too deep.
// It may go one further, to stay clear of what an escape belongs to, and stops behind
// the end of the container.
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
