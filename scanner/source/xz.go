package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/ulikunitz/xz"
)

// xz, "The .xz File Format" 1.2.1. A stream header has a CRC of its own,
// which together with the magic number is proof.
var xzKind = &codecKind{
	name: "xz", magic: "\xfd7zXZ\x00", resync: true, certain: true,
	match: isXz,
	make:  func() codec { return new(xzCodec) },
}

func isXz(p []byte) bool {
	return len(p) >= 12 && string(p[:6]) == "\xfd7zXZ\x00" &&
		crc32.ChecksumIEEE(p[6:8]) == binary.LittleEndian.Uint32(p[8:])
}

type xzCodec struct {
	in   framed
	walk xzStream
	z    io.Reader
}

func (c *xzCodec) open(t *tape) error {
	c.walk = xzStream{}
	c.in = framed{t: t, f: &c.walk}
	// The library opens lazily nothing but the header, so what the first block
	// asks for is checked by the framer before the library sees it.
	z, err := xz.ReaderConfig{SingleStream: true}.NewReader(&c.in)
	c.z = z
	return early(err)
}

func (c *xzCodec) Read(p []byte) (int, error) {
	n, err := c.z.Read(p)
	if err == io.EOF {
		c.in.finish()
		err = c.in.err
	} else if err != nil && c.in.err != nil && c.in.err != io.EOF {
		err = c.in.err // the framer knows better why
	}
	return n, err
}

func (c *xzCodec) settle()        {}
func (c *xzCodec) free()          {}
func (c *xzCodec) window() uint64 { return c.walk.dict }

// An xzStream walks a stream: header, blocks of LZMA2 chunks, index, footer.
type xzStream struct {
	stage   xzStage
	check   int64  // bytes of a block's checksum
	block   int64  // bytes of the block so far, for its padding
	dict    uint64 // largest dictionary of a block so far
	records uint64
	index   int64 // bytes of the index so far
}

type xzStage int

const (
	xzHeader xzStage = iota
	xzBlock
	xzChunk
	xzRecord
	xzFooter
	xzEnd
)

var (
	errXzHeader = errors.New("xz: damaged header")
	errXzFilter = errors.New("xz: a filter other than LZMA2")
)

func (s *xzStream) segment(t *tape) (int64, error) {
	switch s.stage {
	case xzHeader:
		return s.header(t.peek(12))
	case xzBlock:
		return s.blockOrIndex(t)
	case xzChunk:
		return s.chunk(t.peek(6))
	case xzRecord:
		return s.record(t.peek(20))
	case xzFooter:
		s.stage = xzEnd
		return 12, nil
	}
	return 0, nil
}

func (s *xzStream) header(p []byte) (int64, error) {
	if len(p) < 12 {
		return 0, io.ErrUnexpectedEOF
	}
	if !isXz(p) {
		return 0, errXzHeader
	}
	s.check = [16]int64{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}[p[7]&15]
	s.stage = xzBlock
	return 12, nil
}

func (s *xzStream) blockOrIndex(t *tape) (int64, error) {
	p := t.peek(1024)
	if len(p) == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	if p[0] == 0 {
		n, width := binary.Uvarint(p[1:min(len(p), 10)])
		if width <= 0 {
			return 0, io.ErrUnexpectedEOF
		}
		s.records, s.index, s.stage = n, int64(1+width), xzRecord
		return s.index, nil
	}
	size := (int(p[0]) + 1) * 4
	if len(p) < size {
		return 0, io.ErrUnexpectedEOF
	}
	if crc32.ChecksumIEEE(p[:size-4]) != binary.LittleEndian.Uint32(p[size-4:]) {
		return 0, errXzHeader
	}
	dict, err := xzFilters(p[:size-4])
	if err != nil {
		return 0, err
	}
	s.dict = max(s.dict, dict)
	s.block, s.stage = int64(size), xzChunk
	return int64(size), nil
}

// xzFilters checks a block header, section 3.1: one filter, LZMA2, with a
// dictionary that we can afford or data that fits what we can afford.
func xzFilters(p []byte) (dict uint64, err error) {
	flags, rest := p[1], p[2:]
	size := uint64(1<<64 - 1)
	varint := func() uint64 {
		v, n := binary.Uvarint(rest)
		rest = rest[max(0, min(n, len(rest))):]
		return v
	}
	if flags&0x40 != 0 {
		varint()
	}
	if flags&0x80 != 0 {
		size = varint()
	}
	id, props := varint(), varint()
	if flags&3 != 0 || id != 0x21 || props != 1 || len(rest) < 1 {
		return 0, errXzFilter
	}
	bits := rest[0]
	if bits > 40 {
		return 0, fmt.Errorf("%w: dictionary size %d", errXzHeader, bits)
	}
	dict = uint64(2|bits&1) << (bits/2 + 11)
	if min(dict, size) > maxWindow {
		return 0, &errWindow{dict, maxWindow}
	}
	return min(dict, size), nil
}

// chunk returns the length of an LZMA2 chunk. The end marker brings the
// block's padding and checksum with it.
func (s *xzStream) chunk(p []byte) (int64, error) {
	if len(p) == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	var n int64
	switch control := p[0]; {
	case control == 0:
		s.stage = xzBlock
		s.block++
		return 1 + (-s.block)&3 + s.check, nil
	case control < 0x80 && len(p) >= 3:
		n = 3 + int64(binary.BigEndian.Uint16(p[1:])) + 1
	case control >= 0x80 && len(p) >= 5:
		n = 5 + int64(binary.BigEndian.Uint16(p[3:])) + 1
		if control >= 0xc0 {
			n++
		}
	default:
		return 0, io.ErrUnexpectedEOF
	}
	s.block += n
	return n, nil
}

// record returns the length of an index record, or of the index's end.
func (s *xzStream) record(p []byte) (int64, error) {
	if s.records == 0 {
		s.stage = xzFooter
		return (-s.index)&3 + 4, nil
	}
	s.records--
	_, a := binary.Uvarint(p)
	if a <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	_, b := binary.Uvarint(p[a:])
	if b <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	s.index += int64(a + b)
	return int64(a + b), nil
}
