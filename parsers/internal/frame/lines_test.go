package frame

import (
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"
	"testing/iotest"
)

// piecesOf are the pieces of a stream; lines are taken some at a time, if taking is
// set.
func piecesOf(t *testing.T, stream string, taking bool, r io.Reader) (out []string) {
	t.Helper()
	f := New(r, Options{Block: 256})
	defer f.Close()
	var p Piece
	for {
		for n := 0; taking && n < 3; n++ {
			text := f.Lines()
			end := bytes.IndexByte(text, '\n')
			if end <= 0 || text[0] < 'a' || text[0] > 'z' || text[end-1] == '\r' || end > MaxLine {
				break
			}
			at := f.Place()
			out = append(out, fmt.Sprintf("0 %d %d %d %q   %d", at.Line, at.Offset, end, text[:end], end+1))
			f.Take(end+1, 1)
		}
		if err := f.Next(&p); err != nil {
			return out
		}
		out = append(out, fmt.Sprintf("%d %d %d %d %q %s %s %d", p.Kind, p.Record.Pos.Line, p.Record.Pos.Offset, p.Record.Pos.Length, p.Record.Raw, p.Code, p.Record.Context, p.Size))
	}
}

// TestLinesAreWhatNextGives: who takes lines by themselves sees what Next would have
// given out, whatever stands between them.
func TestLinesAreWhatNextGives(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	parts := []string{"type=A one\n", "type=B two\n", "word\r\n", "a\r", "\n", "  indented\n", "{\"a\":1}\n", "[{\"b\":2},\n{\"c\":3}]\n", "}\n", "]\n", "\x00", "b\x00c\n",
		strings.Repeat("\x00", 20), "long" + strings.Repeat("x", 700) + "\n", "1 digit\n", "\xef\xbb\xbf", "---\n", "time,audit\n", "{\"torn\":\n", "last"}
	for n := range 4000 {
		var b strings.Builder
		for range r.Intn(12) {
			b.WriteString(parts[r.Intn(len(parts))])
		}
		stream := b.String()
		want := piecesOf(t, stream, false, strings.NewReader(stream))
		for _, reader := range []io.Reader{strings.NewReader(stream), iotest.OneByteReader(strings.NewReader(stream))} {
			if got := piecesOf(t, stream, true, reader); strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Fatalf("%d: %q\n%s\nwant\n%s", n, stream, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// TestLinesOfWhatIsNone: what is not whole, or no plain text, has none.
func TestLinesOfWhatIsNone(t *testing.T) {
	for _, stream := range []string{"", "no end", "\xff\xfea\x00\n\x00", "a\rb\r"} {
		f := New(strings.NewReader(stream), Options{})
		f.Peek()
		if got := f.Lines(); len(got) > 0 {
			t.Errorf("%q: %q", stream, got)
		}
		f.Close()
	}
}

func TestSpread(t *testing.T) {
	for in, want := range map[string]string{
		"{\n \"a\": 1\n}\n":             "{\n \"a\": 1\n}\n",
		"\xef\xbb\xbf[\n  {\n\"a\": 1}": "{\n\"a\": 1}",
		"\x1e{\"a\":\n1}":               "{\"a\":\n1}",
		"{\"a\":1}":                     "",
		"text\n{\n}":                    "",
		"":                              "",
	} {
		text, ok := Spread([]byte(in))
		if ok != (want != "") || ok && string(text) != want {
			t.Errorf("%q: %q, %v", in, text, ok)
		}
	}
}
