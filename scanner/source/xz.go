package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"tideline/scanner/source/lzma"
)

// xz, "The .xz File Format" 1.2.1. A stream header has a CRC of its own,
// which together with the magic number is proof.
var xzKind = &codecKind{
	name: "xz", magic: "\xfd7zXZ\x00", resync: true, certain: true,
	match: isXz,
	make:  func() codec { return new(xzCodec) },
}

func isXz(p []byte) bool {
	return len(p) >= xzHead && string(p[:6]) == "\xfd7zXZ\x00" &&
		crc32.ChecksumIEEE(p[6:8]) == binary.LittleEndian.Uint32(p[8:])
}

const xzHead = 12 // bytes of the header of a stream, and of its footer

// An xzCodec reads a stream: header, blocks of LZMA2, index, footer.
//
// A block that is not what was compressed does not end it: those behind it are
// read, and the error is told at the end. Nor does one that cannot be decoded, if
// it says how long it is.
type xzCodec struct {
	t      *tape
	z      lzma.Decoder
	stage  xzStage
	flags  [2]byte // of the stream
	dict   uint64  // largest dictionary of a block so far
	block  xzBlock
	blocks xzIndex // as they were read
	bad    bool    // a block's checksum is wrong
	broken bool    // a block could not be decoded, so the index tells of more than was read
}

type xzStage int

const (
	xzBetween xzStage = iota // before a block or the index
	xzInside
	xzEnd
)

// An xzBlock is the block that is being read.
type xzBlock struct {
	head         int64 // bytes of its header
	start        int64 // of its data
	packed, size int64 // as its header says; -1 if it does not
	got          int64
	sum          hash.Hash // nil: none, or none that is known
	check        int64     // bytes of its checksum
}

var (
	errXzHeader = errors.New("xz: damaged header")
	errXzFilter = &errUnsupported{"xz: a filter other than LZMA2", "decompress it by hand and scan the result"}
	errXzBlock  = errors.New("xz: a block is not as long as it says")
	errXzIndex  = errors.New("xz: the index does not tell of the blocks that were read")
	errXzFooter = errors.New("xz: damaged footer")
)

func (c *xzCodec) open(t *tape) error {
	p := t.peek(xzHead)
	if len(p) < xzHead {
		return io.ErrUnexpectedEOF
	}
	if !isXz(p) {
		return errXzHeader
	}
	c.t, c.stage, c.flags, c.dict = t, xzBetween, [2]byte(p[6:8]), 0
	c.bad, c.broken = false, false
	c.blocks.reset()
	t.skip(xzHead)
	return nil
}

func (c *xzCodec) Read(p []byte) (n int, err error) {
	for n == 0 && err == nil && len(p) > 0 {
		switch c.stage {
		case xzBetween:
			err = c.begin()
		case xzInside:
			n, err = c.inside(p)
		case xzEnd:
			if c.bad {
				return 0, errChecksum
			}
			return 0, io.EOF
		}
	}
	return n, err
}

// inside reads the block.
func (c *xzCodec) inside(p []byte) (int, error) {
	n, err := c.z.Read(p)
	c.block.got += int64(n)
	if c.block.sum != nil {
		c.block.sum.Write(p[:n])
	}
	if err == io.EOF {
		err = c.finish()
	}
	return n, err
}

// finish reads what follows the data of a block.
func (c *xzCodec) finish() error {
	b := &c.block
	packed := c.t.offset() - b.start
	if b.packed >= 0 && b.packed != packed || b.size >= 0 && b.size != b.got {
		return errXzBlock
	}
	pad := -packed & 3
	rest := c.t.peek(int(pad + b.check))
	if int64(len(rest)) < pad+b.check {
		return io.ErrUnexpectedEOF
	}
	if len(bytes.Trim(rest[:pad], "\x00")) > 0 {
		return errXzBlock
	}
	c.bad = c.bad || b.sum != nil && !bytes.Equal(b.sum.Sum(nil), xzSumBytes(b.check, rest[pad:]))
	c.t.skip(pad + b.check)
	c.blocks.add(uint64(b.head+packed+b.check), uint64(b.got))
	c.stage = xzBetween
	return nil
}

// begin reads the header of a block, or the index and all behind it.
func (c *xzCodec) begin() error {
	p := c.t.peek(1024)
	if len(p) == 0 {
		return io.ErrUnexpectedEOF
	}
	if p[0] == 0 {
		c.stage = xzEnd
		return c.blocks.verify(c.t, c.flags, c.broken)
	}
	size := (int(p[0]) + 1) * 4
	if len(p) < size {
		return io.ErrUnexpectedEOF
	}
	if !isXzPart(p) {
		return errXzHeader
	}
	b, dict, err := xzBlockOf(p[:size-4])
	if err != nil {
		return err
	}
	c.t.skip(int64(size))
	b.head, b.start = int64(size), c.t.offset()
	b.sum, b.check = xzSum(c.flags[1])
	c.block, c.stage, c.dict = b, xzInside, max(c.dict, dict)
	c.z.Reset(c.t, dict)
	return nil
}

// xzBlockOf reads a block header, section 3.1: one filter, LZMA2, with a
// dictionary that we can afford or data that fits what we can afford.
func xzBlockOf(p []byte) (b xzBlock, dict uint64, err error) {
	const hasPacked, hasSize, moreFilters, lzma2, mostBits = 0x40, 0x80, 3, 0x21, 40
	flags, rest := p[1], p[2:]
	varint := func() uint64 {
		v, n := binary.Uvarint(rest)
		rest = rest[max(0, min(n, len(rest))):]
		return v
	}
	size := uint64(1<<64 - 1)
	b.packed, b.size = -1, -1
	if flags&hasPacked != 0 {
		b.packed = int64(varint() &^ (1 << 63))
	}
	if flags&hasSize != 0 {
		size = varint()
		b.size = int64(size &^ (1 << 63))
	}
	id, props := varint(), varint()
	if flags&moreFilters != 0 || id != lzma2 || props != 1 || len(rest) < 1 {
		return b, 0, errXzFilter
	}
	bits := rest[0]
	if bits > mostBits {
		return b, 0, fmt.Errorf("%w: dictionary size %d", errXzHeader, bits)
	}
	dict = uint64(2|bits&1) << (bits/2 + 11)
	if min(dict, size) > maxWindow {
		return b, 0, &errWindow{dict, maxWindow}
	}
	return b, min(dict, size), nil
}

// resume goes on behind a block that is damaged and says how long it is, as
// those do that were packed by several threads.
func (c *xzCodec) resume() bool {
	b := &c.block
	if c.stage != xzInside || b.packed < 0 {
		return false
	}
	failed, next := c.t.offset(), b.start+b.packed+(-b.packed&3)+b.check
	c.t.rewind(min(next, failed))
	c.t.skip(next - c.t.offset())
	if c.t.offset() != next || !isXzPart(c.t.peek(1024)) {
		c.t.rewind(failed)
		return false
	}
	c.stage, c.broken = xzBetween, true
	return true
}

// isXzPart reports whether a block or an index begins here.
func isXzPart(p []byte) bool {
	if len(p) == 0 || p[0] == 0 {
		return len(p) > 0
	}
	size := (int(p[0]) + 1) * 4
	return len(p) >= size && crc32.ChecksumIEEE(p[:size-4]) == binary.LittleEndian.Uint32(p[size-4:])
}

// settle gives back what was read of a chunk and not decoded.
func (c *xzCodec) settle() {
	if c.stage == xzInside {
		c.t.rewind(c.t.offset() - int64(c.z.Unused()))
	}
}

func (c *xzCodec) free() {}

func (c *xzCodec) window() uint64 { return c.dict }
