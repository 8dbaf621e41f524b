package spill

import (
	"bufio"
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A parcel has something of each kind that a Coder knows.
type parcel struct {
	Name   string
	Weight int64
	Ready  bool
	Time   time.Time
	Raw    []byte
	Labels []string
	By     map[string][]string
	Inner  *parcel
	List   []parcel
}

func codeParcel(c *Coder, p *parcel) {
	c.Texts(&p.Name)
	c.Int64(&p.Weight)
	c.Bool(&p.Ready)
	c.Time(&p.Time)
	c.Bytes(&p.Raw)
	c.List(&p.Labels)
	c.Lists(&p.By)
	Pointer(c, &p.Inner, p.Inner, codeParcel)
	ListOf(c, &p.List, codeParcel)
}

var parcels = []parcel{
	{},
	{Name: "a", Weight: -1, Ready: true, Time: time.Unix(-5, 7).UTC(), Raw: []byte{0, 0xff}, Labels: []string{"", "x"}},
	{Raw: []byte{}, Labels: []string{}, By: map[string][]string{}, List: []parcel{}},
	{By: map[string][]string{"a": nil, "b": {}, "c": {"d", "\xff"}}, Inner: &parcel{Name: "b", Inner: &parcel{}}, List: []parcel{{Weight: 1 << 62}, {}}},
	{Weight: -1 << 63, Time: time.Unix(0, 0).UTC(), Inner: &parcel{}},
}

// written are items as a run has them.
func written(t testing.TB, items []parcel) []byte {
	t.Helper()
	var b bytes.Buffer
	w, codec := bufio.NewWriter(&b), newItemCodec(codeParcel)
	for i := range items {
		if err := codec.Write(w, &items[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestItemsComeBackAsTheyWere: nil and empty are told apart, and nothing is left of what
// an item was before.
func TestItemsComeBackAsTheyWere(t *testing.T) {
	from, codec := bufio.NewReader(bytes.NewReader(written(t, parcels))), newItemCodec(codeParcel)
	var got parcel
	for i, want := range parcels {
		if err := codec.Read(from, &got); err != nil {
			t.Fatalf("item %d: %v", i, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("item %d came back changed (-want +got):\n%s", i, diff)
		}
	}
	if err := codec.Read(from, &got); err != io.EOF {
		t.Errorf("at the end: %v, want io.EOF", err)
	}
}

// TestDamagedRunsAreErrors: a disk may lie; it must cost an error and no panic.
func TestDamagedRunsAreErrors(t *testing.T) {
	whole := written(t, parcels[3:4])
	read := func(run []byte) error {
		return newItemCodec(codeParcel).Read(bufio.NewReader(bytes.NewReader(run)), new(parcel))
	}
	for n := 1; n < len(whole); n++ {
		if err := read(whole[:n]); err == nil {
			t.Errorf("cut at %d of %d: no error", n, len(whole))
		}
	}
	for i := 1; i < len(whole); i++ {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0xff
		_ = read(damaged) // whatever comes of it, it returns
	}
}

func BenchmarkRun(b *testing.B) {
	run := written(b, []parcel{{Name: "a parcel", Raw: bytes.Repeat([]byte("record "), 100), Labels: []string{"system:masters", "dev"}, Time: time.Unix(1, 2)}})
	codec, w := newItemCodec(codeParcel), bufio.NewWriter(io.Discard)
	from, source := bufio.NewReader(nil), bytes.NewReader(nil)
	b.ReportAllocs()
	for b.Loop() {
		var p parcel
		source.Reset(run)
		from.Reset(source)
		if err := codec.Read(from, &p); err != nil {
			b.Fatal(err)
		}
		if err := codec.Write(w, &p); err != nil {
			b.Fatal(err)
		}
	}
}
