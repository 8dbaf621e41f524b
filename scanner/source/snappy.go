package source

import (
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/klauspost/compress/s2"
)

// Snappy in frames, "Snappy framing format description" of 2013-10-25, and its
// extension S2. (Bare snappy has no magic number and is not recognised.)
var snappyKind = &codecKind{
	name: "snappy", magic: "\xff\x06\x00\x00", resync: true, certain: true,
	match: func(p []byte) bool {
		return len(p) >= 10 && string(p[:4]) == "\xff\x06\x00\x00" &&
			(string(p[4:10]) == "sNaPpY" || string(p[4:10]) == "S2sTwO")
	},
	make: func() codec { return snappies.Get().(*snappyCodec) },
}

var snappies = sync.Pool{New: func() any { return &snappyCodec{z: s2.NewReader(nil)} }}

type snappyCodec struct {
	in   framed
	walk snappyWalk
	z    *s2.Reader
}

func (c *snappyCodec) open(t *tape) error {
	c.walk = snappyWalk{}
	c.in = framed{t: t, f: &c.walk}
	c.z.Reset(&c.in)
	return nil
}

func (c *snappyCodec) Read(p []byte) (int, error) {
	n, err := c.z.Read(p)
	if errors.Is(err, s2.ErrCRC) || err != nil && strings.Contains(err.Error(), "crc") {
		err = errChecksum
	}
	return n, err
}

func (c *snappyCodec) settle()        {}
func (c *snappyCodec) skipped() int64 { return c.walk.skip }

func (c *snappyCodec) free() {
	c.z.Reset(nil)
	snappies.Put(c)
}

// A snappyWalk walks chunks by their lengths. A stream ends before the next
// stream identifier, at the end, or before what cannot be a chunk.
type snappyWalk struct {
	begun bool
	skip  int64 // bytes in chunks that decoders skip, padding aside
}

func (w *snappyWalk) segment(t *tape) (int64, error) {
	p := t.peek(4)
	if len(p) == 0 {
		return 0, t.failure()
	}
	first := !w.begun
	w.begun = true
	if !first && (p[0] == 0xff || p[0] >= 2 && p[0] < 0x80) {
		return 0, nil
	}
	if len(p) < 4 {
		return 0, io.ErrUnexpectedEOF
	}
	n := 4 + (int64(p[1]) | int64(p[2])<<8 | int64(p[3])<<16)
	if p[0] >= 0x80 && p[0] < 0xfe {
		w.skip += n
	}
	return n, nil
}
