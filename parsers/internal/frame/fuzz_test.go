package frame

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

func utf16Text(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = binary.BigEndian.AppendUint16(b, u)
		} else {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
	}
	return string(b)
}

// FuzzFrame: every byte belongs to exactly one piece, a record is what stands
// at its place, and how the bytes arrive changes nothing.
func FuzzFrame(f *testing.F) {
	for _, s := range []string{
		"a\r\n\x00\x00b\n", `{"a":1}{"b":"\""}` + "\n", "[\n{\"a\":[1,{}]},\n{}]", `{"items":[{"a":1},[2]],"x":1}`,
		`{"hits":{"hits":[{}]}}`, "\xef\xbb\xbf\x1e{}\n", utf16Text("{\"a\":\"😀\"}\n", false), "verb,a\n\"x\ny\",2\n",
		"# c\ninsertId: a\nb:\n- c\n---\ninsertId: d\n...\n#", "{\"a\":\n{\"kind\":\"Event\"}", `[{"a" 1},{"b":2}]`, "a\rb\r", strings.Repeat("[{", 40), `{"tables":[{"rows":[[1],[2]]}]}`,
		"{\"a\":1}\n{\"a\":{}\n{\"a\":[}\n{\"a\":[]}\n{\"a\":\"}\n{\"a\":{}}{\"a\":1}\n{\"a\":4}\n{\"a\"", "{\"items\":{}}\n{\"items\":[{}]}\n{\"items\":[{}\n}",
	} {
		f.Add([]byte(s), uint8(24))
	}
	f.Fuzz(func(t *testing.T, in []byte, limit uint8) {
		o := Options{MaxRecord: 8 + int(limit), Block: 1 << 12}
		want := checkedFrames(t, bytes.NewReader(in), in, o)
		o.Block = minBlock
		if got := paged(t, iotest.HalfReader(bytes.NewReader(in)), o, int(limit)%3, int(limit), new(int)); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("in pages: got  %q\nwant %q", got, want)
		}
		for _, r := range []io.Reader{iotest.OneByteReader(bytes.NewReader(in)), iotest.DataErrReader(iotest.HalfReader(bytes.NewReader(in)))} {
			if got := checkedFrames(t, r, in, o); strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Fatalf("got  %q\nwant %q", got, want)
			}
		}
	})
}

func checkedFrames(t *testing.T, r io.Reader, in []byte, o Options) []string {
	f := New(r, o)
	var out []string
	var sum int64
	for {
		var p Piece
		err := f.Next(&p)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		sum += p.Size
		out = append(out, render(&p))
		if p.Kind == Record && f.wide == nil {
			at := p.Record.Pos.Offset
			if !bytes.Equal(in[at:at+p.Record.Pos.Length], p.Record.Raw) {
				t.Fatalf("record %q is not at %+v", p.Record.Raw, p.Record.Pos)
			}
			if p.Record.Pos.Line != int64(1+bytes.Count(in[:at], []byte{f.win.eol})) {
				t.Fatalf("record at %+v is on another line", p.Record.Pos)
			}
		}
		if p.Kind == Record && (len(p.Record.Data) == 0 || len(p.Record.Data) > o.MaxRecord) {
			t.Fatalf("record of %d bytes", len(p.Record.Data))
		}
	}
	if sum != int64(len(in)) {
		t.Fatalf("pieces cover %d of %d bytes: %q", sum, len(in), out)
	}
	return out
}

func TestNoAllocationPerLine(t *testing.T) {
	line := `{"kind":"Event","apiVersion":"audit.k8s.io/v1","user":{"username":"x"},"sourceIPs":["1.2.3.4"]}` + "\n"
	in := []byte(strings.Repeat(line, 2000))
	allocs := testing.AllocsPerRun(5, func() {
		f := New(bytes.NewReader(in), Options{})
		var p Piece
		for f.Next(&p) == nil {
		}
	})
	if allocs > 20 {
		t.Errorf("%v allocations for 2000 lines", allocs)
	}
}

func BenchmarkFrame(b *testing.B) {
	event := `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","user":{"username":"system:node:a","groups":["a","b"]},"sourceIPs":["1.2.3.4"],"objectRef":{"resource":"pods","namespace":"default","name":"web"},"annotations":{"authorization.k8s.io/decision":"allow"}}`
	for name, in := range map[string]string{
		"json-lines": strings.Repeat(event+"\n", 4000),
		"array":      "[" + strings.Repeat(event+",", 4000) + event + "]",
		"text":       strings.Repeat("type=SYSCALL msg=audit(1.2:3): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3\n", 8000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				f := New(strings.NewReader(in), Options{})
				var p Piece
				for f.Next(&p) == nil {
				}
			}
		})
	}
}
