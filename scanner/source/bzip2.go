package source

import (
	"bytes"
	"compress/bzip2"
	"io"
	"strings"
)

// bzip2 has no written specification; this follows what bzip2 1.0.8 writes: a
// stream begins with "BZh", a level, and the magic number of its first block
// or, if it is empty, of its end. 80 bits are proof enough.
var bzip2Kind = &codecKind{
	name: "bzip2", magic: "BZh", resync: true, certain: true,
	match: isBzip2,
	make:  func() codec { return new(bzip2Codec) },
}

// bzip2Header is the length in bytes of what stands before the first block.
const bzip2Header = 4

func isBzip2(p []byte) bool {
	return len(p) >= 10 && string(p[:3]) == "BZh" && p[3] >= '1' && p[3] <= '9' &&
		(string(p[4:10]) == "1AY&SY" || string(p[4:10]) == "\x17\x72\x45\x38\x50\x90")
}

type bzip2Codec struct {
	in framed
	z  io.Reader

	// The library reads a block whole before it gives the first of it.
	pos, prev int64     // of the tape when the last block was read, and the one before
	bits      *bitShift // of the rest of a damaged stream
	passed    int       // damaged blocks
}

func (c *bzip2Codec) open(t *tape) error {
	c.in = framed{t: t, f: &bzip2Stream{}}
	c.z = bzip2.NewReader(&c.in)
	c.bits, c.passed = nil, 0
	c.pos = t.offset() + bzip2Header
	c.prev = c.pos
	return nil
}

// bzip2Follows is what the library says of a stream that ended well and is
// followed by something that is no stream. It has read two bytes of that.
const bzip2Follows = "bad magic value in continuation file"

func (c *bzip2Codec) Read(p []byte) (int, error) {
	n, err := c.z.Read(p)
	if err == nil {
		if at := c.in.t.offset(); at != c.pos {
			c.prev, c.pos = c.pos, at
		}
		return n, nil
	}
	if strings.HasSuffix(err.Error(), bzip2BlockSum) {
		c.pos = c.prev // where the damaged block began
	}
	if strings.HasSuffix(err.Error(), bzip2Follows) {
		c.in.t.rewind(c.in.t.offset() - 2)
		err = io.EOF
	}
	if c.ended(err) {
		return 0, io.EOF
	}
	// With an error the library may give what it made of a cut block by taking
	// for zeros what is missing: none of that was ever logged.
	return 0, err
}

func (c *bzip2Codec) settle() {}
func (c *bzip2Codec) free()   {}

// A bzip2Stream ends where the next stream begins: nothing in a stream says
// how long it is, and the library would run on into the next.
type bzip2Stream struct{ begun bool }

func (s *bzip2Stream) segment(t *tape) (int64, error) {
	window := t.peek(lookout)
	from := 0
	if !s.begun {
		s.begun = true
		from = 1
	}
	if len(window) == 0 {
		return 0, endOf(t, false)
	}
	for at := from; ; at++ {
		i := bytes.Index(window[min(at, len(window)):], []byte("BZh"))
		if i < 0 {
			break
		}
		at += i
		if isBzip2(window[at:]) {
			return int64(at), nil
		}
	}
	if len(window) < lookout {
		return int64(len(window)), nil
	}
	return int64(len(window) - 9), nil
}
