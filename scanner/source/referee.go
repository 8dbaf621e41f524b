package source

import (
	"bufio"
	"errors"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// The names of Options.Inflate.
const (
	InflateOwn       = "own"       // package inflate, the default
	InflateKlauspost = "klauspost" // github.com/klauspost/compress, the referee
)

// decoder makes the codec of a kind, by the decoder that the options name.
func (o *Options) decoder(kind *codecKind) codec {
	if o.Inflate == InflateKlauspost {
		switch kind {
		case gzipKind:
			return &refereeCodec{in: bufio.NewReaderSize(nil, 32<<10), start: newGzipReferee}
		case deflateKind:
			return &refereeCodec{in: bufio.NewReaderSize(nil, 32<<10), start: newDeflateReferee}
		}
	}
	return kind.make()
}

// A refereeCodec is gzip or deflate by klauspost/compress: what to hold our own
// against when a result is doubted. Before damage it may deliver fewer bytes.
type refereeCodec struct {
	t     *tape
	in    *bufio.Reader
	start func(*bufio.Reader) (io.Reader, error)
	z     io.Reader
}

func newGzipReferee(in *bufio.Reader) (io.Reader, error) {
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, early(err)
	}
	z.Multistream(false) // the layer above strings members together
	return z, nil
}

func newDeflateReferee(in *bufio.Reader) (io.Reader, error) { return flate.NewReader(in), nil }

func (c *refereeCodec) open(t *tape) (err error) {
	c.t = t
	c.in.Reset(t)
	c.z, err = c.start(c.in)
	return err
}

func (c *refereeCodec) Read(p []byte) (int, error) {
	n, err := c.z.Read(p)
	if errors.Is(err, gzip.ErrChecksum) {
		err = errChecksum
	}
	return n, err
}

func (c *refereeCodec) settle() {
	c.t.rewind(c.t.offset() - int64(c.in.Buffered()))
	c.in.Reset(nil)
}

func (c *refereeCodec) free() {}
