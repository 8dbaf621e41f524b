package source

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"tideline/scanner/source/deflate64"
	"tideline/scanner/source/inflate"
)

// gzip, RFC 1952. The header is sound when the method is deflate, none of the
// reserved flags is set, and a name or comment it announces has an end.
var gzipKind = &codecKind{
	name: "gzip", magic: "\x1f\x8b\x08", resync: true,
	match: func(p []byte) bool {
		return len(p) >= 4 && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8 && p[3]&0xe0 == 0 && gzipTextEnds(p)
	},
	make:   func() codec { return gzips.Get().(*gzipCodec) },
	extent: bgzfExtent, unpack: gunzip,
}

// gzipTextEnds reports whether name and comment are terminated, as far as p
// goes; where p is short of the header, only a decoder can tell.
func gzipTextEnds(p []byte) bool {
	const extra, text, header = 4, 8 | 16, 10
	if p[3]&text == 0 || p[3]&extra != 0 || len(p) < 2*header {
		return true
	}
	return bytes.IndexByte(p[header:], 0) >= 0
}

var gzips = sync.Pool{New: func() any { return new(gzipCodec) }}

// A gzipCodec reads the tape in pieces; settle takes back what was read ahead.
type gzipCodec struct {
	t *tape
	z inflate.Gzip
}

func (c *gzipCodec) open(t *tape) error {
	c.t = t
	return c.z.Reset(t)
}

func (c *gzipCodec) Read(p []byte) (int, error) {
	n, err := c.z.Read(p)
	if errors.Is(err, inflate.ErrChecksum) {
		err = errChecksum
	}
	return n, err
}

func (c *gzipCodec) settle() { c.t.rewind(c.t.offset() - int64(c.z.Buffered())) }

func (c *gzipCodec) free() {
	c.t = nil
	c.z.Decoder.Reset(nil)
	gzips.Put(c)
}

// early is err for a header that is cut off.
func early(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// deflate alone, RFC 1951, as zip members have it, and Deflate64. Neither can be recognised.
var (
	deflateKind = &codecKind{
		name: "deflate", match: func([]byte) bool { return false },
		make: func() codec { return &deflateCodec{z: new(inflate.Decoder)} },
	}
	deflate64Kind = &codecKind{
		name: "deflate64", match: func([]byte) bool { return false },
		make: func() codec { return &deflateCodec{z: new(deflate64.Decoder)} },
	}
)

type deflateCodec struct {
	t *tape
	z interface {
		io.Reader
		Reset(io.Reader)
		Buffered() int
	}
}

func (c *deflateCodec) open(t *tape) error {
	c.t = t
	c.z.Reset(t)
	return nil
}

func (c *deflateCodec) Read(p []byte) (int, error) { return c.z.Read(p) }
func (c *deflateCodec) settle()                    { c.t.rewind(c.t.offset() - int64(c.z.Buffered())) }
func (c *deflateCodec) free()                      {}
