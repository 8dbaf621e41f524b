package jsonfields

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"
)

// TestSpecial: the first byte that must be escaped, wherever it stands in a word.
func TestSpecial(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		b := make([]byte, random.IntN(40))
		for i := range b {
			b[i] = "aaaaaaaaaaaa\x7f\x80\xff !#[]\"\\\x1f\x00\n"[random.IntN(24)]
		}
		from := random.IntN(len(b) + 2)
		want := min(from, len(b))
		for want < len(b) && b[want] >= ' ' && b[want] != '"' && b[want] != '\\' {
			want++
		}
		if got := special(b, from); got != want {
			t.Fatalf("%q from %d: %d, want %d", b, from, got, want)
		}
	}
}

// TestAppendStringIsReadAsWritten: by another reader, whatever stands in it.
func TestAppendStringIsReadAsWritten(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		text := make([]byte, random.IntN(60))
		for i := range text {
			text[i] = byte(random.IntN(0x80))
			if random.IntN(3) > 0 {
				text[i] = 'x'
			}
		}
		var back string
		if err := json.Unmarshal(AppendString(nil, text), &back); err != nil || back != string(text) {
			t.Fatalf("%q was written %s, read %q (%v)", text, AppendString(nil, text), back, err)
		}
	}
	if got, want := AppendString([]byte("<"), []byte("a\"\\\b\t\n\f\r\x01ü\xff/")), []byte("<\"a\\\"\\\\\\b\\t\\n\\f\\r\\u0001ü\xff/\""); !bytes.Equal(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
}
