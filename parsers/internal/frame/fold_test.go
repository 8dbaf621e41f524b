package frame

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
)

// padding is n members that nobody knows.
func padding(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"key%d":%d,`, i, i)
	}
	return b.String()
}

// TestFold: of an object above the limit every member that records are known by is
// read, whatever stands before it, within the limit; the rest is a gap.
func TestFold(t *testing.T) {
	const limit = 64 << 10
	much := strings.Repeat("x", 3*limit)
	tail := `"verb":"get","user":{"username":"ann"},"stageTimestamp":"t"}`
	for name, in := range map[string]string{
		"a string":            `{"kind":"Event","requestObject":"` + much + `",` + tail,
		"escapes":             `{"kind":"Event","requestObject":"` + strings.Repeat(`\u0041`, limit) + `",` + tail,
		"slants":              `{"kind":"Event","requestObject":"` + strings.Repeat(`\\`, limit) + `",` + tail,
		"a number":            `{"kind":"Event","requestObject":` + strings.Repeat("1", 2*limit) + `,` + tail,
		"a key":               `{"kind":"Event","` + much + `":1,` + tail,
		"an inner key":        `{"kind":"Event","requestObject":{"` + much + `":1},` + tail,
		"keys":                `{"kind":"Event",` + padding(limit) + tail,
		"keys of an object":   `{"kind":"Event","requestObject":{` + padding(limit) + `"z":1},` + tail,
		"an array":            `{"kind":"Event","requestObject":[` + strings.Repeat("1,", limit) + `1],` + tail,
		"objects":             `{"kind":"Event","requestObject":[` + strings.Repeat(`{"a":{"b":[true]}},`, limit) + `1],` + tail,
		"brackets":            `{"kind":"Event","requestObject":` + strings.Repeat("[", limit/8) + `"` + much + `"` + strings.Repeat("]", limit/8) + `,` + tail,
		"blanks":              `{"kind":"Event","requestObject":[` + strings.Repeat(" ", 2*limit) + `],` + tail,
		"blanks between":      `{"kind":"Event",` + strings.Repeat(" \n", 2*limit) + tail,
		"another member":      `{"kind":"Event","requestObject":"` + much + `","responseObject":[{"a":"` + much + `"}],` + tail,
		"nothing before":      `{` + strings.Repeat(" ", 2*limit) + `"kind":"Event",` + tail,
		"over lines":          "{\n \"kind\": \"Event\",\n \"requestObject\": [\n" + strings.Repeat("  1,\n", limit) + "  2\n ],\n " + tail,
		"a long head of many": `{"kind":"Event",` + strings.Repeat(`"requestObject":{"a":[1,{"b":"`+much[:5000]+`"}]},`, 40) + tail,
	} {
		t.Run(name, func(t *testing.T) {
			f := New(strings.NewReader(in+"\n{\"b\":1}\n"), Options{MaxRecord: limit, Block: 4096})
			var p Piece
			if err := f.Next(&p); err != nil {
				t.Fatal(err)
			}
			var got struct {
				Kind, Verb, StageTimestamp string
				User                       struct{ Username string }
			}
			err := json.Unmarshal(p.Record.Data, &got)
			if err != nil || p.Record.Cut || len(p.Record.Data) > limit || p.Code != codeOversize ||
				fmt.Sprint(got) != "{Event get t {ann}}" {
				t.Fatalf("%v, error %v, %d bytes, cut %v, ends in %q", got, err, len(p.Record.Data), p.Record.Cut, lastBytes(p.Record.Data, 100))
			}
			if !bytes.HasPrefix([]byte(in), p.Record.Raw) {
				t.Error("the head is not as it stands")
			}
			head := p.Size
			if err := f.Next(&p); err != nil || p.Kind != Gap || head+p.Size != int64(len(in))+1 || p.Record.Pos.Offset != head-1 {
				t.Errorf("behind %d bytes: error %v, %+v", head, err, p)
			}
			if err := f.Next(&p); err != nil || string(p.Record.Data) != `{"b":1}` || p.Record.Pos.Offset != int64(len(in))+1 {
				t.Errorf("what follows: error %v, %+v", err, p)
			}
		})
	}
}

func lastBytes(b []byte, n int) []byte { return b[max(0, len(b)-n):] }

// TestFoldCutsNoShortMember: however long the padding is, what says who did what is
// not at the place where the head ends.
func TestFoldCutsNoShortMember(t *testing.T) {
	const limit = 64 << 10
	cut := limit - limit/foldParts
	for pad := cut - 90; pad < cut; pad++ {
		in := `{"pad":"` + strings.Repeat("x", pad) + `","user":{"username":"ann"},"verb":"get","requestObject":"` + strings.Repeat("y", limit) + `"}`
		f := New(strings.NewReader(in), Options{MaxRecord: limit})
		var p Piece
		if err := f.Next(&p); err != nil {
			t.Fatal(err)
		}
		if want := `,"user":{"username":"ann"},"verb":"get",`; !strings.Contains(string(p.Record.Data), want) || !json.Valid(p.Record.Data) || p.Record.Cut {
			t.Fatalf("behind %d bytes the record ends in %.200s", pad, lastBytes(p.Record.Data, 200))
		}
	}
}

// TestFoldedMembersWithoutRoom: members of unknown names are left out before
// those of known ones.
func TestFoldedMembersWithoutRoom(t *testing.T) {
	k := newKeeps(64, nil)
	k.first = true
	for _, m := range []string{`"a":"0123456789"`, `,"b":"0123456789"`, `, "verb":"0123456789"`, `,"user":"0123456789012345678901234567890"`, `,"c":1`} {
		k.add([]byte(m))
	}
	if got, want := string(k.out), `"a":"0123456789","verb":"0123456789","c":1`; got != want {
		t.Errorf("kept are %s, want %s", got, want)
	}
}

// TestClosed: wherever a value is cut, it can be closed, and says nothing that is not
// in it.
func TestClosed(t *testing.T) {
	long := strings.Repeat("x", 2*shortString)
	for text, want := range map[string]string{
		`{`: `{`, `{"a`: `{`, `{"a"`: `{"a":null`, `{"a":`: `{"a":null`, `{"a":"b`: `{"a":null`, `{"a":1`: `{"a":null`, `{"a":1,`: `{"a":1`, `{"a":1,"b`: `{"a":1`,
		`{"a":"` + long: `{"a":"` + long + `"`, `{"a":"` + long + `\u00`: `{"a":"` + long + `"`, `{"` + long: `{"` + long + `":null`, `{"a":"x\"y`: `{"a":null`,
		`{"a":[`: `{"a":[]`, `{"a":["1.2`: `{"a":[]`, `{"a":["1","2`: `{"a":["1"]`, `{"a":[1,`: `{"a":[1]`, `{"a":[{"b":[tr`: `{"a":[{"b":[null]}]`, `{"a":{"b":1}`: `{"a":{"b":1}`,
	} {
		var w walker
		w.walk([]byte(text), 0)
		n, closing := w.closed([]byte(text))
		if got := text[:n] + string(closing); got != want {
			t.Errorf("%.80s: closed is %.80s, want %.80s", text, got, want)
		}
	}
}

func TestOpenEscape(t *testing.T) {
	for text, want := range map[string]int{
		``: 0, `a`: 0, `\`: 1, `a\`: 1, `\\`: 0, `\\\`: 1, `\n`: 0, `\u`: 2, `\u004`: 5, `\u0041`: 0, `\\u00`: 0, `\\\u00`: 4, `u00`: 0, `\"u`: 0,
	} {
		if got := openEscape([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// chunky reads so many bytes at a time.
type chunky struct {
	r io.Reader
	n int
}

func (c chunky) Read(p []byte) (int, error) { return c.r.Read(p[:min(len(p), c.n)]) }

// TestFoldInPages: records above the limit are folded in the pages that lanes share
// as elsewhere, wherever pages and reads end; what is left out of the last record of
// a page is told of like all else.
func TestFoldInPages(t *testing.T) {
	in := `{"a":"b"}` + "\n" + strings.Repeat(`{"a":"`+strings.Repeat("x", 100_000)+`","verb":"get"}`+"\n", 40) + "{}\n"
	o := Options{MaxRecord: 64 << 10}
	want := checkedFrames(t, strings.NewReader(in), []byte(in), o)
	parts := 0
	for _, n := range []int{1 << 12, 1 << 15, 100_000, 1 << 17, 1 << 20} {
		for first := range 9 {
			if got := paged(t, chunky{strings.NewReader(in), n}, o, first, 1<<20, &parts); strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Fatalf("reads of %d, behind %d: %d pieces, want %d", n, first, len(got), len(want))
			}
		}
	}
	if parts == 0 {
		t.Error("no page had a part")
	}
}
