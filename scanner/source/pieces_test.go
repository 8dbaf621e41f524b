//go:build unix

package source

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// noise is text that does not get smaller than a few pieces.
func noise() []byte {
	var b bytes.Buffer
	random := rand.New(rand.NewPCG(1, 2))
	for b.Len() < 20_000 {
		fmt.Fprintf(&b, "line %x\n", random.Uint64())
	}
	return b.Bytes()
}

// cut writes data in pieces of size bytes, the first of which has that name.
func cut(t *testing.T, dir, name string, data []byte, size int) (names []string) {
	t.Helper()
	for piece := range slices.Chunk(data, size) {
		if err := os.WriteFile(filepath.Join(dir, name), piece, 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
		if name = nextPiece(name); slices.Contains(names, name) || name == "" {
			t.Fatal("no next name")
		}
	}
	return names
}

// readAll reads whatever Find finds, and lists the paths of the inputs. told is what is
// said of pieces.
func readAll(t *testing.T, args ...string) (text string, paths, codes []string, told string) {
	t.Helper()
	err := Find(context.Background(), args, func(in Input) error {
		paths = append(paths, in.Path)
		r := readInput(t, in, Options{})
		text, codes = text+r.text(), append(codes, r.codes()...)
		for _, m := range r.members {
			for _, n := range m.Remarks {
				if n.Code == CodePieces {
					told += n.Reason
				}
			}
		}
		return nil
	}, func(s Skipped) { codes = append(codes, s.Code) })
	if err != nil {
		t.Fatal(err)
	}
	return text, paths, codes, told
}

// TestPiecesOfAnArchive: what split, 7-Zip and zip -s make of one archive is read as one.
func TestPiecesOfAnArchive(t *testing.T) {
	data := noise()
	packed, tarball, zipped := gz(t, data), tarOf(t, file{"a.log", data}), zipOf(t, file{"a.log", data})
	for _, c := range []struct {
		first string
		whole []byte
		path  string
	}{
		{"must-gather.tar.gz.part-aa", gz(t, tarball), "must-gather.tar.gz.part-aa"},
		{"xaa", packed, "xaa"},
		{"b.tar.00", tarball, "b.tar.00"},
		{"b.gz.01", packed, "b.gz.01"},
		{"c.zip.001", zipped, "c.zip.001"},
		{"c.z01", append([]byte("PK\x07\x08"), zipped...), "c.zip"},
	} {
		t.Run(c.first, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			names := cut(t, dir, c.first, c.whole, len(c.whole)/9+1)
			if last := names[len(names)-1]; c.path != c.first {
				if err := os.Rename(last, c.path); err != nil {
					t.Fatal(err)
				}
				names[len(names)-1] = c.path
			}
			reversed := slices.Clone(names)
			slices.Reverse(reversed)
			for way, args := range map[string][]string{
				"folder": {"."}, "all": names, "all in another order": reversed, "the one": {c.path}, "the one and the folder": {c.path, dir},
			} {
				text, paths, codes, told := readAll(t, args...)
				if text != string(data) {
					t.Errorf("%s: %d bytes of %d", way, len(text), len(data))
				}
				if want := filepath.Join(filepath.Dir(args[0]), c.path); len(paths) != 1 || filepath.Clean(paths[0]) != filepath.Clean(want) {
					t.Errorf("%s: inputs %v", way, paths)
				}
				if n := strings.Count(told, " sha256 "); n != len(names) || strings.Count(strings.Join(codes, " "), CodePieces) != 1 {
					t.Errorf("%s: %d of %d pieces are told of: %s, %v", way, n, len(names), told, codes)
				}
			}
		})
	}
}

// TestNoPieces: files whose names are a series and that are no pieces are read alone.
func TestNoPieces(t *testing.T) {
	data := noise()
	packed := gz(t, data)
	third := len(packed)/3 + 1
	for name, files := range map[string][]file{
		"a rotation set":          {{"a.gz.001", packed}, {"a.gz.002", packed}},
		"logs":                    {{"a.log.01", data[:9000]}, {"a.log.02", data[9000:18000]}, {"a.log.03", data[18000:]}},
		"pieces of several sizes": {{"a.gz.001", packed[:third]}, {"a.gz.002", packed[third : third+9]}, {"a.gz.003", packed[third+9:]}},
		"a larger last one":       {{"a.gz.001", packed[:third]}, {"a.gz.002", packed[third:]}},
		"an empty one":            {{"a.gz.001", packed}, {"a.gz.002", nil}},
		"one":                     {{"a.gz.001", packed}},
		"a zip and another file":  {{"a.z01", data}, {"a.zip", zipOf(t, file{"a.log", data})}},
	} {
		t.Chdir(t.TempDir())
		for _, f := range files {
			if err := os.WriteFile(f.name, f.data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, paths, codes, _ := readAll(t, ".")
		if len(paths) != len(files) || strings.Contains(strings.Join(codes, " "), CodePieces) {
			t.Errorf("%s: inputs %v, %v", name, paths, codes)
		}
	}
}

// TestPieceIsMissing: what is there is read, and the rest is no part of it.
func TestPieceIsMissing(t *testing.T) {
	data := noise()
	whole := gz(t, data)
	dir := t.TempDir()
	names := cut(t, dir, "a.gz.aa", whole, len(whole)/5+1)
	if err := os.Remove(filepath.Join(dir, names[2])); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	text, paths, codes, _ := readAll(t, ".")
	if len(paths) != 3 || !strings.HasPrefix(text, string(data[:len(data)/4])) || !strings.Contains(strings.Join(codes, " "), CodeTruncated+"!") {
		t.Errorf("%v %v, %d bytes", paths, codes, len(text))
	}
}

// TestPiecesApart: who remembers files one by one is given them so.
func TestPiecesApart(t *testing.T) {
	whole := gz(t, noise())
	dir := t.TempDir()
	names := cut(t, dir, "a.gz.aa", whole, len(whole)/5+1)
	var apart []string
	size := int64(0)
	err := Find(context.Background(), []string{dir}, func(in Input) error {
		for _, one := range in.Apart() {
			if one.Apart()[0].Path != one.Path {
				t.Errorf("%s is not one file", one.Path)
			}
			apart = append(apart, filepath.Base(one.Path))
			size += one.Size
		}
		return nil
	}, func(s Skipped) { t.Error(s) })
	if err != nil || !slices.Equal(apart, names) || size != int64(len(whole)) {
		t.Errorf("%v %d bytes, %v", apart, size, err)
	}
}

func TestNamesOfPieces(t *testing.T) {
	for _, name := range []string{"xaa", "a.7z.001", "a.00", "a.01", "a.part-aaa", "a_0000", "x00"} {
		if !startsSeries(name) {
			t.Errorf("%s begins no series", name)
		}
	}
	for _, name := range []string{"", "aa", "01", "a.1", "a.10", "audit.log-20260301", "audit.log.2", "messages", "a.100", "a.ab"} {
		if startsSeries(name) {
			t.Errorf("%s begins a series", name)
		}
	}
	for name, want := range map[string]string{"a.001": "a.002", "a.099": "a.100", "a.az": "a.ba", "a.zz": "", "a.09": "a.10", "a.99": ""} {
		if got := nextPiece(name); got != want {
			t.Errorf("behind %s: %q", name, got)
		}
	}
	if widerPiece("xyz") != "xzaaa" || widerPiece("a.89") != "a.9000" || widerPiece("a.90") != "" {
		t.Error("names that got longer")
	}
}

// TestDisksOfAZip: zip -s tells where members are by the piece and the place in it.
func TestDisksOfAZip(t *testing.T) {
	data := noise()
	whole := zipOf(t, file{"a", data}, file{"b", data})
	le := binary.LittleEndian
	second := bytes.LastIndex(whole, []byte("PK\x03\x04"))
	listed := bytes.LastIndex(whole, []byte("PK\x01\x02"))
	end := bytes.LastIndex(whole, []byte("PK\x05\x06"))
	le.PutUint16(whole[listed+34:], 1)
	le.PutUint32(whole[listed+42:], 0)
	le.PutUint32(whole[bytes.Index(whole, []byte("PK\x01\x02"))+42:], 4)
	le.PutUint16(whole[end+4:], 1)
	le.PutUint16(whole[end+6:], 1)
	le.PutUint32(whole[end+16:], le.Uint32(whole[end+16:])-uint32(second))
	t.Chdir(t.TempDir())
	for name, piece := range map[string][]byte{"c.z01": append([]byte("PK\x07\x08"), whole[:second]...), "c.zip": whole[second:]} {
		if err := os.WriteFile(name, piece, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, _, codes, _ := readAll(t, "c.zip")
	if text != string(data)+string(data) || len(codes) != 1 {
		t.Errorf("%d bytes of twice %d, %v", len(text), len(data), codes)
	}
}
