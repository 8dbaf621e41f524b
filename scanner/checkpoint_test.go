package scanner

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/tally"
)

// inNights concludes over hits in several runs, each of which goes on where the
// one before stopped, by way of a file, and returns the report of the last.
func inNights(t *testing.T, rs *ruleset.Ruleset, hits []*finding.Hit, stops []time.Time) string {
	t.Helper()
	var b *nightBase
	all := countedHits(t, false, hits) // of all nights, for the aggregates
	for i := 0; ; i++ {
		var news []*finding.Hit
		for _, h := range hits {
			if b == nil || !h.Time.Before(b.At) {
				news = append(news, h)
			}
		}
		p := partialOf(t, 40_000, news...)
		p.Aggregates = all.Aggregates
		c := newConcluder(context.Background(), rs, []*parsers.Format{}, ReportOptions{})
		if b != nil {
			c.span.base = &b.checkpoint
		}
		if i < len(stops) {
			c.span.marks = stops[i : i+1]
		}
		var file bytes.Buffer
		c.span.marked = func(stopped *checkpoint) error {
			return (&nightBase{checkpoint: *stopped, sums: tally.NewAggregates()}).write(&file, time.Time{})
		}
		r, err := c.run([]*Partial{p})
		if err != nil {
			t.Fatal(err)
		}
		if i == len(stops) {
			return rendered(t, r)
		}
		r.Close()
		c.close()
		if b, err = readBase(&file, 40_000, func(s string) string { return s }); err != nil {
			t.Fatal(err)
		}
	}
}

func rendered(t testing.TB, r *Report) string {
	t.Helper()
	defer r.Close()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", " ")
	if err := enc.Encode(&r.Overview); err != nil {
		t.Fatal(err)
	}
	if err := r.Each(context.Background(), func(f *finding.Finding) error { return enc.Encode(f) }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestNightsConcludeWhatOneRunConcludes stops at random moments.
func TestNightsConcludeWhatOneRunConcludes(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing in it runs side by side")
	}
	r, rs := rand.New(rand.NewSource(4)), testRuleset(t)
	for name, hits := range map[string][]*finding.Hit{"crowd": crowd(r, 1500), "bursts": manyHits()} {
		want := render(t, []*Partial{countedHits(t, false, hits)}, rs, ReportOptions{})
		if !strings.Contains(want, "several secrets in ten minutes") {
			t.Fatalf("%s: no correlation fired", name)
		}
		for round := range 6 {
			var stops []time.Time
			for range 1 + r.Intn(6) {
				stops = append(stops, hits[r.Intn(len(hits))].Time.Time)
			}
			slices.SortFunc(stops, time.Time.Compare)
			if got := inNights(t, rs, hits, stops); got != want {
				a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
				for i := range a {
					if i >= len(b) || a[i] != b[i] {
						t.Fatalf("%s, round %d, stops %v: line %d\n got  %.300s\n want %.300s", name, round, stops, i, a[i], b[min(i, len(b)-1)])
					}
				}
			}
		}
	}
}

// TestLateHitsAreCountedAndCorrelatedAmongThemselves gives a run hits of before
// the checkpoint that it goes on from.
func TestLateHitsAreCountedAndCorrelatedAmongThemselves(t *testing.T) {
	rs := testRuleset(t)
	early := []*finding.Hit{readHit("eve", "prod", "db", "allowed", 1), readHit("eve", "prod", "tls", "allowed", 2)}
	c := newConcluder(context.Background(), rs, []*parsers.Format{}, ReportOptions{})
	defer c.close()
	c.span.marks = []time.Time{time.Unix(50_000, 0)}
	var base *checkpoint
	c.span.marked = func(stopped *checkpoint) error { base = stopped; return nil }
	if r, err := c.run([]*Partial{partialOf(t, 0, early...)}); err != nil {
		t.Fatal(err)
	} else {
		r.Close()
	}
	next := newConcluder(context.Background(), rs, []*parsers.Format{}, ReportOptions{})
	next.span.base = base
	late := []*finding.Hit{readHit("eve", "prod", "db", "allowed", 3), readHit("bob", "prod", "a", "allowed", 4),
		readHit("bob", "prod", "b", "allowed", 5), readHit("bob", "prod", "c", "allowed", 6)}
	r, err := next.run([]*Partial{partialOf(t, 0, late...)})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var got []string
	counts := map[string]int64{}
	if err := r.Each(context.Background(), func(f *finding.Finding) error {
		got = append(got, f.Summary)
		counts[f.Summary] = f.Count
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := []string{"eve read secret db", "eve read secret tls", "bob read secret a", "bob read several secrets in ten minutes", "bob read secret b", "bob read secret c"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || counts["eve read secret db"] != 2 {
		t.Errorf("%q, %v; want %q: eve's third secret is not there", got, counts, want)
	}
}

// TestDamagedCheckpointIsRefused cuts a checkpoint at every few bytes.
func TestDamagedCheckpointIsRefused(t *testing.T) {
	rs := testRuleset(t)
	c := newConcluder(context.Background(), rs, []*parsers.Format{}, ReportOptions{})
	defer c.close()
	c.span.marks = []time.Time{time.Unix(10_000, 0)}
	var file bytes.Buffer
	c.span.marked = func(stopped *checkpoint) error {
		return (&nightBase{checkpoint: *stopped, sums: tally.NewAggregates()}).write(&file, time.Time{})
	}
	r, err := c.run([]*Partial{partialOf(t, 0, manyHits()...)})
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	whole := file.Bytes()
	for i := 0; i < len(whole); i += 97 {
		if _, err := readBase(bytes.NewReader(whole[:i]), 0, func(s string) string { return s }); err == nil {
			t.Fatalf("cut at %d: not noticed", i)
		}
	}
}
