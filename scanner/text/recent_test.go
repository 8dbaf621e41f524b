package text

import (
	"bytes"
	"fmt"
	"testing"
)

// FuzzRecentTexts: a text is what it is, whichever were met before.
func FuzzRecentTexts(f *testing.F) {
	for _, b := range []string{"", "alice", "\xff\xfe", "é", string(bytes.Repeat([]byte("x"), maxRecentText+1)), string(bytes.Repeat([]byte("\xff"), MaxFact+9))} {
		f.Add([]byte(b))
	}
	r := NewRecent()
	f.Fuzz(func(t *testing.T, b []byte) {
		for range 2 {
			if got := r.Of(b); got != string(b) {
				t.Errorf("%q of %q", got, b)
			}
			if got := r.Clean(b); got != Clean(b) {
				t.Errorf("%q of %q, want %q", got, b, Clean(b))
			}
		}
	})
}

func TestRecentTextsAreMadeOnce(t *testing.T) {
	r, b := NewRecent(), []byte("system:serviceaccount:prod:web")
	if n := testing.AllocsPerRun(100, func() { r.Clean(b) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if got := r.CleanAll(nil); got != nil {
		t.Errorf("%q of nothing", got)
	}
	for i := range 3 << recentBits { // they push each other out
		want := fmt.Sprint("name ", i%5000)
		if got := r.CleanAll([][]byte{[]byte(want)}); got[0] != want {
			t.Fatalf("%q, want %q", got, want)
		}
	}
}
