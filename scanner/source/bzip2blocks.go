package source

import (
	"compress/bzip2"
	"io"
	"strings"
)

// A bzip2 stream is a header and blocks of up to 900 KB of text, each of which
// stands for itself: it begins with a number of 48 bits, at any bit of a byte,
// and has a checksum of its own. Behind a damaged block the next is found by that
// number, as bzip2recover does it.
const (
	bzip2Block  = 0x314159265359
	bzip2End    = 0x177245385090
	bzip2Mask   = 1<<48 - 1
	bzip2Number = 6 // bytes of the numbers
)

// maxBlocks is how many damaged blocks of one stream are passed over: a reader
// for the rest of a stream takes 3.6 MB, and who wants to may write a damaged
// block in a hundred bytes.
const maxBlocks = 256

// resume implements resumer: it goes on with the next block of the damaged
// stream. Where that has no more, the layer looks for the next stream itself.
func (c *bzip2Codec) resume() bool {
	t := c.in.t
	failed := t.offset()
	if c.passed++; c.passed > maxBlocks {
		return false
	}
	// Damage is noticed late, perhaps in the next block. The number of the
	// damaged one begins before pos, or there.
	t.rewind(max(c.pos-2, 0))
	bit, found := seekBlock(t, 8*c.pos+1)
	if !found {
		t.rewind(failed)
		return false
	}
	c.pos = bit/8 + 1
	c.prev = c.pos
	c.in = framed{t: t, f: &bzip2Stream{}}
	c.bits = &bitShift{r: &c.in, shift: uint(bit % 8), head: [4]byte{'B', 'Z', 'h', '9'}}
	c.z = bzip2.NewReader(c.bits)
	return true
}

// seekBlock moves the tape to the byte in which the next block begins, at or
// behind a bit of the stream, and returns its bit. It stops at what ends the
// stream, or begins another.
func seekBlock(t *tape, from int64) (bit int64, found bool) {
	var acc uint64
	for n := 0; ; {
		window := t.peek(lookout)
		if len(window) == 0 {
			return 0, false
		}
		for i, b := range window {
			acc = acc<<8 | uint64(b)
			if n++; n < bzip2Number {
				continue
			}
			for s := range 8 {
				if s > 0 && n == bzip2Number {
					break // not all of its bits were read
				}
				number := acc >> s & bzip2Mask
				if number != bzip2Block && number != bzip2End {
					continue
				}
				bit = (t.offset()+int64(i)+1)*8 - int64(s) - 48
				if bit < from {
					continue
				}
				if number == bzip2End || s == 0 && n >= bzip2Number+4 && isHeader(acc>>48, t, i) {
					return 0, false
				}
				t.skip(int64(i) + 1)
				t.rewind(bit / 8)
				return bit, true
			}
		}
		t.skip(int64(len(window)))
	}
}

// isHeader reports whether the header of a stream stands before the number
// that ends at the i-th byte of what the tape has next; before is the two bytes
// that are right before the number.
func isHeader(before uint64, t *tape, i int) bool {
	level := byte(before)
	if byte(before>>8) != 'h' || level < '1' || level > '9' {
		return false
	}
	at := t.r + i + 1 - bzip2Number - 4
	return at >= 0 && string(t.buf[at:at+3]) == "BZh"
}

// A bitShift gives the bytes of a stream that begins within a byte, behind a
// header of its own.
type bitShift struct {
	r     *framed
	shift uint
	head  [4]byte
	given int
	last  byte
	begun bool
}

func (b *bitShift) ReadByte() (byte, error) {
	if b.given < len(b.head) {
		b.given++
		return b.head[b.given-1], nil
	}
	if !b.begun {
		b.begun = true
		if b.shift > 0 {
			var err error
			if b.last, err = b.r.ReadByte(); err != nil {
				return 0, err
			}
		}
	}
	next, err := b.r.ReadByte()
	if b.shift == 0 {
		return next, err
	}
	if err == io.EOF && b.last<<b.shift != 0 { // the last bits of the stream
		next, err = 0, nil
	}
	if err != nil {
		return 0, err
	}
	out := b.last<<b.shift | next>>(8-b.shift)
	b.last = next
	return out, nil
}

// Read is there for the interface: the library asks for bytes.
func (b *bitShift) Read(p []byte) (int, error) {
	for i := range p {
		c, err := b.ReadByte()
		if err != nil {
			return i, err
		}
		p[i] = c
	}
	return len(p), nil
}

// bzip2BlockSum is what the library says where the checksum of a block is not
// that of its text.
const bzip2BlockSum = "block checksum mismatch"

// bzip2Sum is what the library says where the checksum of the whole stream is
// not that of its blocks.
const bzip2Sum = "file checksum mismatch"

// ended reports whether err is the sound end of a stream of which not all
// blocks were read, and puts the tape behind it.
func (c *bzip2Codec) ended(err error) bool {
	if c.bits == nil || !strings.HasSuffix(err.Error(), bzip2Sum) {
		return false
	}
	// A byte of what follows may have been read with the last bits.
	t := c.in.t
	if t.r > 0 && t.buf[t.r-1] == 'B' {
		t.rewind(t.offset() - 1)
		if !isBzip2(t.peek(10)) {
			t.skip(1)
		}
	}
	return true
}
