package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"tideline/parsers/internal/frame"
)

// exportOf spells entries as journalctl -o export does.
func exportOf(entries ...[]string) []byte {
	var b []byte
	for i, e := range entries {
		b = fmt.Appendf(b, "__CURSOR=s=0;i=%x\n__REALTIME_TIMESTAMP=%d\n", i+1, 1740823200000000+i)
		for _, f := range e {
			name, value, _ := strings.Cut(f, "=")
			if !strings.ContainsFunc(value, func(r rune) bool { return r == '\n' || r == 0 || r == utf8.RuneError }) {
				b = append(b, f...)
			} else {
				b = append(append(b, name...), '\n')
				b = binary.LittleEndian.AppendUint64(b, uint64(len(value)))
				b = append(b, value...)
			}
			b = append(b, '\n')
		}
		b = append(b, '\n')
	}
	return b
}

// cutExport cuts b, and holds the pieces to what every cutter promises.
func cutExport(t *testing.T, r io.Reader, b []byte, most int) []string {
	t.Helper()
	e := NewExporter(r, most)
	var out []string
	var sum int64
	for {
		var p frame.Piece
		err := e.Next(&p)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if p.Size <= 0 {
			t.Fatalf("a piece of %d bytes", p.Size)
		}
		pos := p.Record.Pos
		if p.Kind == frame.Record {
			if len(b) >= int(pos.Offset+pos.Length) && !bytes.Equal(b[pos.Offset:pos.Offset+pos.Length], p.Record.Raw) {
				t.Fatalf("at %+v stands another record than %q", pos, p.Record.Raw)
			}
			if want := int64(1 + bytes.Count(b[:pos.Offset], []byte("\n"))); pos.Line != want {
				t.Fatalf("line %d, want %d", pos.Line, want)
			}
		}
		sum += p.Size
		out = append(out, fmt.Sprintf("%d %s %s", p.Kind, p.Code, p.Record.Data))
	}
	if sum != int64(len(b)) {
		t.Fatalf("the pieces cover %d of %d bytes", sum, len(b))
	}
	return out
}

func TestExportedEntries(t *testing.T) {
	in := exportOf([]string{"MESSAGE=one", "_PID=7"}, []string{"MESSAGE=two\nlines\x00", "A=x", "A=y"})
	want := []string{
		`0  {"MESSAGE":"one","_PID":"7","__CURSOR":"s=0;i=1","__REALTIME_TIMESTAMP":"1740823200000000"}`,
		`0  {"A":["x","y"],"MESSAGE":"two\nlines\u0000","__CURSOR":"s=0;i=2","__REALTIME_TIMESTAMP":"1740823200000001"}`,
	}
	if !IsExport(in) {
		t.Error("not recognised")
	}
	for name, r := range map[string]io.Reader{"whole": bytes.NewReader(in), "bytes": iotest.OneByteReader(bytes.NewReader(in))} {
		if got := cutExport(t, r, in, 0); !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Whatever byte is damaged, and wherever the export is cut, the entries around
// that place are read.
func TestDamagedExport(t *testing.T) {
	in := exportOf([]string{"MESSAGE=one"}, []string{"MESSAGE=t\nw", "_PID=7"}, []string{"MESSAGE=three"}, []string{"MESSAGE=four"})
	for n := range in {
		cut := in[:n]
		got := strings.Join(cutExport(t, bytes.NewReader(cut), cut, 0), "\n")
		if n > 80 && !strings.Contains(got, `"one"`) {
			t.Fatalf("cut at %d: %s", n, got)
		}
		bad := bytes.Clone(in)
		bad[n] ^= 0x80
		got = strings.Join(cutExport(t, bytes.NewReader(bad), bad, 0), "\n")
		if n < 60 && !strings.Contains(got, `"four"`) || n > 200 && !strings.Contains(got, `"one"`) {
			t.Fatalf("damaged at %d: %s", n, got)
		}
	}
}

func TestLongExportedEntries(t *testing.T) {
	long := strings.Repeat("x", 4000)
	in := exportOf([]string{"MESSAGE=" + long, "_PID=7"}, []string{"MESSAGE=" + long + "\n"}, []string{"MESSAGE=after"})
	got := cutExport(t, bytes.NewReader(in), in, 1000)
	if n := len(got); n < 3 || !strings.Contains(got[n-1], `"MESSAGE":"after"`) || !strings.Contains(got[0], "line.oversize") || !strings.Contains(got[0], `"_PID":"7"`) {
		t.Errorf("%q", got)
	}
}

func FuzzExporter(f *testing.F) {
	f.Add(exportOf([]string{"MESSAGE=one"}, []string{"MESSAGE=t\nw\xff"}))
	f.Add([]byte("\n\n__CURSOR=s=1\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		want := cutExport(t, bytes.NewReader(in), in, 200)
		if got := cutExport(t, iotest.OneByteReader(bytes.NewReader(in)), in, 200); !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}
