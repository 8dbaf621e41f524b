package text

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCleanIsValidAndBounded(t *testing.T) {
	if got := Clean([]byte("a\xffb")); got != `a\xffb` {
		t.Errorf("got %q", got)
	}
	for cut := range 4 { // the cap falls within a character
		long := Clean(append(bytes.Repeat([]byte("x"), cut), bytes.Repeat([]byte("€"), MaxFact)...))
		if !utf8.ValidString(long) || len(long) > MaxFact+len("…") || !strings.HasSuffix(long, "…") {
			t.Errorf("%d bytes, valid %v", len(long), utf8.ValidString(long))
		}
	}
}

func TestShortenCutsBetweenCharacters(t *testing.T) {
	for n := range 40 {
		got := Shorten(strings.Repeat("é€", 10), n+4)
		if !utf8.ValidString(got) || len(got) > n+4 {
			t.Errorf("shorten to %d gives %q of %d bytes", n+4, got, len(got))
		}
	}
}

func TestRawTextIsReversible(t *testing.T) {
	raw, b64, cut := Raw([][]byte{[]byte("a"), []byte("b\xff")})
	if raw != "" || b64 != "YQpi/w==" || cut {
		t.Errorf("invalid UTF-8: raw %q, base64 %q, cut %v", raw, b64, cut)
	}
	long := strings.Repeat("é", MaxRaw)
	raw, b64, cut = Raw([][]byte{[]byte("x" + long)})
	if !cut || b64 != "" || !utf8.ValidString(raw) || len(raw) > MaxRaw {
		t.Errorf("over-long: %d bytes of text, %d of base64, cut %v", len(raw), len(b64), cut)
	}
	if got := Valid("a\xffb"); got != `a\xffb` {
		t.Errorf("got %q", got)
	}
}
