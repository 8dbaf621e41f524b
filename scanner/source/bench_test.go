package source

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// lines are like audit events: much alike, never the same.
func lines(n int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, `{"kind":"Event","level":"Metadata","auditID":"%08x-%04x","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/ns%d/pods/pod-%d","verb":"get","user":{"username":"system:serviceaccount:ns%d:default"},"responseStatus":{"code":%d}}`+"\n",
			i*2654435761, i%65536, i%17, i*31%1009, i%17, 200+i%3)
	}
	return b.Bytes()
}

// benchmark reads data from a file; MB/s are those of the text.
func benchmark(b *testing.B, data []byte, text int) {
	name := filepath.Join(b.TempDir(), "f")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 256<<10)
	in := Input{Path: "f", Size: int64(len(data)), name: name}
	b.SetBytes(int64(text))
	b.ReportAllocs()
	for b.Loop() {
		err := in.Streams(context.Background(), Options{}, func(s *Stream) error {
			_, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{s}, buf)
			return err
		}, func(*Member) {})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlain(b *testing.B) { d := lines(16 << 20); benchmark(b, d, len(d)) }
func BenchmarkGzip(b *testing.B)  { d := lines(16 << 20); benchmark(b, gz(b, d), len(d)) }
func BenchmarkZstd(b *testing.B)  { d := lines(16 << 20); benchmark(b, zst(b, d), len(d)) }

func BenchmarkTarGzip(b *testing.B) {
	d := lines(16 << 20)
	benchmark(b, gz(b, tarOf(b, file{"a", d})), len(d))
}

func BenchmarkManySmallMembers(b *testing.B) {
	var files []file
	d := lines(1000)
	for i := range 1000 {
		files = append(files, file{fmt.Sprint("f", i), d})
	}
	benchmark(b, tarOf(b, files...), 1000*len(d))
}
