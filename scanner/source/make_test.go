package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// A file is a member to be put into an archive.
type file struct {
	name string
	data []byte
}

func packWith(t testing.TB, data []byte, open func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := open(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gz(t testing.TB, data []byte) []byte {
	return packWith(t, data, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
}

func zst(t testing.TB, data []byte) []byte {
	return packWith(t, data, func(w io.Writer) (io.WriteCloser, error) {
		return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	})
}

func xzPack(t testing.TB, data []byte) []byte {
	return packWith(t, data, func(w io.Writer) (io.WriteCloser, error) { return xz.WriterConfig{DictCap: 1 << 16}.NewWriter(w) })
}

func lz4Pack(t testing.TB, data []byte) []byte {
	return packWith(t, data, func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil })
}

func zlibPack(t testing.TB, data []byte) []byte {
	return packWith(t, data, func(w io.Writer) (io.WriteCloser, error) { return zlib.NewWriter(w), nil })
}

func snappyPack(t testing.TB, data []byte) []byte {
	return packWith(t, data, func(w io.Writer) (io.WriteCloser, error) {
		return s2.NewWriter(w, s2.WriterSnappyCompat(), s2.WriterConcurrency(1)), nil
	})
}

// bz is bzip2 -9 of "hello from bzip2\n": Go has no writer for it.
var bz = []byte{
	0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0x55, 0xe9, 0xaf, 0xe5,
	0x00, 0x00, 0x03, 0xd9, 0x80, 0x00, 0x10, 0x40, 0x00, 0x10, 0x00, 0x13, 0x66, 0xd0,
	0x10, 0x20, 0x00, 0x22, 0x9a, 0x32, 0x69, 0xe9, 0x1f, 0xa8, 0x40, 0x00, 0x0d, 0x2a,
	0xf4, 0x26, 0xe0, 0xbf, 0x2c, 0x01, 0x62, 0xee, 0x48, 0xa7, 0x0a, 0x12, 0x0a, 0xbd,
	0x35, 0xfc, 0xa0,
}

func tarOf(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.data)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipOf(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		m, err := w.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A reading is all that Streams told about an input.
type reading struct {
	streams []stream
	members []Member
}

type stream struct {
	path, codecs, text string
	err                error
}

// readPipe reads data as if it came from standard input.
func readPipe(t testing.TB, data []byte, o Options) reading {
	t.Helper()
	o.Stdin = bytes.NewReader(data)
	return readInput(t, Input{Path: "in", Size: -1}, o)
}

func readInput(t testing.TB, in Input, o Options) reading {
	t.Helper()
	var r reading
	err := in.Streams(context.Background(), o, func(s *Stream) error {
		text, err := io.ReadAll(s)
		r.streams = append(r.streams, stream{s.Path, strings.Join(s.Codecs, " "), string(text), err})
		return nil
	}, func(m *Member) { r.members = append(r.members, *m) })
	if err != nil {
		t.Fatalf("Streams: %v", err)
	}
	return r
}

func (r reading) text() string {
	var b strings.Builder
	for _, s := range r.streams {
		b.WriteString(s.text)
	}
	return b.String()
}

// codes lists the remarks: "path code" and "!" behind gaps.
func (r reading) codes() []string {
	var out []string
	for _, m := range r.members {
		for _, k := range m.Remarks {
			mark := ""
			if k.Gap {
				mark = "!"
			}
			out = append(out, fmt.Sprintf("%s %s%s", m.Path, k.Code, mark))
		}
	}
	return out
}

func (r reading) has(code string) bool {
	for _, m := range r.members {
		for _, k := range m.Remarks {
			if k.Code == code {
				return true
			}
		}
	}
	return false
}

func (r reading) gaps() bool {
	for _, c := range r.codes() {
		if strings.HasSuffix(c, "!") {
			return true
		}
	}
	return false
}
