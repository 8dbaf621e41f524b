package scanner

import (
	"testing"

	"tideline/parsers"
	"tideline/scanner/pending"
	"tideline/scanner/ruleset"
)

// A toldDecoder stands for the one that events came from.
type toldDecoder struct {
	parsers.Decoder
	name string
}

// kitReader reads streams with a sink as a reader does.
type kitReader struct {
	*testing.T
	*sink
	rules *ruleset.Ruleset
}

func newKitReader(t *testing.T, rs *ruleset.Ruleset, k *kits) *kitReader {
	return &kitReader{t, newSink(k, &hitBuffer{partial: NewPartial(0)}), rs}
}

// read has the sink see a stream, of whose formats each is decoded with what is taken
// or, where there is nothing to take, with a decoder of that name. It returns the names of
// those that were used.
func (r *kitReader) read(path, name string, formats ...*parsers.Format) (used []string) {
	r.Helper()
	r.start(path, &pending.Hits{})
	for _, f := range formats {
		d, _ := r.Take(f).(toldDecoder)
		if d.name == "" {
			d.name = name
			if r.knows(f) {
				r.Errorf("%s: events of %s are known, though their decoder is new", path, f.Name)
			}
		}
		for _, ev := range likeEvents(r.rules, 8, true) {
			if err := r.Event(f, ev); err != nil {
				r.Fatal(err)
			}
		}
		defer r.Keep(f, d)
		used = append(used, d.name)
	}
	return used
}

// knows reports whether events of a format are known by the numbers of its decoder.
func (r *kitReader) knows(f *parsers.Format) bool {
	return r.forFormat(f).alike.of(&parsers.Event{Like: parsers.Likeness{Number: 1}}) != nil
}

// amplyRoomed are kits for which memory is never short, however much the tests before
// have left.
func amplyRoomed(k *kits) *kits {
	k.short = func() bool { return false }
	return k
}

// TestWhatIsKnownGoesFromSinkToSink: with the decoder, to whoever reads the next stream
// of the format; and what one stream needs of several formats stays together.
func TestWhatIsKnownGoesFromSinkToSink(t *testing.T) {
	rs := testRuleset(t)
	one, two := likeFormats[0], likeFormats[1]
	shared := amplyRoomed(newKits(rs))
	a, b := newKitReader(t, rs, shared), newKitReader(t, rs, shared)
	for _, step := range []struct {
		reader  *kitReader
		path    string
		formats []*parsers.Format
		want    string // the decoders
	}{
		{a, "x/1", []*parsers.Format{one}, "1"},
		{a, "x/2", []*parsers.Format{one}, "1"},
		{b, "x/3", []*parsers.Format{one}, "3"},       // a may be reading
		{a, "x/4", []*parsers.Format{two}, "4"},       // and a needs the other no more
		{b, "x/5", []*parsers.Format{one, two}, "35"}, // b has what it had
		{a, "x/6", []*parsers.Format{one}, "1"},       // as it was left
		{b, "x/7", []*parsers.Format{two, one}, "53"},
		{a, "x/8", []*parsers.Format{two}, "4"},
	} {
		got := ""
		for _, name := range step.reader.read(step.path, step.path[2:], step.formats...) {
			got += name
		}
		if got != step.want {
			t.Errorf("%s was decoded with %s, want %s", step.path, got, step.want)
		}
		for _, f := range step.formats {
			if !step.reader.knows(f) {
				t.Errorf("%s: nothing is known of events of %s behind it", step.path, f.Name)
			}
		}
	}
}

// TestOneKitOfAFormatWaits: they take memory.
func TestOneKitOfAFormatWaits(t *testing.T) {
	rs := testRuleset(t)
	shared := amplyRoomed(newKits(rs))
	var readers []*kitReader
	for range 5 {
		readers = append(readers, newKitReader(t, rs, shared))
		readers[len(readers)-1].read("x/1", "d", likeFormats[0])
	}
	for _, r := range readers {
		r.rest()
		if len(r.held) > 0 {
			t.Errorf("a sink that rests holds %d kits", len(r.held))
		}
	}
	if shared.idle[likeFormats[0]] != readers[0].kit || len(shared.idle) != 1 {
		t.Error("the kit that was given back first does not wait, or not alone")
	}
	if !shared.drop() || shared.drop() || len(shared.idle) > 0 {
		t.Error("kits that wait cannot be let go")
	}
}

// TestNoKitWaitsWhenMemoryIsShort: nor do sinks know what they knew before.
func TestNoKitWaitsWhenMemoryIsShort(t *testing.T) {
	rs := testRuleset(t)
	shared, short := newKits(rs), false
	shared.short = func() bool { return short }
	r := newKitReader(t, rs, shared)
	r.read("x/1", "1", likeFormats[0])
	r.rest()
	if len(shared.idle) != 1 {
		t.Fatal("no kit waits, though memory is not short")
	}
	if used := r.read("x/2", "2", likeFormats[0]); used[0] != "1" {
		t.Errorf("x/2 was decoded with %s, want what x/1 was decoded with", used)
	}
	short = true
	if used := r.read("x/3", "3", likeFormats[0]); used[0] != "3" {
		t.Errorf("x/3 was decoded with %s, though memory is short", used)
	}
	r.rest()
	if len(shared.idle) != 0 || len(r.held) != 0 {
		t.Error("a kit waits, or is held, though memory is short")
	}
}
