package locallog

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"tideline/parsers/internal/frame"
)

// entryOf is an entry as the engine writes it. part: 0 none, 1 not the last, 2 the last.
func entryOf(stream, line string, nanos uint64, part int) string {
	m := []byte{fieldSource<<3 | 2, byte(len(stream))}
	m = append(m, stream...)
	m = binary.AppendUvarint(append(m, fieldTime<<3), nanos)
	m = binary.AppendUvarint(append(m, fieldLine<<3|2), uint64(len(line)))
	m = append(m, line...)
	if part > 0 {
		m = append(m, fieldPartial<<3, 1, fieldPart<<3|2, 2, fieldLast<<3, byte(part-1))
	}
	size := binary.BigEndian.AppendUint32(nil, uint32(len(m)))
	return string(size) + string(m) + string(size)
}

// cut lists the pieces of a stream, and checks that they are the whole of it.
func cut(t *testing.T, r io.Reader, text string) (list []string) {
	t.Helper()
	c, at := New(r), int64(0)
	for {
		var p frame.Piece
		if err := c.Next(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Record.Pos.Offset != at || p.Size <= 0 {
			t.Fatalf("a piece of %d bytes at %d, want %d", p.Size, p.Record.Pos.Offset, at)
		}
		if p.Kind == frame.Record {
			if raw := text[at : at+p.Size]; raw != string(p.Record.Raw) {
				t.Errorf("raw %q, want %q", p.Record.Raw, raw)
			}
			list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s", p.Record.Data, p.Code)))
		} else {
			list = append(list, fmt.Sprintf("%v %s %d", p.Kind == frame.Gap, p.Code, p.Size))
		}
		at += p.Size
	}
	if at != int64(len(text)) {
		t.Errorf("%d bytes of %d", at, len(text))
	}
	return list
}

const nanos = 1740823200123456789

func TestEntries(t *testing.T) {
	a, b := entryOf("stdout", "a \"b\"\t\\", nanos, 0), entryOf("stderr", "", nanos+1, 0)
	one := `{"log":"a \"b\"\u0009\\\n","stream":"stdout","time":"2025-03-01T10:00:00.123456789Z"}`
	two := `{"log":"\n","stream":"stderr","time":"2025-03-01T10:00:00.12345679Z"}`
	long := entryOf("stdout", strings.Repeat("x", 900_000), nanos, 0)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"two":              {a + b, []string{one, two}},
		"parts":            {entryOf("stdout", "x", nanos, 1) + entryOf("stdout", "y", nanos, 2), []string{`{"log":"x","stream":"stdout","time":"2025-03-01T10:00:00.123456789Z"}`, `{"log":"y\n","stream":"stdout","time":"2025-03-01T10:00:00.123456789Z"}`}},
		"a NUL run at end": {a + strings.Repeat("\x00", 100_000), []string{one, "false bytes.nul_run 100000"}},
		"a NUL run":        {a + strings.Repeat("\x00", 77) + b, []string{one, "false bytes.nul_run 77", two}},
		"rubbish":          {a + "rubbish" + b, []string{one, "true container.damaged 7", two}},
		"another length":   {a + b[:len(b)-1] + "x" + a, []string{one, fmt.Sprintf("true container.damaged %d", len(b)), one}},
		"no length at all": {"\x00\xff\xff\xff" + a[4:] + b, []string{fmt.Sprintf("true container.damaged %d", len(a)), two}},
		"cut":              {a + a[:20], []string{one, `{"log":"\n","stream":"stdout"} line.truncated_tail`}},
		"cut in its line":  {a + a[:len(a)-8], []string{one, `{"log":"a \"\n","stream":"stdout","time":"2025-03-01T10:00:00.123456789Z"} line.truncated_tail`}},
		"cut in its head":  {a + a[:9], []string{one, "true container.damaged 9"}},
		"after a long one": {long + a, []string{`{"log":"` + strings.Repeat("x", 900_000) + `\n","stream":"stdout","time":"2025-03-01T10:00:00.123456789Z"}`, one}},
	} {
		for way, r := range map[string]io.Reader{"whole": strings.NewReader(c.text), "byte by byte": iotest.OneByteReader(strings.NewReader(c.text))} {
			if got := cut(t, r, c.text); !slices.Equal(got, c.want) {
				t.Errorf("%s, %s:\n%.2000q\nwant\n%.2000q", name, way, got, c.want)
			}
		}
	}
}

// TestDamagedEntry: what stands before the damage of a message is read.
func TestDamagedEntry(t *testing.T) {
	a := []byte(entryOf("stdout", "abc", nanos, 1))
	a[len(a)-lengthSize-4] = 7 // a kind of field that there is not
	if got := cut(t, strings.NewReader(string(a)), string(a)); len(got) != 1 || !strings.Contains(got[0], `"log":"abc`) || !strings.HasSuffix(got[0], "container.damaged") {
		t.Errorf("%q", got)
	}
}

func TestIs(t *testing.T) {
	a := entryOf("stdout", "abc", nanos, 0)
	for text, want := range map[string]bool{
		a: true, a + a: true, a[:20]: true, a[:9]: false, "": false, "x" + a: false, strings.Replace(a, "stdout", "stdxxx", 1): false,
		a[:len(a)-1] + "x": false, `{"log":"a"}`: false,
	} {
		if Is([]byte(text)) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func FuzzCutter(f *testing.F) {
	f.Add([]byte(entryOf("stdout", "abc", nanos, 1) + "x" + entryOf("stderr", "abc", nanos, 0)))
	f.Fuzz(func(t *testing.T, text []byte) {
		cut(t, strings.NewReader(string(text)), string(text))
	})
}
