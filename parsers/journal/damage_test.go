package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"tideline/parsers/internal/frame"
	"tideline/parsers/internal/journaltest"
)

// numbered are entries of which each has a message of its own.
func numbered(n int) []journaltest.Entry {
	var out []journaltest.Entry
	for i := range n {
		out = append(out, journaltest.Entry{Time: 1772359200000000 + uint64(i), Fields: []string{
			fmt.Sprintf("MESSAGE=number %d", i), fmt.Sprintf("_PID=%d", 100+i), "_HOSTNAME=h", "SYSLOG_IDENTIFIER=dockerd"}})
	}
	return out
}

// TestCutAtEveryOffset: whatever is whole is found, and what is missing is said.
func TestCutAtEveryOffset(t *testing.T) {
	for _, compact := range []bool{false, true} {
		b, objects := journaltest.Write(journaltest.Options{Compact: compact}, numbered(4)...)
		for n := range b {
			list := pieces(t, b[:n], Options{})
			got := messages(t, list)
			for _, o := range objects {
				want := fmt.Sprintf("number %d", o.Entry)
				if o.Type == journaltest.EntryType && o.Next <= n && !slices.Contains(got, want) {
					t.Fatalf("cut at %d: no %q in %q", n, want, got)
				}
				// A message is found as soon as it is there, its entry or not.
				if text, ok := strings.CutPrefix(o.Field, "MESSAGE="); ok && o.Next <= n && !slices.Contains(got, text) {
					t.Fatalf("cut at %d: no %q in %q", n, text, got)
				}
			}
			if n < objects[len(objects)-1].Off+headSize && len(gaps(list)) == 0 {
				t.Fatalf("cut at %d: no gap", n)
			}
		}
	}
}

// TestObjectsDamaged destroys one object after the other: the entries that do
// not need it are found, and the damage is a gap.
func TestObjectsDamaged(t *testing.T) {
	harms := map[string]func([]byte){
		"zeros":     func(b []byte) { clear(b) },
		"ones":      func(b []byte) { fill(b, 0xff) },
		"text":      func(b []byte) { fill(b, 'x') },
		"size 0":    func(b []byte) { clear(b[8:16]) },
		"size huge": func(b []byte) { binary.LittleEndian.PutUint64(b[8:], 1<<40) },
		"size max":  func(b []byte) { fill(b[8:16], 0xff) },
		"size 2000": func(b []byte) { binary.LittleEndian.PutUint64(b[8:], 2003) },
		"type":      func(b []byte) { b[0] = 99 },
		"head":      func(b []byte) { fill(b[:16], 0xfe) },
	}
	for _, compact := range []bool{false, true} {
		whole, objects := journaltest.Write(journaltest.Options{Compact: compact}, numbered(6)...)
		for name, harm := range harms {
			for i, o := range objects {
				b := bytes.Clone(whole)
				harm(b[o.Off:o.Next])
				list := pieces(t, b, Options{})
				if len(gaps(list)) == 0 {
					t.Errorf("%s of object %d (type %d): no gap", name, i, o.Type)
				}
				got := messages(t, list)
				for k := range 6 {
					want := fmt.Sprintf("number %d", k)
					mine := o.Field == "MESSAGE="+want
					if !mine && !slices.Contains(got, want) {
						t.Errorf("%s of object %d (type %d, %q): no %q in %q", name, i, o.Type, o.Field, want, got)
					}
				}
			}
		}
	}
}

func fill(b []byte, c byte) {
	for i := range b {
		b[i] = c
	}
}

// TestHoles: pages that never reached the disk.
func TestHoles(t *testing.T) {
	b, objects := journaltest.Write(journaltest.Options{}, numbered(60)...)
	for from := 1024; from+2048 < len(b); from += 1000 {
		torn := bytes.Clone(b)
		clear(torn[from : from+1024])
		list := pieces(t, torn, Options{})
		got := messages(t, list)
		for _, o := range objects {
			text, ok := strings.CutPrefix(o.Field, "MESSAGE=")
			if ok && (o.Next <= from || o.Off >= from+1024) && !slices.Contains(got, text) {
				t.Errorf("hole at %d: no %q", from, text)
			}
		}
		if !slices.Contains(gaps(list), "journal.damaged") {
			t.Errorf("hole at %d: gaps %v", from, gaps(list))
		}
	}
}

func TestHeaderDamaged(t *testing.T) {
	whole, _ := journaltest.Write(journaltest.Options{Reserve: 1000}, numbered(3)...)
	for name, c := range map[string]struct {
		harm func([]byte)
		gap  string
	}{
		"size":       {func(b []byte) { fill(b[88:96], 0xff) }, "journal.damaged"},
		"size small": {func(b []byte) { b[88], b[89] = 8, 0 }, "journal.damaged"},
		"tail":       {func(b []byte) { fill(b[136:144], 0xff) }, "journal.damaged"},
		"flags":      {func(b []byte) { b[13] = 0x80 }, "journal.unknown_mode"},
		"entries":    {func(b []byte) { b[152] = 9 }, "journal.entries_missing"},
		"tail far":   {func(b []byte) { b[138] = 1 }, "journal.truncated"},
	} {
		b := bytes.Clone(whole)
		c.harm(b)
		list := pieces(t, b, Options{})
		if got := messages(t, list); len(got) != 3 || !slices.Contains(gaps(list), c.gap) {
			t.Errorf("%s: %q, gaps %v", name, got, gaps(list))
		}
	}
}

// TestUncleanFile: the header of a file that was not closed lags behind.
func TestUncleanFile(t *testing.T) {
	b, objects := journaltest.Write(journaltest.Options{Online: true, Reserve: 4096}, numbered(5)...)
	binary.LittleEndian.PutUint64(b[136:], uint64(objects[4].Off))
	binary.LittleEndian.PutUint64(b[152:], 1)
	list := pieces(t, b, Options{})
	if len(messages(t, list)) != 5 || len(gaps(list)) > 0 || !slices.Contains(codes(list), "journal.online") {
		t.Errorf("%q: %v", messages(t, list), codes(list))
	}
}

// TestEntriesLost: the fields are given out, each message on its own.
func TestEntriesLost(t *testing.T) {
	b, objects := journaltest.Write(journaltest.Options{}, numbered(5)...)
	for _, o := range objects {
		if o.Type >= journaltest.EntryType {
			fill(b[o.Off:o.Next], 0xff)
		}
	}
	list := pieces(t, b, Options{})
	if got := messages(t, list); len(got) != 5 || !slices.Contains(gaps(list), "journal.no_entry") || !slices.Contains(gaps(list), "journal.entries_missing") {
		t.Errorf("%q: %v", got, gaps(list))
	}
}

// TestHostile: what no journald writes, and a hand that wants to hide may.
func TestHostile(t *testing.T) {
	zeros := strings.Repeat("\x00", 64<<20)
	for name, c := range map[string]struct {
		o      journaltest.Options
		fields []string
		why    string
	}{
		"zstd bomb":      {journaltest.Options{Flag: 4, Compress: methods["zstd"].compress}, []string{"MESSAGE=s", "BOMB=" + zeros}, errLong.Error()},
		"lz4 bomb":       {journaltest.Options{Flag: 2, Compress: methods["lz4"].compress}, []string{"MESSAGE=s", "BOMB=" + zeros}, errLong.Error()},
		"no such codec":  {journaltest.Options{Flag: 4, Compress: func(b []byte) []byte { return b }}, []string{"MESSAGE=s"}, "zstd"},
		"xz that is not": {journaltest.Options{Flag: 1, Compress: func(b []byte) []byte { return b }}, []string{"MESSAGE=s"}, "xz"},
		"lz4 that lies": {journaltest.Options{Flag: 2, Compress: func(b []byte) []byte {
			return append([]byte{0, 0, 0x70, 0, 0, 0, 0, 0}, b...)
		}}, []string{"MESSAGE=s"}, "lz4"},
		"reserved name":  {journaltest.Options{}, []string{"MESSAGE=s", "__REALTIME_TIMESTAMP=1"}, errName.Error()},
		"no name":        {journaltest.Options{}, []string{"MESSAGE=s", "words and no equals sign"}, errName.Error()},
		"small letters":  {journaltest.Options{}, []string{"MESSAGE=s", "log={}"}, errName.Error()},
		"too many items": {journaltest.Options{}, append(slices.Repeat([]string{"A=1"}, 2000), "MESSAGE=s"), errItems.Error()},
	} {
		b, _ := journaltest.Write(c.o, journaltest.Entry{Time: 1, Fields: c.fields})
		found := false
		for _, p := range pieces(t, b, Options{}) {
			if p.Kind == frame.Record {
				found = p.Lost && strings.Contains(p.Reason, c.why)
			}
		}
		if !found {
			t.Errorf("%s: the loss is not said as %q", name, c.why)
		}
	}
}

// TestXzDictionaryIsBounded: a block that asks for 1.5 GiB gets what a field
// may need.
func TestXzDictionaryIsBounded(t *testing.T) {
	b := methods["xz"].compress([]byte("MESSAGE=x"))
	body, dict, err := xzBlock(b)
	if err != nil || len(body) == 0 || dict != 4096 {
		t.Fatal(len(body), dict, err)
	}
	for n := range b {
		if _, err := new(unpacker).unpack(xz, b[:n]); err == nil && n < len(b)-40 {
			t.Errorf("cut at %d: no error", n)
		}
	}
}

// TestRepetitionIsBounded: a small file whose entries name one long field over
// and over.
func TestRepetitionIsBounded(t *testing.T) {
	b, _ := journaltest.Write(journaltest.Options{}, journaltest.Entry{Time: 1, Fields: slices.Repeat([]string{"MESSAGE=" + strings.Repeat("x", 1<<20)}, 900)})
	c := New(bytes.NewReader(b), Options{MaxRecord: 4 << 20})
	defer c.Close()
	var p frame.Piece
	for p.Kind != frame.Record || p.Size == 0 {
		if err := c.Next(&p); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.Record.Data); n > 5<<20 || !p.Lost {
		t.Errorf("a record of %d bytes, lost: %v", n, p.Lost)
	}
}

func TestBudget(t *testing.T) {
	b, _ := journaltest.Write(journaltest.Options{}, journaltest.Entry{Time: 1, Fields: []string{"MESSAGE=" + strings.Repeat("x", 1<<20)}})
	c := New(bytes.NewReader(b), Options{})
	defer c.Close()
	c.start()
	c.budget = 1000
	var p frame.Piece
	for p.Kind != frame.Record || p.Size == 0 {
		if err := c.Next(&p); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.Record.Data) > 2*shortValue || !p.Lost || !strings.Contains(p.Reason, errBudget.Error()) {
		t.Errorf("%d bytes, %s", len(p.Record.Data), p.Reason)
	}
}

// TestHeadsEverywhere: a file of nothing but the heads of objects that end far
// away is given up as damaged in one pass.
func TestHeadsEverywhere(t *testing.T) {
	whole, _ := journaltest.Write(journaltest.Options{}, numbered(2)...)
	b := bytes.Clone(whole)
	for i := range 1 << 18 {
		b = binary.LittleEndian.AppendUint64(b, uint64(1+i%6)) // the type
		b = binary.LittleEndian.AppendUint64(b, uint64(i*7919%(1<<21)))
	}
	list := pieces(t, b, Options{Memory: 4096})
	if got := messages(t, list); len(got) < 2 || got[0] != "number 0" || !slices.Contains(gaps(list), "journal.damaged") {
		t.Errorf("%d records, gaps %v", len(got), gaps(list))
	}
}

func TestReaderFails(t *testing.T) {
	b, _ := journaltest.Write(journaltest.Options{}, numbered(3)...)
	for _, memory := range []int64{0, 100} {
		c := New(io.MultiReader(bytes.NewReader(b), failing{}), Options{Memory: memory})
		var p frame.Piece
		n, err := 0, error(nil)
		for {
			if err = c.Next(&p); err != nil {
				break
			}
			if p.Kind == frame.Record {
				n++
			}
		}
		c.Close()
		if n != 3 || err != errFailing {
			t.Errorf("memory %d: %d entries, then %v", memory, n, err)
		}
	}
}

type failing struct{}

var errFailing = fmt.Errorf("the disk is gone")

func (failing) Read([]byte) (int, error) { return 0, errFailing }

func FuzzCutter(f *testing.F) {
	for _, m := range methods {
		for _, compact := range []bool{false, true} {
			b, _ := journaltest.Write(journaltest.Options{Compact: compact, Flag: m.flag, Compress: m.compress, Reserve: 32}, numbered(3)...)
			f.Add(b)
			f.Add(b[:len(b)-100])
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a := pieces(t, b, Options{})
		messages(t, a)
		z := pieces(t, b, Options{Memory: 300})
		if fmt.Sprint(a) != fmt.Sprint(z) {
			t.Error("read otherwise from a file than from memory")
		}
	})
}

func BenchmarkCutter(b *testing.B) {
	data, _ := journaltest.Write(journaltest.Options{}, numbered(5000)...)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		c := New(bytes.NewReader(data), Options{})
		var p frame.Piece
		for c.Next(&p) == nil {
		}
		c.Close()
	}
}
