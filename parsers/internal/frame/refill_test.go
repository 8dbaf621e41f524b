package frame

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// paged are the pieces of a stream, cut page by page into two buffers in turn, and
// looked at only when the whole page was cut. The first pieces are cut without. It
// counts the parts of pages that were cut by another Framer.
func paged(t *testing.T, r io.Reader, o Options, first, size int, parts *int) (out []string) {
	t.Helper()
	f := New(r, o)
	defer f.Close()
	var p Piece
	for range first {
		if err := f.Next(&p); err != nil {
			return out
		}
		out = append(out, render(&p))
	}
	buffers := [2][]byte{make([]byte, size), make([]byte, size)}
	for turn := 0; ; turn++ {
		f.Refill(buffers[turn%2])
		other := buffers[(turn+1)%2]
		for i := range other {
			other[i] = '#' // its pieces are done with
		}
		var page []Piece
		var part Framer
		if f.Part(&part) {
			*parts++
		}
		for part.Ready() {
			if err := part.Next(&p); err != nil {
				t.Fatalf("part: %v", err)
			}
			page = append(page, p)
		}
		var err error
		for err == nil && (len(page) == 0 || f.Ready()) {
			if err = f.Next(&p); err == nil {
				p.Record.Context = bytes.Clone(p.Record.Context)
				page = append(page, p)
			}
		}
		for i := range page {
			out = append(out, render(&page[i]))
		}
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestPagesAreWhatNextGives: pieces of a page last as long as its buffer.
func TestPagesAreWhatNextGives(t *testing.T) {
	parts := 0
	streams := []string{
		"", "one\n", "no end", strings.Repeat("a line\n", 100), strings.Repeat(`{"a":"b"}`+"\n", 50) + "{\"torn\":\n" + strings.Repeat("x", 3000) + "\nlast",
		`{"items":[` + strings.Repeat("{\"a\":1},\n", 40) + `{"b":2}]}` + "\n{}\n", "[" + strings.Repeat("{\"a\":1},", 200) + "{}]", "a\r\n\r\nb\r\n", "a\rb\rc",
		strings.Repeat("\x00", 100) + "a\n" + strings.Repeat("\x00", 9) + "\nb", strings.Repeat("\n", 300) + "x", "verb,a\n" + strings.Repeat("\"x\ny\",2\n", 60), utf16Text(strings.Repeat("{\"a\":\"😀\"}\nb\n", 30), false),
		strings.Repeat("{\"a\":{}\n{\"a\":[}\n{\"a\":1}{\"a\":2}\n{\"a\":\"}\n{\"a\":[{}]}\n{\"a\":\"}{\"}\n", 30), strings.Repeat("{\"a\":1}\n{\"b\":2}\n", 20), strings.Repeat(`{"items":{}}`+"\n", 20) + `{"items":[{}]}`,
	}
	for _, in := range streams {
		for _, o := range []Options{{Block: minBlock, MaxRecord: 100}, {Block: 100, MaxRecord: 64 << 10}} {
			want := checkedFrames(t, strings.NewReader(in), []byte(in), o)
			for _, first := range []int{0, 1, 5} {
				for _, size := range []int{0, 40, 1000} {
					for _, r := range []io.Reader{strings.NewReader(in), iotest.OneByteReader(strings.NewReader(in))} {
						if got := paged(t, r, o, first, size, &parts); strings.Join(got, "\n") != strings.Join(want, "\n") {
							t.Fatalf("%.60q, %+v, pages of %d after %d pieces:\n%s\nwant\n%s", in, o, size, first, strings.Join(got, "\n"), strings.Join(want, "\n"))
						}
					}
				}
			}
		}
	}
	if parts == 0 {
		t.Error("no part of a page was ever given away")
	}
}

// TestPagesTellWhatTheStreamEndedWith: what was read before an error is given out,
// and then the error, as often as anybody asks.
func TestPagesTellWhatTheStreamEndedWith(t *testing.T) {
	f := New(io.MultiReader(strings.NewReader("a\nb\nc"), iotest.ErrReader(io.ErrUnexpectedEOF)), Options{})
	defer f.Close()
	var got []string
	for range 3 {
		f.Refill(make([]byte, 1000))
		for {
			var p Piece
			if err := f.Next(&p); err != nil {
				got = append(got, err.Error())
				break
			}
			got = append(got, string(p.Record.Data))
		}
	}
	if text := strings.Join(got, "; "); text != "a; b; c; unexpected EOF; unexpected EOF; unexpected EOF" {
		t.Error(text)
	}
}
