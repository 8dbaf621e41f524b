package source

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/pierrec/lz4/v4"
)

// LZ4 frames, "LZ4 Frame Format Description" 1.6.4, and the legacy frame.
var lz4Kind = &codecKind{
	name: "lz4", magic: "\x04\x22\x4d\x18", resync: true,
	match: func(p []byte) bool {
		if len(p) < 7 {
			return false
		}
		switch binary.LittleEndian.Uint32(p) {
		case lz4Frame:
			return p[4]>>6 == 1 && p[4]&2 == 0 && p[5]&0x8f == 0 && p[5]>>4 >= 4
		case lz4Legacy:
			n := binary.LittleEndian.Uint32(p[4:])
			return n > 0 && n < lz4LegacyBlock
		}
		return false
	},
	make: func() codec { return lz4s.Get().(*lz4Codec) },
}

const (
	lz4Frame  = 0x184d2204
	lz4Legacy = 0x184c2102

	lz4LegacyBlock = 9 << 20 // no block of a legacy frame, 8 MiB of it, is packed into so many bytes
)

var lz4s = sync.Pool{New: func() any { return &lz4Codec{z: lz4.NewReader(nil)} }}

type lz4Codec struct {
	in framed
	z  *lz4.Reader
}

func (c *lz4Codec) open(t *tape) error {
	c.in = framed{t: t, f: &lz4Walk{}}
	c.z.Reset(&c.in)
	return nil
}

func (c *lz4Codec) Read(p []byte) (int, error) {
	n, err := c.z.Read(p)
	if err == io.EOF {
		c.in.finish()
		return n, c.in.err
	}
	if err != nil && strings.Contains(err.Error(), "checksum") {
		err = errors.Join(errChecksum, err)
	}
	return n, err
}

func (c *lz4Codec) settle() {}

func (c *lz4Codec) free() {
	c.z.Reset(nil)
	lz4s.Put(c)
}

// An lz4Walk walks the blocks of a frame by their sizes.
type lz4Walk struct {
	begun, legacy, ended bool
	blockSum, frameSum   int64
}

func (w *lz4Walk) segment(t *tape) (int64, error) {
	if w.ended {
		return 0, nil
	}
	if !w.begun {
		w.begun = true
		return w.header(t.peek(7))
	}
	p := t.peek(4)
	if w.legacy && (len(p) == 0 || isLZ4Magic(p)) {
		return 0, endOfLegacy(t)
	}
	if len(p) < 4 {
		return 0, io.ErrUnexpectedEOF
	}
	n := binary.LittleEndian.Uint32(p)
	if w.legacy && n >= lz4LegacyBlock {
		return 0, nil // a legacy frame has no end mark: something else follows
	}
	if n == 0 {
		w.ended = true
		return 4 + w.frameSum, nil
	}
	return 4 + int64(n&0x7fffffff) + w.blockSum, nil
}

func (w *lz4Walk) header(p []byte) (int64, error) {
	if len(p) < 7 {
		return 0, io.ErrUnexpectedEOF
	}
	if binary.LittleEndian.Uint32(p) == lz4Legacy {
		w.legacy = true
		return 4, nil
	}
	flags := p[4]
	n := int64(7)
	if flags&8 != 0 {
		n += 8
	}
	if flags&1 != 0 {
		n += 4
	}
	if flags&16 != 0 {
		w.blockSum = 4
	}
	if flags&4 != 0 {
		w.frameSum = 4
	}
	return n, nil
}

func isLZ4Magic(p []byte) bool {
	if len(p) < 4 {
		return false
	}
	v := binary.LittleEndian.Uint32(p)
	return v == lz4Frame || v == lz4Legacy || isSkippable(p)
}

func endOfLegacy(t *tape) error {
	if err := t.failure(); err != nil {
		return err
	}
	return nil
}
