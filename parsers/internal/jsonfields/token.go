package jsonfields

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// special is where from i on the first byte stands that a string of JSON may not have as
// it is: a quote, a backslash, a control character (RFC 8259, section 7); the length of b
// if there is none. It looks at eight bytes at a time.
func special(b []byte, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		quote, slash := x^'"'*ones, x^'\\'*ones
		// The lowest bit of each term is right, so that of their sum is.
		if found := ((quote-ones)&^quote | (slash-ones)&^slash | (x-' '*ones)&^x) & highs; found != 0 {
			return i + bits.TrailingZeros64(found)>>3
		}
	}
	for i < len(b) && b[i] >= ' ' && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return min(i, len(b))
}

// text reads a string, from quote to quote.
func (s *scan) text() *SyntaxError {
	start := s.pos
	for i := special(s.in, start+1); i < len(s.in); i = special(s.in, i+1) {
		switch s.in[i] {
		case '"':
			s.pos = i + 1
			return nil
		case '\\':
			if i++; i < len(s.in) && !s.escape(i) {
				s.odd("an escape that JSON does not have")
			}
		default:
			s.odd("a control character inside a string")
		}
	}
	s.pos = start
	return s.fail("the record ends inside a string")
}

// escape reports whether the escape whose letter is in[i] is one of JSON's.
func (s *scan) escape(i int) bool {
	switch s.in[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	case 'u':
		return i+5 <= len(s.in) && isHex(s.in[i+1]) && isHex(s.in[i+2]) && isHex(s.in[i+3]) && isHex(s.in[i+4])
	}
	return false
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// maxWord is the longest unquoted word that is read as text if it is neither a
// literal nor a number. Numbers may be of any length.
const maxWord = 32

// word reads a literal or a number, or a word that stands for one in languages
// near JSON (NaN, True, 01), which is kept as text.
func (s *scan) word() *SyntaxError {
	at := s.pos
	i := at
	for i < len(s.in) && isWord(s.in[i]) {
		i++
	}
	w := s.in[at:i]
	switch {
	case len(w) == 0:
		return s.fail(fmt.Sprintf("%q where a value should be", s.in[at]))
	case i == len(s.in) && len(s.stack) > 0:
		return s.fail("the record ends inside a word or number")
	case isLiteral(w) || isNumber(w):
		s.pos = i
		s.scalar(at, false)
	case len(w) <= maxWord:
		s.odd("a bare word or number that JSON does not have")
		s.pos = i
		s.scalar(at, true)
	default:
		return s.fail("a long bare word where a value should be")
	}
	return nil
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '-' || c == '+' || c == '.' || c == '_'
}

func isLiteral(w []byte) bool {
	switch string(w) {
	case "true", "false", "null":
		return true
	}
	return false
}

// isNumber reports whether w is a number by RFC 8259 section 6.
func isNumber(w []byte) bool {
	if w[0] == '-' {
		w = w[1:]
	}
	whole := digits(w)
	if whole == 0 || (whole > 1 && w[0] == '0') {
		return false
	}
	w = w[whole:]
	if len(w) > 0 && w[0] == '.' {
		n := digits(w[1:])
		if n == 0 {
			return false
		}
		w = w[1+n:]
	}
	if len(w) == 0 || w[0]|0x20 != 'e' {
		return len(w) == 0
	}
	w = w[1:]
	if len(w) > 0 && (w[0] == '+' || w[0] == '-') {
		w = w[1:]
	}
	return len(w) > 0 && digits(w) == len(w)
}

// digits is how many digits w starts with.
func digits(w []byte) int {
	n := 0
	for n < len(w) && '0' <= w[n] && w[n] <= '9' {
		n++
	}
	return n
}
