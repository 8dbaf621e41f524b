package inflate

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// ErrChecksum says that a member was decoded to its end and is not what was
// compressed: its checksum or length differ.
var ErrChecksum = errors.New("inflate: the checksum of a gzip member does not match")

// A Gzip reads one gzip member. It is not for concurrent use.
type Gzip struct {
	Decoder
	crc  uint32
	size uint32
	end  error // of the member

	field [10]byte // of header or trailer
	sum   uint32   // of the header
}

// Reset begins the member that src is at; its error is that of the header.
func (g *Gzip) Reset(src io.Reader) error {
	g.Decoder.Reset(src)
	g.crc, g.size, g.end = 0, 0, nil
	if g.end = g.header(); g.end == nil {
		g.begin()
	}
	return g.end
}

// Read decodes into p. io.EOF means that the member is whole.
func (g *Gzip) Read(p []byte) (int, error) {
	if g.end != nil {
		return 0, g.end
	}
	n, err := g.Decoder.Read(p)
	g.crc = crc32.Update(g.crc, crc32.IEEETable, p[:n])
	g.size += uint32(n)
	if err == io.EOF {
		err = g.trailer()
	}
	g.end = err
	return n, err
}

// Flags of a header.
const (
	headerCRC = 1 << 1
	extra     = 1 << 2
	name      = 1 << 3
	comment   = 1 << 4
)

// header reads the header of RFC 1952 section 2.3.
func (g *Gzip) header() error {
	g.sum = 0
	h := &g.field
	if err := g.bytes(h[:]); err != nil {
		return err
	}
	if h[0] != 0x1f || h[1] != 0x8b || h[2] != 8 {
		return corrupt("no gzip header")
	}
	if h[3]&extra != 0 {
		if err := g.bytes(h[:2]); err != nil {
			return err
		}
		for left := int(binary.LittleEndian.Uint16(h[:2])); left > 0; {
			n := min(left, 6)
			if err := g.bytes(h[4 : 4+n]); err != nil {
				return err
			}
			left -= n
		}
	}
	for _, flag := range []byte{name, comment} {
		if h[3]&flag != 0 {
			if err := g.text(); err != nil {
				return err
			}
		}
	}
	if h[3]&headerCRC != 0 {
		want := uint16(g.sum)
		if err := g.bytes(h[:2]); err != nil {
			return err
		}
		if binary.LittleEndian.Uint16(h[:2]) != want {
			return corrupt("the checksum of a gzip header does not match")
		}
	}
	return nil
}

// text skips a text of the header.
func (g *Gzip) text() error {
	for {
		if err := g.bytes(g.field[9:]); err != nil || g.field[9] == 0 {
			return err
		}
	}
}

// bytes reads whole bytes and adds them to the checksum of the header.
func (g *Gzip) bytes(p []byte) error {
	for i := range p {
		if err := g.need(8); err != nil {
			return err
		}
		p[i] = byte(g.take(8))
	}
	g.sum = crc32.Update(g.sum, crc32.IEEETable, p)
	return nil
}

// trailer reads checksum and length, and returns io.EOF if they hold.
func (g *Gzip) trailer() error {
	g.take(g.nbits & 7)
	t := g.field[:8]
	if err := g.bytes(t); err != nil {
		return err
	}
	if binary.LittleEndian.Uint32(t) != g.crc || binary.LittleEndian.Uint32(t[4:]) != g.size {
		return ErrChecksum
	}
	return io.EOF
}
