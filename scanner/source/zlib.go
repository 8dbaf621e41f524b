package source

import (
	"bufio"
	"errors"
	"io"

	"github.com/klauspost/compress/zlib"
)

// zlib, RFC 1950. Two bytes that also begin many a text are not enough, so it
// is taken for zlib only if a trial decode holds (see identify).
var zlibKind = &codecKind{
	name: "zlib",
	match: func(p []byte) bool {
		return len(p) >= 6 && p[0]&0x0f == 8 && p[0]>>4 <= 7 && p[1]&0x20 == 0 && (int(p[0])<<8+int(p[1]))%31 == 0
	},
	make: func() codec { return &zlibCodec{in: bufio.NewReaderSize(nil, 16<<10)} },
}

type zlibCodec struct {
	t  *tape
	in *bufio.Reader
	z  io.Reader
}

func (c *zlibCodec) open(t *tape) error {
	c.t = t
	c.in.Reset(t)
	z, err := zlib.NewReader(c.in)
	c.z = z
	return early(err)
}

func (c *zlibCodec) settle() {
	c.t.rewind(c.t.offset() - int64(c.in.Buffered()))
	c.in.Reset(nil)
}

func (c *zlibCodec) free() {}

func (c *zlibCodec) Read(p []byte) (int, error) {
	n, err := c.z.Read(p)
	if errors.Is(err, zlib.ErrChecksum) {
		err = errChecksum
	}
	return n, err
}
