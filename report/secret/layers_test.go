package secret

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// byteByByte takes off JSON escapes as their definition reads: a byte after the other.
func byteByByte(s string) (string, []int32) {
	var out []byte
	var at []int32
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if s[i] == '\\' {
			r, size = jsonEscape(s[i:])
		}
		before := len(out)
		if size == 1 {
			out = append(out, s[i])
		} else {
			out = utf8.AppendRune(out, r)
		}
		for range len(out) - before {
			at = append(at, int32(i))
		}
		i += size
	}
	return string(out), append(at, int32(len(s)))
}

// FuzzUnescape: with a map or without, a text is decoded to the same, and the map
// leads to where each byte stood.
func FuzzUnescape(f *testing.F) {
	for _, s := range []string{"", `\`, `a\`, `\\`, `{\"a\":\"b\\n\"}`, `\u00e9\ud83d\ude00\ud83d\u12`, "%2fa%2", "a+b%zz", strings.Repeat(`x\/`, 9), "\xff\\u0041\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, wantAt := byteByByte(s)
		if plain, at := unescapeJSON(s, true); plain != want || !slices.Equal(at, wantAt) {
			t.Errorf("%q: %q %v, want %q %v", s, plain, at, want, wantAt)
		}
		for name, decode := range map[string]decoding{"JSON": unescapeJSON, "percent": unescapePercent, "query": unescapeQuery} {
			plain, at := decode(s, true)
			alone, none := decode(s, false)
			if alone != plain || none != nil {
				t.Errorf("%s of %q: %q without a map, %q with one", name, s, alone, plain)
			}
			if len(at) != len(plain)+1 || !slices.IsSorted(at) || at[len(plain)] != int32(len(s)) {
				t.Errorf("%s of %q: %q, at %v", name, s, plain, at)
			}
		}
	})
}
