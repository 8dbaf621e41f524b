package formats

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
	"testing/iotest"

	"tideline/parsers"
)

// FuzzFormats is FuzzRead with the real formats and envelopes.
func FuzzFormats(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s + "\n" + s[:len(s)/2] + "\n" + s))
		f.Add([]byte("2025-03-01T10:00:00Z stdout F " + s + "\n"))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		o := parsers.ReadOptions{MaxRecord: 2048}
		whole, a := read(t, NewReader(), bytes.NewReader(in), o)
		if a.Bytes.Read != int64(len(in)) {
			t.Errorf("read %d of %d bytes", a.Bytes.Read, len(in))
		}
		parts, b := read(t, NewReader(), iotest.OneByteReader(bytes.NewReader(in)), o)
		if !reflect.DeepEqual(a, b) || !slices.Equal(whole.lines, parts.lines) {
			t.Errorf("whole %+v %q\nparts %+v %q", a, whole.lines, b, parts.lines)
		}
	})
}
