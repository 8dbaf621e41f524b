package scanner

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/pending"
	"tideline/scanner/ruleset"
	"tideline/scanner/tally"
)

// likeFields is a view with the fields verb and namespace, and a number that no
// field has.
type likeFields struct {
	rules  *ruleset.Ruleset
	verb   string
	number int
}

func (f likeFields) Values(dst [][]byte, field int) [][]byte {
	switch f.rules.Set.Fields()[field] {
	case "verb":
		return append(dst, []byte(f.verb))
	case "namespace":
		return append(dst, []byte("prod"))
	}
	return dst
}

func (f likeFields) Keywords(dst [][]byte) [][]byte {
	return append(dst, []byte("token-"+f.verb), fmt.Appendf(nil, "%x%x", f.number, f.number))
}

var likeFormats = [2]*parsers.Format{
	{Name: "kubernetes-audit", Kinds: []parsers.Kind{{Name: "audit", Sources: []parsers.LogSource{{Product: "kubernetes", Service: "audit"}}}}},
	{Name: "kubernetes-audit-copy", Kinds: []parsers.Kind{{Name: "audit", Sources: []parsers.LogSource{{Product: "kubernetes", Service: "audit"}}}}},
}

// likeEvents are events of four requests in turn, one of which a rule matches,
// each said to be like the first of its kind if said is set.
func likeEvents(rs *ruleset.Ruleset, n int, said bool) []*parsers.Event {
	var out []*parsers.Event
	for i := range n {
		kind := i % 4
		verb := []string{"list", "get", "update", "watch"}[kind]
		ev := &parsers.Event{
			Time: time.Date(2026, 3, 1, 10, 0, 17*i, 0, time.UTC), Pos: []parsers.Pos{{Line: int64(i + 1), Offset: int64(100 * i), Length: 99}}, Raw: [][]byte{[]byte("{}")},
			Origin: parsers.Origin{Host: "n1"}, Views: []parsers.View{{Fields: likeFields{rs, verb, i}}},
			Facts: parsers.Facts{Actor: parsers.KubernetesUser, Name: fmt.Appendf(nil, "user-%d", kind), Action: []byte(verb), Kind: []byte("secrets"),
				Namespace: []byte("prod"), Target: fmt.Appendf(nil, "db-%d", kind), Outcome: parsers.Outcome(kind), Details: [][]byte{[]byte("Metadata")}},
			Request: parsers.Request{ID: fmt.Appendf(nil, "id-%d", i), Stage: []byte("ResponseComplete")},
		}
		if said {
			ev.Like = parsers.Likeness{Number: kind + 1, First: i < 4 || i == 21}
		}
		out = append(out, ev)
	}
	return out
}

// linesOf are aggregates as a partial result has them.
func linesOf(t *testing.T, a *tally.Aggregates) string {
	t.Helper()
	var out strings.Builder
	enc := json.NewEncoder(&out)
	if err := a.Lines(func(l tally.Line) error { return enc.Encode(l) }); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// counts runs events through a sink, two formats in turn, and returns what it
// counted and the hits it kept.
func counts(t *testing.T, rs *ruleset.Ruleset, said, echoing bool) (string, string) {
	t.Helper()
	p := NewPartial(0)
	if echoing {
		p.echoes = echo.New()
	}
	defer p.Close()
	s := newSink(newKits(rs), &hitBuffer{partial: p})
	for range 2 { // two streams: what is known of one must not be taken for the other's
		s.start("audit.log", &pending.Hits{})
		for i, ev := range likeEvents(rs, 60, said) {
			if err := s.Event(likeFormats[i/7%2], ev); err != nil {
				t.Fatal(err)
			}
		}
	}
	counts := linesOf(t, s.tally.Take())
	hits := ""
	if err := p.EachHit(func(h *finding.Hit) error {
		hits += fmt.Sprintln(h.Rule, h.Time, h.Source.Path, h.Source.Pos, h.Stage, echo.RequestHash(h.Request), h.Actor, h.Summary)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return counts, hits
}

// TestEventsThatAreAlikeCountAsAny: the statistics and the hits are the same as
// if every event was looked at.
func TestEventsThatAreAlikeCountAsAny(t *testing.T) {
	rs := testRuleset(t)
	want, hits := counts(t, rs, false, false)
	for _, echoing := range []bool{false, true} {
		for _, said := range []bool{false, true} {
			if got, gotHits := counts(t, rs, said, echoing); got != want || gotHits != hits {
				t.Errorf("said %v, echoes %v:\n%s%s\nwant\n%s%s", said, echoing, gotHits, got, hits, want)
			}
		}
	}
	if n := strings.Count(hits, "\n"); n != 30 {
		t.Errorf("%d hits, want those of the 30 gets", n)
	}
}

// TestLikenessIsUsed: what is boring is looked at once, and so is what has hits
// whose repetitions may be kept as echoes.
func TestLikenessIsUsed(t *testing.T) {
	rs := testRuleset(t)
	for _, c := range []struct {
		number int
		echoes bool
		want   bool
	}{{1, false, true}, {2, false, false}, {2, true, true}, {3, false, true}} {
		p := NewPartial(0)
		if c.echoes {
			p.echoes = echo.New()
		}
		s := newSink(newKits(rs), &hitBuffer{partial: p})
		s.start("audit.log", &pending.Hits{})
		for _, ev := range likeEvents(rs, 8, true) {
			if err := s.Event(likeFormats[0], ev); err != nil {
				t.Fatal(err)
			}
		}
		again := &parsers.Event{Like: parsers.Likeness{Number: c.number}}
		if got := s.forFormat(likeFormats[0]).alike.of(again) != nil; got != c.want {
			t.Errorf("events like %d are known, with echoes %v: %v, want %v", c.number, c.echoes, got, c.want)
		}
	}
}

// TestKeywordsOfEventsThatAreAlike: such events differ in numbers. Of a rule with a
// keyword that may be found in one each is judged by itself, where that decides.
func TestKeywordsOfEventsThatAreAlike(t *testing.T) {
	for _, c := range []struct {
		detection string
		used      bool // what is known of an event is used for those like it
	}{
		{"k: [nothing-like-it]\n  condition: k", true},
		{"k: [token-watch]\n  condition: k", true},
		{"k: [dd]\n  condition: k", false},
		{"k: [nothing, dd]\n  condition: k", false},
		{"k: [dd]\n  s: {namespace: test}\n  condition: k and s", true},
		{"k: [dd]\n  s: {namespace: prod}\n  condition: s and not k", false},
	} {
		rs := ruleset.New([]ruleset.Text{{Path: "k.yml", Data: []byte("title: Word\nid: 11111111-1111-4111-8111-111111111112\nlevel: low\nlogsource: {product: kubernetes}\ndetection:\n  " + c.detection + "\n")}}, ruleset.Options{})
		if len(rs.Problems) > 0 {
			t.Fatal(rs.Problems)
		}
		counted, kept := counts(t, rs, true, true)
		if want, hits := counts(t, rs, false, true); counted != want || kept != hits {
			t.Errorf("%s: with likeness\n%s\n%s\nwithout\n%s\n%s", c.detection, counted, kept, want, hits)
		}
		s := newSink(newKits(rs), &hitBuffer{partial: NewPartial(0)})
		s.start("audit.log", &pending.Hits{})
		for _, ev := range likeEvents(rs, 8, true) {
			if err := s.Event(likeFormats[0], ev); err != nil {
				t.Fatal(err)
			}
		}
		if used := s.forFormat(likeFormats[0]).alike.of(&parsers.Event{Like: parsers.Likeness{Number: 1}}) != nil; used != c.used {
			t.Errorf("%s: what is known is used: %v", c.detection, used)
		}
	}
}

// TestAkinEventsAreJudgedAsAny: what rules make of events is the same, whatever is
// said of others that have most of their values, and of no stream is it taken for
// that of another.
func TestAkinEventsAreJudgedAsAny(t *testing.T) {
	rs := testRuleset(t)
	p := NewPartial(0)
	defer p.Close()
	s := newSink(newKits(rs), &hitBuffer{partial: p})
	for stream := range 3 {
		s.start(fmt.Sprintf("audit.log.%d", stream), &pending.Hits{})
		for i, ev := range likeEvents(rs, 80, false) {
			ev.Akin = uint64(1 + (i+stream)%4)
			if err := s.Event(likeFormats[0], ev); err != nil {
				t.Fatal(err)
			}
			if get := i%4 == 1; get != (len(s.event.hits) > 0) {
				t.Fatalf("stream %d, event %d: hits %v", stream, i, s.event.hits)
			}
		}
	}
	verb, _ := rs.Set.FieldIndex("verb")
	s.start("audit.log.varies", &pending.Hits{})
	for i, ev := range likeEvents(rs, 80, false) {
		ev.Akin, ev.Views[0].Varies = 1, &parsers.Variation{Fields: []int{verb}}
		if err := s.Event(likeFormats[0], ev); err != nil {
			t.Fatal(err)
		}
		if get := i%4 == 1; get != (len(s.event.hits) > 0) {
			t.Fatalf("event %d: hits %v", i, s.event.hits)
		}
	}
}

// TestWhatIsKnownOfEventsGoesOnWithTheDecoder: of streams of one folder that are counted
// together, as long as a decoder decodes one after the other. Who has no name is told
// by the folder, and of each stream it is told which rules matched in it.
func TestWhatIsKnownOfEventsGoesOnWithTheDecoder(t *testing.T) {
	rs := testRuleset(t)
	f := likeFormats[0]
	paths := []string{"a/audit.log", "a/audit.log.1", "b/audit.log", "b/audit.log.1", "b/audit.log.2"}
	run := func(said bool) string {
		p := NewPartial(0)
		defer p.Close()
		p.echoes = echo.New()
		s := newSink(newKits(rs), &hitBuffer{partial: p})
		var out strings.Builder
		tell := func() {
			a := s.tally.Take()
			for _, row := range a.Sorted() {
				fmt.Fprintf(&out, "%+v\n", row)
			}
		}
		for stream, path := range paths {
			if stream == 4 { // as in a night, where each input is a part of its own
				tell()
				s.begin(s.partial)
			}
			s.start(path, &pending.Hits{})
			s.Take(f)
			if said && stream > 0 {
				known := s.forFormat(f).alike.of(&parsers.Event{Like: parsers.Likeness{Number: 1}}) != nil
				if same := stream != 2 && stream != 4; known != same {
					t.Errorf("%s: what is known is known still: %v, want %v", path, known, same)
				}
			}
			for i, ev := range likeEvents(rs, 40, false) {
				ev.Time = ev.Time.Add(time.Duration(stream) * time.Hour)
				if ev.Origin.Host = ""; i%4 != 1 { // whose hits are repetitions of one another
					ev.Facts.Name, ev.Facts.Actor = nil, parsers.DockerClient
				}
				if said {
					ev.Like = parsers.Likeness{Number: i%4 + 1, First: stream == 0 && i < 4}
				}
				if err := s.Event(f, ev); err != nil {
					t.Fatal(err)
				}
			}
			fmt.Fprintln(&out, path, s.reach())
			s.Keep(f, toldDecoder{})
		}
		tell()
		if err := p.EachHit(func(h *finding.Hit) error {
			fmt.Fprintln(&out, h.Rule, h.Time, h.Source.Path, h.Source.Pos, h.Actor)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	got, want := run(true), run(false)
	if got != want {
		t.Errorf("with one decoder\n%s\nwith new ones\n%s", got, want)
	}
	if !strings.Contains(want, "docker:a") || !strings.Contains(want, "docker:b") || strings.Count(want, "b/audit.log") < 10 {
		t.Errorf("nothing was shown:\n%s", want)
	}
}

// A sink that hands its statistics over, again and again, must have counted
// what one that need not has counted, events like others included.
func TestHandingOverLosesNothing(t *testing.T) {
	rs := testRuleset(t)
	count := func(said bool, every int) string {
		p := NewPartial(0)
		defer p.Close()
		s := newSink(newKits(rs), &hitBuffer{partial: p})
		s.start("audit.log", &pending.Hits{})
		for i := range 3 * 8192 { // so many rows and more are handed over without being asked for
			ev := likeEvents(rs, 4, said)[i%4]
			ev.Like.First = ev.Like.First && i < 4
			ev.Time = ev.Time.Add(time.Duration(i) * time.Second)
			if i%4 == 2 {
				ev.Facts.Name, ev.Like = fmt.Appendf(nil, "user-%d", i), parsers.Likeness{}
			}
			if err := s.Event(likeFormats[0], ev); err != nil {
				t.Fatal(err)
			}
			if every > 0 && i%every == 0 {
				s.handOver()
			}
		}
		s.partial.merge(s.tally)
		return linesOf(t, p.Aggregates)
	}
	want := count(false, 0)
	for _, every := range []int{0, 1, 7, 100} {
		if got := count(true, every); got != want {
			t.Errorf("handed over every %d events: other counts", every)
		}
	}
}
