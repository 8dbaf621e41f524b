package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"tideline/parsers"
)

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"plain":    {"A x\nA y\n", []string{"alpha 1:0  A x", "alpha 2:4  A y"}},
		"json":     {"{\"alpha\":1}\n[{\"alpha\":2}]\n", []string{`alpha 1:0  {"alpha":1}`, `alpha 2:13  {"alpha":2}`, "note json.brackets 2:12 bytes=2 count=2", "note text.blank 2:25 bytes=1 count=1"}},
		"mixed":    {"A x\nB y\nA z\n", []string{"alpha 1:0  A x", "alpha 3:8  A z", "beta 2:4  B y"}},
		"wrapped":  {"<A x|A y>\n<A z>\n", []string{"alpha 1:0 angle A x", "alpha 1:0 angle A y", "alpha 2:10 angle A z"}},
		"nested":   {"<<A x>>\n", []string{"alpha 1:0 angle>angle A x"}},
		"too-deep": {"A 1\n<<<<<A x>>>>>\n", []string{"alpha 1:0  A 1", "gap line.unknown 2:4 bytes=14 count=1"}},
		"unknown-lines": {"A x\n?\nA y\n??\n", []string{
			"alpha 1:0  A x", "alpha 3:6  A y", "gap line.unknown 2:4 bytes=5 count=2"}},
		"unknown-inside": {"<A x|?>\n", []string{"alpha 1:0 angle A x", "gap env.unknown_part 1:0 bytes=0 count=1"}},
		"empty-envelope": {"A x\n<>\n", []string{"alpha 1:0  A x", "note env.empty 2:4 bytes=3 count=1"}},
		"errors": {"A!gap\nA!note\nA!kept\nA!gap\n", []string{
			"alpha 3:13  A!kept", "gap alpha.gap 1:0 bytes=12 count=2", "note alpha.note 2:6 bytes=7 count=1", "note alpha.kept"}},
		"error-beside-event": {"<A!gap|A x>\n", []string{"alpha 1:0 angle A x", "gap alpha.gap 1:0 bytes=0 count=1"}},
		"errors-in-one":      {"A x\n<A!note|A!gap|A!note>\n", []string{"alpha 1:0  A x", "gap alpha.gap 2:4 bytes=22 count=1", "note alpha.note 2:4 bytes=0 count=2"}},
		"output":             {"out hello\nout A x\nout <A y>\nout bye\n", []string{"container-log 1:0  out hello", "alpha 2:10 out A x", "alpha 3:18 out>angle A y", "container-log 4:28  out bye"}},
		"output-in-envelope": {"<out hello|out A x>\n", []string{"container-log 1:0 angle out hello", "alpha 1:0 angle>out A x"}},
	} {
		t.Run(name, func(t *testing.T) {
			pad, _ := read(t, fakeReader(), strings.NewReader(c.in), parsers.ReadOptions{})
			if name == "errors" {
				c.want[3] = "gap alpha.kept 3:13 bytes=0 count=1"
			}
			got, want := slices.Clone(pad.lines), slices.Clone(c.want)
			got = slices.DeleteFunc(got, func(l string) bool { return strings.HasPrefix(l, "note env.unwrapped") })
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(pad.lines, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestUnrecognisedStreamIsOneNote(t *testing.T) {
	for in, looks := range map[string]string{
		"": "empty", " \n": "blank", "some words\nand more\n": "text", "{\"a\":1}\n[1]\n": "JSON",
		"\x7fELF\x01\x02\x03": "binary (ELF)", "\x89PNG\r\n\x1a\n": "image (PNG)", "LPKSHHRH...": "systemd journal",
		"PAR1xxx": "table (Parquet)", "SQLite format 3\x00\x10": "database (SQLite)", "\x01\x02\x03\x04\n": "binary",
	} {
		pad, a := read(t, fakeReader(), strings.NewReader(in), parsers.ReadOptions{MaxRecord: 8})
		if a.Looks != looks || a.Format != "" {
			t.Errorf("%q: %+v", in, a)
		}
		if len(pad.remarks) != 1 || pad.remarks[0].Code != "file.unrecognised" || pad.remarks[0].Gap || pad.remarks[0].Bytes != int64(len(in)) {
			t.Errorf("%q: %v", in, pad.lines)
		}
	}
}

func TestRefusalsAreExplained(t *testing.T) {
	pad, _ := read(t, fakeReader(), strings.NewReader("<words>\n"), parsers.ReadOptions{})
	want := "; alpha: does not begin with A; beta: does not begin with B; " + outputName + ": does not begin with out "
	if len(pad.remarks) != 1 || !strings.HasSuffix(pad.remarks[0].Reason, want) {
		t.Errorf("got %+v, want one that ends in %q", pad.remarks, want)
	}
}

func TestClaimedGapStaysInUnrecognisedStream(t *testing.T) {
	pad, a := read(t, fakeReader(), strings.NewReader("A!gap\nwords\n"), parsers.ReadOptions{})
	if a.Bytes.Gaps != 6 || a.Bytes.Notes != 6 {
		t.Errorf("%+v %q", a.Bytes, pad.lines)
	}
}

func TestAccount(t *testing.T) {
	_, a := read(t, fakeReader(), strings.NewReader("A x\nB y\nA z\n<B w>\n??\n"), parsers.ReadOptions{})
	want := parsers.Account{
		Format: "alpha", Envelope: "angle", Records: 5, Recognised: 4, Events: 4,
		Bytes: parsers.Bytes{Read: 21, Events: 18, Gaps: 3},
	}
	if !reflect.DeepEqual(a, want) {
		t.Errorf("got  %+v\nwant %+v", a, want)
	}
}

func TestUnwrappedRecordsAreCounted(t *testing.T) {
	pad, _ := read(t, fakeReader(), strings.NewReader("A x\n<A y|A z>\n"), parsers.ReadOptions{})
	want := []string{"alpha 1:0  A x", "alpha 2:4 angle A y", "alpha 2:4 angle A z", "note env.unwrapped 2:4 bytes=0 count=2"}
	if !slices.Equal(pad.lines, want) {
		t.Errorf("got %q", pad.lines)
	}
}

func TestGivenFormat(t *testing.T) {
	pad, a := read(t, fakeReader(), strings.NewReader("A x\nB y\n"), parsers.ReadOptions{Format: "beta"})
	if a.Format != "beta" || a.Events != 1 || a.Bytes.Gaps != 4 {
		t.Errorf("%+v %q", a, pad.lines)
	}
	_, err := fakeReader().Read(context.Background(), parsers.Stream{Reader: strings.NewReader("")}, parsers.ReadOptions{Format: "gamma"}, []parsers.Sink{pad})
	if err == nil || !strings.Contains(err.Error(), "alpha, beta") {
		t.Errorf("unknown format: %v", err)
	}
}

func TestCutRecordIsSaid(t *testing.T) {
	cause := errors.New("unexpected EOF")
	pad := &notepad{}
	in := io.MultiReader(strings.NewReader("A x\nA y"), iotest.ErrReader(cause))
	a, err := fakeReader().Read(context.Background(), parsers.Stream{Reader: in}, parsers.ReadOptions{}, []parsers.Sink{pad})
	if err != nil || a.Err != cause {
		t.Fatalf("err %v, cause %v", err, a.Err)
	}
	checkAccount(t, a, pad)
	want := []string{"alpha 1:0  A x", "alpha 2:4  A y", "note line.truncated_tail 2:4 bytes=0 count=1"}
	if !slices.Equal(pad.lines, want) {
		t.Errorf("got %q", pad.lines)
	}
}

func TestSinkAndContextEndReading(t *testing.T) {
	for _, in := range []string{"A x\n", "B x\n", "<A x>\n"} {
		_, err := fakeReader().Read(context.Background(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{&notepad{refuse: errRefused}})
		if err != errRefused {
			t.Errorf("%q: %v", in, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := fakeReader().Read(ctx, parsers.Stream{Reader: strings.NewReader("A x\n")}, parsers.ReadOptions{}, []parsers.Sink{&notepad{}}); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
}

// mixedStream is longer than what one lane reads before it shares.
func mixedStream(beta bool) []byte {
	var b bytes.Buffer
	for i := range 60000 {
		fmt.Fprintf(&b, "A record number %d of many, which fill as many pages as there are sinks, and one more\n", i)
		switch {
		case i%1000 == 7:
			fmt.Fprintf(&b, "<A wrapped %d|?>\n", i)
		case i%1000 == 9:
			b.WriteString("A!gap\n?? unknown\n\n")
		case beta && i > 50000 && i%100 == 3:
			fmt.Fprintf(&b, "B late %d\n", i)
		}
	}
	return b.Bytes()
}

func TestManySinksGiveWhatOneGives(t *testing.T) {
	for _, late := range []bool{false, true} {
		in := mixedStream(late)
		one, want := read(t, fakeReader(), bytes.NewReader(in), parsers.ReadOptions{})
		for _, n := range []int{2, 5, 2, 2, 3} {
			asked, yes := 0, 1 // sharing begins when it was asked for so often
			if n != 5 {
				yes = 1 + rand.Intn(200)
			}
			o := parsers.ReadOptions{Share: func() bool { asked++; return asked >= yes }}
			pads, sinks := []*notepad{}, []parsers.Sink{}
			for range n {
				pads = append(pads, &notepad{})
				sinks = append(sinks, pads[len(pads)-1])
			}
			a, err := fakeReader().Read(context.Background(), parsers.Stream{Reader: bytes.NewReader(in)}, o, sinks)
			if err != nil {
				t.Fatal(err)
			}
			checkAccount(t, a, pads...)
			if !reflect.DeepEqual(a, want) {
				t.Errorf("%d sinks from %d on: %+v, one %+v", n, yes, a, want)
			}
			var got []string
			for _, p := range pads {
				inOrder(t, p)
				got = append(got, p.lines...)
			}
			sorted := slices.Clone(one.lines)
			slices.Sort(sorted)
			slices.Sort(got)
			if !slices.Equal(got, sorted) {
				t.Errorf("%d sinks: %d lines, want %d", n, len(got), len(sorted))
			}
		}
	}
}

func inOrder(t *testing.T, p *notepad) {
	last := 0
	for _, l := range p.lines {
		var line, off int
		if n, _ := fmt.Sscanf(l, "alpha %d:%d", &line, &off); n < 2 {
			continue
		}
		if off < last {
			t.Fatalf("%q comes after offset %d", l, last)
		}
		last = off
	}
}

// FuzzRead: whatever is read, the bytes add up, and how they arrive changes
// nothing.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"A x\n<A!gap|B y>\n?\nout A z\n", "[{\"alpha\":1},{\"x\":2}]", "A!note\n\x00\x00\x00<<>>", "\xff\xfeA\x00 \x00x\x00\n\x00", "out x\n{\"alpha\":\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		whole, a := read(t, fakeReader(), bytes.NewReader(in), parsers.ReadOptions{MaxRecord: 64})
		if a.Bytes.Read != int64(len(in)) {
			t.Errorf("read %d of %d bytes", a.Bytes.Read, len(in))
		}
		parts, b := read(t, fakeReader(), iotest.OneByteReader(bytes.NewReader(in)), parsers.ReadOptions{MaxRecord: 64})
		if !reflect.DeepEqual(a, b) || !slices.Equal(whole.lines, parts.lines) {
			t.Errorf("whole %+v %q\nparts %+v %q", a, whole.lines, b, parts.lines)
		}
	})
}
