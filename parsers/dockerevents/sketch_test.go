package dockerevents

import (
	"bytes"
	"testing"
)

// TestEightAtATime holds what looks at eight bytes at a time to what looks at one.
func TestEightAtATime(t *testing.T) {
	for at := range 21 {
		for c := range 256 {
			id := bytes.Repeat([]byte("0a9f"), 6)
			id[at] = byte(c)
			if got, want := hexadecimal(id), bytes.IndexByte([]byte("0123456789abcdef"), byte(c)) >= 0; got != want {
				t.Errorf("hexadecimal(%q) = %v", id, got)
			}
			if at >= 19 {
				continue
			}
			nano := []byte("1740823200123456789")
			nano[at] = byte(c)
			got, ok := instant(nano)
			want, also := number(nano)
			if also = also && decimal(nano); ok != also || ok && got != want {
				t.Errorf("instant(%q) = %d, %v, want %d, %v", nano, got, ok, want, also)
			}
		}
	}
}

func TestClosing(t *testing.T) {
	for text, want := range map[string]int{`abc"`: 3, `a\"b"`: 4, `a\\"b"`: 3, `\\\""`: 4, `abc`: -1, `\"`: -1, `"`: 0} {
		if got := closing([]byte(text), 0); got != want {
			t.Errorf("closing(%s) = %d, want %d", text, got, want)
		}
	}
	if got := closing([]byte(`\"`), 1); got != 1 {
		t.Errorf("a slant before the string counts: %d", got)
	}
}

// FuzzMinute holds what remembers a minute to what does not.
func FuzzMinute(f *testing.F) {
	f.Add("2026-03-09T00:00:00.106417382+01:00 container", "2026-03-09T00:00:59.999999999+01:00  x")
	f.Add("2014-05-10T17:42:14.999999999Z07:00 4386", "2014-05-10T17:42:60.999999999Z07:00 4386")
	f.Add("2014-05-10T17:42:14.999999999Z 4386", "2014-05-10T17:42:14.99999999Z 4386")
	f.Add("2019-03-02 10:33:42.312377447 -0600 CST", "2019-03-02 10:33:43.312377447 -0600 CST c")
	f.Fuzz(func(t *testing.T, a, b string) {
		var m minute
		for _, s := range []string{a, b, a, b} {
			at, rest, ok := m.leadingStamp([]byte(s))
			want, behind, also := leadingStamp([]byte(s))
			if ok != also || !at.Equal(want) || string(rest) != string(behind) {
				t.Errorf("%q after %q: %v %q %v, want %v %q %v", s, a, at, rest, ok, want, behind, also)
			}
		}
	})
}
