package journal

import (
	"bytes"
	"strings"
	"testing"

	plz4 "github.com/pierrec/lz4/v4"
)

// TestLZ4 holds our decoder against the library's encoder.
func TestLZ4(t *testing.T) {
	for _, text := range []string{
		"", "a", "MESSAGE=short", strings.Repeat("a", 10), strings.Repeat("a", 100000), strings.Repeat("abc", 30000),
		strings.Repeat("words that come again, number "+strings.Repeat("x", 300), 50), "0123456789abcdefghijklmnopqrstuvwxyz" + strings.Repeat("ab", 20),
	} {
		packed := make([]byte, plz4.CompressBlockBound(len(text)))
		n, err := plz4.CompressBlock([]byte(text), packed, nil)
		if err != nil {
			t.Fatal(err)
		}
		packed = packed[:n]
		for _, limit := range []int{1 << 20, len(text), len(text) / 2} {
			got, err := appendLZ4(nil, packed, limit)
			if err != nil || string(got) != text[:min(limit, len(text))] {
				t.Errorf("%.20q up to %d: %d bytes, %v", text, limit, len(got), err)
			}
		}
		for cut := range packed {
			got, _ := appendLZ4(nil, packed[:cut], len(text))
			if !strings.HasPrefix(text, string(got)) {
				t.Fatalf("%.20q cut at %d: %.60q", text, cut, got)
			}
		}
	}
}

func TestLZ4Refuses(t *testing.T) {
	for in, want := range map[string]string{
		"\x10a\x00\x00\x00":     errLZ4.Error(),
		"\x10a\x02\x00\x00":     errLZ4.Error(),
		"\xf0\xff\xff":          "unexpected EOF",
		"\x50ab":                "unexpected EOF",
		"\x1fa\x01\x00\xff\xff": "unexpected EOF",
	} {
		if _, err := appendLZ4(nil, []byte(in), 100); err == nil || err.Error() != want {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzLZ4(f *testing.F) {
	f.Add([]byte("\x10a\x01\x00\x00"))
	f.Add([]byte("\xf0\x05aaaaaaaaaaaaaaaaaaaa"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := appendLZ4(nil, b, 1<<16)
		want := make([]byte, 1<<16)
		n, failed := plz4.UncompressBlock(b, want)
		if err == nil && failed == nil && len(b) > 0 && !bytes.Equal(got, want[:n]) {
			t.Errorf("%q, the library gives %q", got, want[:n])
		}
	})
}
