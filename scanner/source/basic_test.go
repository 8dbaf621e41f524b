package source

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryCodecIsToldByItsContent(t *testing.T) {
	line := []byte("hello from bzip2\n")
	for _, c := range []struct {
		codec string
		data  []byte
	}{
		{"", line},
		{"gzip", gz(t, line)},
		{"zstd", zst(t, line)},
		{"xz", xzPack(t, line)},
		{"bzip2", bz},
		{"lz4", lz4Pack(t, line)},
		{"zlib", zlibPack(t, line)},
		{"snappy", snappyPack(t, line)},
		{"gzip zstd xz", gz(t, zst(t, xzPack(t, line)))},
	} {
		t.Run(c.codec, func(t *testing.T) {
			r := readPipe(t, c.data, Options{})
			if diff := cmp.Diff([]stream{{path: "in", codecs: c.codec, text: string(line)}}, r.streams, cmp.AllowUnexported(stream{})); diff != "" {
				t.Error(diff)
			}
			if len(r.members) != 1 || len(r.codes()) != 0 {
				t.Fatalf("members %+v", r.members)
			}
			m := r.members[0]
			if want := fmt.Sprintf("%x", sha256.Sum256(c.data)); m.SHA256 != want || m.Size != int64(len(c.data)) || m.Expanded != int64(len(line)) {
				t.Errorf("member %+v, want sha256 %s, size %d, expanded %d", m, want, len(c.data), len(line))
			}
		})
	}
}

func TestArchivesNestInAnyOrder(t *testing.T) {
	line := []byte("one line\n")
	inner := map[string]func([]byte) []byte{
		"tar": func(b []byte) []byte { return tarOf(t, file{"a", b}) },
		"zip": func(b []byte) []byte { return zipOf(t, file{"a", b}) },
		"gz":  func(b []byte) []byte { return gz(t, b) },
		"zst": func(b []byte) []byte { return zst(t, b) },
		"xz":  func(b []byte) []byte { return xzPack(t, b) },
	}
	for x, fx := range inner {
		for y, fy := range inner {
			for z, fz := range inner {
				r := readPipe(t, fx(fy(fz(line))), Options{})
				if r.text() != string(line) || len(r.codes()) != 0 || len(r.streams) != 1 {
					t.Errorf("%s of %s of %s: %q %v", x, y, z, r.text(), r.codes())
				}
			}
		}
	}
}
