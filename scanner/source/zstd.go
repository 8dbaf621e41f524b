package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Zstandard, RFC 8878. Skippable frames (section 3.1.2) may come first.
var zstdKind = &codecKind{
	name: "zstd", magic: "\x28\xb5\x2f\xfd", resync: true,
	match: func(p []byte) bool {
		if len(p) >= 8 && isSkippable(p) {
			return true
		}
		return len(p) >= 5 && string(p[:4]) == "\x28\xb5\x2f\xfd" && p[4]&0x08 == 0
	},
	make:   func() codec { return new(zstdCodec) },
	extent: zstdExtent, unpack: unzstd,
}

// isSkippable recognises the frames that zstd and lz4 share.
func isSkippable(p []byte) bool {
	return len(p) >= 4 && p[0]&0xf0 == 0x50 && p[1] == 0x2a && p[2] == 0x4d && p[3] == 0x18
}

// zstds holds decoders. Concurrency 1 means that they have no goroutines, so
// one that the pool drops needs no Close.
var zstds = sync.Pool{New: func() any {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(maxWindow))
	if err != nil {
		return err
	}
	return d
}}

type zstdCodec struct {
	in  framed
	d   *zstd.Decoder
	win uint64
	skp int64 // bytes of the frame, if it is a skippable one
}

func (c *zstdCodec) open(t *tape) error {
	prefix := t.peek(18)
	if isSkippable(prefix) {
		c.skp = 8
		if len(prefix) >= 8 {
			c.skp += int64(binary.LittleEndian.Uint32(prefix[4:]))
		}
		c.in = framed{t: t, f: &skippable{}}
		return nil
	}
	c.skp = 0
	f := new(zstdFrame)
	if _, err := f.header(prefix); err != nil {
		return err
	}
	if f.window > maxWindow {
		return &errWindow{f.window, maxWindow}
	}
	if f.dictionary != 0 {
		return &errUnsupported{fmt.Sprintf("zstd: it was compressed with a dictionary, of the id %d", f.dictionary),
			"decompress it by hand with that dictionary (zstd -d -D FILE) and scan the result"}
	}
	c.in, c.win = framed{t: t, f: f}, f.window
	if c.d == nil {
		d, ok := zstds.Get().(*zstd.Decoder)
		if !ok {
			return errors.New("zstd: the decoder cannot be made")
		}
		c.d = d
	}
	return c.d.Reset(&c.in)
}

func (c *zstdCodec) Read(p []byte) (int, error) {
	if c.skp > 0 {
		c.in.finish()
		return 0, c.in.err
	}
	n, err := c.d.Read(p)
	switch {
	case err == io.EOF:
		c.in.finish()
		err = c.in.err
	case errors.Is(err, zstd.ErrCRCMismatch):
		err = errChecksum
	case err != nil && c.in.err != nil && c.in.err != io.EOF:
		err = c.in.err // the tape ends, or a block has no right header
	case err != nil:
		err = errZstdData
	}
	return n, err
}

// errZstdData stands for what the decoder says of damage. Its words depend on the
// frames that it has decoded before, for those decide how large its buffers are,
// and the same evidence must give the same report.
var errZstdData = errors.New("zstd: a block cannot be decoded")

// settle leaves the tape where the decoder was: it reads no byte too many.
func (c *zstdCodec) settle()        {}
func (c *zstdCodec) window() uint64 { return c.win }
func (c *zstdCodec) skipped() int64 { return c.skp }

func (c *zstdCodec) free() {
	if c.d != nil && c.d.Reset(nil) == nil {
		zstds.Put(c.d)
	}
	c.d = nil
}

// A skippable frames a skippable frame: magic, length, that many bytes.
type skippable struct{ done bool }

func (s *skippable) segment(t *tape) (int64, error) {
	if s.done {
		return 0, nil
	}
	s.done = true
	p := t.peek(8)
	if len(p) < 8 {
		return 0, io.ErrUnexpectedEOF
	}
	return 8 + int64(binary.LittleEndian.Uint32(p[4:])), nil
}

// A zstdFrame walks the blocks of a frame by their headers.
type zstdFrame struct {
	stage      zstdStage
	checksum   bool
	window     uint64
	dictionary uint32 // its id; 0: none is needed
}

type zstdStage int

const (
	zstdHeader zstdStage = iota
	zstdBlock
	zstdSum
	zstdEnd
)

var errZstdBlock = errors.New("zstd: reserved block type")

func (f *zstdFrame) segment(t *tape) (int64, error) {
	switch f.stage {
	case zstdHeader:
		n, err := f.header(t.peek(18))
		f.stage = zstdBlock
		return n, err
	case zstdBlock:
		return f.block(t.peek(3))
	case zstdSum:
		f.stage = zstdEnd
		return 4, nil
	}
	return 0, nil
}

// header reads a frame header, section 3.1.1.1, and returns its length.
func (f *zstdFrame) header(p []byte) (int64, error) {
	if len(p) < 5 {
		return 0, io.ErrUnexpectedEOF
	}
	d := p[4]
	f.checksum = d&4 != 0
	single := d&0x20 != 0
	n := 5
	if !single {
		n++
	}
	id := n
	n += [4]int{0, 1, 2, 4}[d&3]
	size := [4]int{0, 2, 4, 8}[d>>6]
	if single && size == 0 {
		size = 1
	}
	if len(p) < n+size {
		return 0, io.ErrUnexpectedEOF
	}
	var dictionary [4]byte
	copy(dictionary[:], p[id:n])
	f.dictionary = binary.LittleEndian.Uint32(dictionary[:])
	if single {
		var b [8]byte
		copy(b[:], p[n:n+size])
		f.window = binary.LittleEndian.Uint64(b[:])
	} else {
		base := uint64(1) << (10 + p[5]>>3)
		f.window = base + base/8*uint64(p[5]&7)
	}
	return int64(n + size), nil
}

// block returns the length of a block with its header, section 3.1.1.2.
func (f *zstdFrame) block(p []byte) (int64, error) {
	if len(p) < 3 {
		return 0, io.ErrUnexpectedEOF
	}
	v := int64(p[0]) | int64(p[1])<<8 | int64(p[2])<<16
	if v&1 != 0 {
		f.stage = zstdEnd
		if f.checksum {
			f.stage = zstdSum
		}
	}
	switch v >> 1 & 3 {
	case 1:
		return 3 + 1, nil
	case 3:
		return 0, errZstdBlock
	}
	return 3 + v>>3, nil
}
