package inflate

import (
	"bytes"
	stdgzip "compress/gzip"
	"io"
	"os"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// BenchmarkGzip decodes a file named by INFLATE_BENCH, or the log of the tests,
// with each of three decoders.
func BenchmarkGzip(b *testing.B) {
	var data []byte
	if name := os.Getenv("INFLATE_BENCH"); name != "" {
		var err error
		if data, err = os.ReadFile(name); err != nil {
			b.Fatal(err)
		}
	} else {
		data = gzipped(b, bytes.Repeat(texts()["log"], 4), 6)
	}
	var g Gzip
	in := bytes.NewReader(nil)
	std, other := new(stdgzip.Reader), new(gzip.Reader)
	for _, bench := range []struct {
		name string
		open func() (io.Reader, error)
	}{
		{"ours", func() (io.Reader, error) { return &g, g.Reset(in) }},
		{"klauspost", func() (io.Reader, error) { return other, other.Reset(in) }},
		{"standard", func() (io.Reader, error) { return std, std.Reset(in) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			buf := make([]byte, 256<<10)
			b.ReportAllocs()
			for b.Loop() {
				in.Reset(data)
				r, err := bench.open()
				if err != nil {
					b.Fatal(err)
				}
				total := int64(0)
				for err == nil {
					var n int
					n, err = r.Read(buf)
					total += int64(n)
				}
				if err != io.EOF {
					b.Fatal(err)
				}
				b.SetBytes(total)
			}
		})
	}
}
