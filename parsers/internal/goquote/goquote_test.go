package goquote

import (
	"strconv"
	"testing"
)

// decode demands that what Quote writes is read back, whatever follows it, and that
// room keeps what it held.
func decode(t *testing.T, text string) {
	t.Helper()
	quoted := strconv.Quote(text)
	value, rest, room, closed := Decode([]byte("before"), []byte(quoted[1:]+` resp="200"`))
	if string(value) != text || string(rest) != ` resp="200"` || !closed || string(room[:6]) != "before" {
		t.Errorf("%s: %q, rest %q, closed %v, room %q", quoted, value, rest, closed, room)
	}
}

func TestDecode(t *testing.T) {
	for _, text := range []string{"", "curl/8.5.0", `a "b" c`, `C:\x`, "\a\b\f\n\r\t\v'", "\x00\x7f\xff", "ä\u2028\U0001f600", `x" resp="404`, `\`, `\\"`} {
		decode(t, text)
	}
}

// TestDecodeDamaged: what is no escape stands for itself, and an end that is missing
// is said.
func TestDecodeDamaged(t *testing.T) {
	for quoted, want := range map[string]string{
		`\q"`: `\q`, `\x4"`: `\x4`, `\u12g4"`: `\u12g4`, `\U0001f60"`: `\U0001f60`,
	} {
		if value, _, _, closed := Decode(nil, []byte(quoted)); string(value) != want || !closed {
			t.Errorf("%s: %q, closed %v; want %q", quoted, value, closed, want)
		}
	}
	for quoted, want := range map[string]string{``: ``, `abc`: `abc`, `a\`: `a\`, `a\"`: `a"`, `a\x41`: `aA`} {
		if value, rest, _, closed := Decode(nil, []byte(quoted)); string(value) != want || closed || rest != nil {
			t.Errorf("%s: %q, rest %q, closed %v; want %q", quoted, value, rest, closed, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("curl/8.5.0")
	f.Add("a \"b\"\n\xff")
	f.Fuzz(func(t *testing.T, text string) {
		decode(t, text)
		Decode(nil, []byte(text)) // whatever it is
	})
}
