package frame

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A byteOrder is how UTF-16 is laid out; zero is none.
type byteOrder byte

const (
	littleEndian byteOrder = 1 + iota
	bigEndian
)

// utf16Order tells from the beginning of a stream whether it is UTF-16, and
// how long its byte order mark is. Text without a mark is known by its first
// two characters being ASCII: the brackets of JSON that was printed in lines, and what
// stands before coloured lines and json-seq's records, among them. UTF-32, whose mark begins alike, is not read.
func utf16Order(b []byte) (order byteOrder, mark int) {
	if len(b) < 2 {
		return 0, 0
	}
	switch {
	case len(b) >= 4 && string(b[:4]) == "\xff\xfe\x00\x00":
		return 0, 0
	case b[0] == 0xff && b[1] == 0xfe:
		return littleEndian, 2
	case b[0] == 0xfe && b[1] == 0xff:
		return bigEndian, 2
	case len(b) < 4:
		return 0, 0
	case begins(b[0]) && b[1] == 0 && begins(b[2]) && b[3] == 0:
		return littleEndian, 0
	case b[0] == 0 && begins(b[1]) && b[2] == 0 && begins(b[3]):
		return bigEndian, 0
	}
	return 0, 0
}

func printable(c byte) bool { return c >= ' ' && c < 0x7f }

// begins reports whether text may have c among its first characters.
func begins(c byte) bool {
	return printable(c) || c == '\n' || c == '\r' || c == '\t' || c == 0x1b || c == 0x1e
}

// A transcoder turns UTF-16 into UTF-8. A surrogate without its other half
// becomes three bytes as well (as in WTF-8), so that sizes can be told from the
// text. An odd last byte is left in odd.
//
// Where a byte is missing or too much, all characters behind it are parted wrongly, and
// newlines are none. Text that is mostly ASCII shows that: an oddByte stands for one byte
// then, and the rest is parted rightly again.
type transcoder struct {
	src     io.Reader
	order   byteOrder
	in      []byte
	r, w    int
	err     error
	odd     int64 // 1 if the stream ended within a character
	shifted int   // how often oddByte was put in
}

// oddByte is what stands in the text for a byte of the stream that is no half of a
// character. It is in no UTF-8.
const oddByte = 0xff

// shiftedUnits is how many characters in a row must be ASCII if a byte is left out: in
// none of the world's texts so many of U+2000, U+2100 and so on stand together.
const shiftedUnits = 8

func newTranscoder(src io.Reader, order byteOrder, block int) *transcoder {
	return &transcoder{src: src, order: order, in: make([]byte, block)}
}

// Read implements io.Reader. p must hold at least one character.
func (t *transcoder) Read(p []byte) (int, error) {
	for {
		n := t.fill(p)
		if n > 0 || (len(p) < utf8.UTFMax && len(p) > 0) {
			return n, nil
		}
		if t.err != nil {
			t.odd = int64(t.w - t.r)
			t.r = t.w
			return 0, t.err
		}
		copy(t.in, t.in[t.r:t.w])
		t.w -= t.r
		t.r = 0
		var got int
		got, t.err = t.src.Read(t.in[t.w:])
		t.w += got
	}
}

// fill converts what is held into p, as far as both last.
func (t *transcoder) fill(p []byte) int {
	n := 0
	for len(p)-n >= utf8.UTFMax && t.w-t.r >= 2 {
		c := t.unit(t.r)
		if c&0xff == 0 && c != 0 {
			if t.w-t.r < 2*shiftedUnits && t.err == nil {
				break
			}
			if t.isShifted() {
				p[n] = oddByte
				n++
				t.r++
				t.shifted++
				continue
			}
		}
		used := 2
		if utf16.IsSurrogate(rune(c)) {
			if t.w-t.r < 4 && t.err == nil {
				break
			}
			if r := t.pair(c); r != 0 {
				n += utf8.EncodeRune(p[n:], r)
				t.r += 4
				continue
			}
			p[n], p[n+1], p[n+2] = 0xe0|byte(c>>12), 0x80|byte(c>>6)&0x3f, 0x80|byte(c)&0x3f
			n += 3
		} else {
			n += utf8.EncodeRune(p[n:], rune(c))
		}
		t.r += used
	}
	return n
}

// isShifted reports whether what is held is text from the next byte on.
func (t *transcoder) isShifted() bool {
	if t.w-t.r < 2*shiftedUnits {
		return false
	}
	for i := range shiftedUnits {
		c := t.unit(t.r + 2*i)
		if a := byte(c >> 8); c&0xff != 0 || !printable(a) && a != '\n' && a != '\r' && a != '\t' {
			return false
		}
	}
	return true
}

// pair returns the character of the surrogate c and the unit behind it, or 0.
func (t *transcoder) pair(c uint16) rune {
	if t.w-t.r < 4 {
		return 0
	}
	if r := utf16.DecodeRune(rune(c), rune(t.unit(t.r+2))); r != utf8.RuneError {
		return r
	}
	return 0
}

func (t *transcoder) unit(i int) uint16 {
	if t.order == littleEndian {
		return uint16(t.in[i]) | uint16(t.in[i+1])<<8
	}
	return uint16(t.in[i])<<8 | uint16(t.in[i+1])
}
