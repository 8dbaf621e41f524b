package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
)

// A fuzz target for each codec by itself, since FuzzOpen has to find the magic
// first. Whatever the bytes, the decoder ends, gives back what it did not use,
// and says the same however its input arrives; behind it the walk accounts for
// every byte.
func FuzzGzip(f *testing.F)   { fuzzCodec(f, gzipKind) }
func FuzzZstd(f *testing.F)   { fuzzCodec(f, zstdKind) }
func FuzzBzip2(f *testing.F)  { fuzzCodec(f, bzip2Kind) }
func FuzzXz(f *testing.F)     { fuzzCodec(f, xzKind) }
func FuzzLZ4(f *testing.F)    { fuzzCodec(f, lz4Kind) }
func FuzzSnappy(f *testing.F) { fuzzCodec(f, snappyKind) }
func FuzzZlib(f *testing.F)   { fuzzCodec(f, zlibKind) }

func fuzzCodec(f *testing.F, kind *codecKind) {
	for _, data := range packedWith(f, kind) {
		f.Add(data)
		f.Add(slices.Concat(data, data[:len(data)/2], data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = append([]byte(kind.magic), data[min(len(kind.magic), len(data)):]...)
		if a, b := decodeOne(t, kind, data, false), decodeOne(t, kind, data, true); a != b {
			t.Errorf("whole: %s\nin small pieces: %s", a, b)
		}
		r := readPipe(t, data, Options{MaxExpanded: 1 << 20, MaxMembers: 100, MaxDepth: 3})
		last := r.members[len(r.members)-1]
		if last.Path != "in" || last.Size != int64(len(data)) {
			t.Errorf("the input has %d bytes; the ledger says %+v", len(data), last)
		}
	})
}

// packedWith are seeds of one kind.
func packedWith(t testing.TB, kind *codecKind) [][]byte {
	var out [][]byte
	for _, p := range packers {
		if data, _ := p.pack(t, 'A'); kind.match(data) {
			out = append(out, data)
		}
	}
	if kind == zlibKind {
		out = append(out, zlibPack(t, []byte("a text\nof two lines\n")))
	}
	if len(out) == 0 {
		t.Fatalf("no seed for %s", kind.name)
	}
	return out
}

// decodeOne decodes the member at the beginning of data, at most a mebibyte.
func decodeOne(t *testing.T, kind *codecKind, data []byte, small bool) string {
	if !kind.match(data) {
		return "no match"
	}
	tape := newTape(bytes.NewReader(data))
	defer tape.release()
	c := kind.make()
	defer c.free()
	if err := c.open(tape); err != nil {
		return "open: " + kindOfError(err)
	}
	size := 64 << 10
	if small {
		size = 7
	}
	var sum, n int
	var err error
	buf := make([]byte, size)
	for total := 0; err == nil && total < 1<<20; total += n {
		n, err = c.Read(buf)
		for _, b := range buf[:n] {
			sum = sum*31 + int(b)
		}
		if n == 0 && err == nil {
			t.Fatal("Read gave nothing and no error")
		}
	}
	if err == nil {
		return "long"
	}
	c.settle()
	if at := tape.offset(); at < 0 || at > int64(len(data)) {
		t.Fatalf("the tape stands at %d of %d", at, len(data))
	}
	return fmt.Sprintf("%x %s", sum, kindOfError(err))
}

// kindOfError drops the wording, which may depend on how far a decoder looked.
func kindOfError(err error) string {
	switch {
	case err == io.EOF:
		return "end"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut"
	case errors.Is(err, errChecksum):
		return "checksum"
	}
	return "damaged"
}
