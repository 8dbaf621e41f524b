package correlate_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tideline/scanner/correlate"
	"tideline/scanner/sigma"
)

// resumed is an engine that knows what e knows, by way of JSON.
func resumed(t testing.TB, e *correlate.Engine, set *sigma.Set) *correlate.Engine {
	t.Helper()
	return resumedWith(t, e, set, correlate.Options{})
}

func resumedWith(t testing.TB, e *correlate.Engine, set *sigma.Set, o correlate.Options) *correlate.Engine {
	t.Helper()
	b, err := json.Marshal(e.Save())
	if err != nil {
		t.Fatal(err)
	}
	var s correlate.Saved
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	out := correlate.New(set, o)
	if err := out.Resume(&s); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(out.Save()); err != nil || string(again) != string(b) {
		t.Fatalf("%v: saved again as\n%s\nwas\n%s", err, again, b)
	}
	saved, held := map[int64]bool{}, map[int64]bool{}
	for _, w := range s.Windows {
		for _, m := range w.Members {
			saved[m.Ref] = true
		}
	}
	if e.Refs(func(ref int64) { held[ref] = true }); !maps.Equal(held, saved) {
		t.Fatalf("windows hold events %v, saved %v", held, saved)
	}
	return out
}

// TestResumedEngineGoesOn interrupts the engine at random places: what fires is
// what fires without.
func TestResumedEngineGoesOn(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var kinds [][]string
	for _, k := range plainKinds {
		kinds = append(kinds, []string{k.correlation})
	}
	kinds = append(kinds, []string{
		"{type: temporal_ordered, rules: [c1, b], group-by: [u], timespan: 1m}",
		"{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 2}}",
		"{type: event_count, rules: [c1], timespan: 1h, condition: {gte: 2}, generate: true}"})
	for _, k := range kinds {
		set := load(t, k...)
		for range 100 {
			var events []string
			now := 0
			for range 1 + r.IntN(40) {
				now += r.IntN(7)
				events = append(events, fmt.Sprintf("%d %c u=%c v=%d", now, "abd"[r.IntN(3)], "xy"[r.IntN(2)], r.IntN(6)))
			}
			want := play(t, correlate.New(set, correlate.Options{}), set, events...)
			if got := playResumed(t, set, r, events); !slices.Equal(got, want) {
				t.Fatalf("%s\n%s\ngot  %q\nwant %q", k, strings.Join(events, "\n"), got, want)
			}
		}
	}
}

func playResumed(t *testing.T, set *sigma.Set, r *rand.Rand, events []string) []string {
	t.Helper()
	var out []string
	fire := func(f correlate.Fired) error {
		var group []string
		for _, g := range f.Group {
			group = append(group, g.Key+"="+g.Value)
		}
		out = append(out, fmt.Sprint(set.Correlations()[f.Correlation].Name, " ", strings.Join(group, ","), " ", f.Refs))
		return nil
	}
	e := correlate.New(set, correlate.Options{})
	for i, line := range events {
		if r.IntN(3) == 0 {
			e = resumed(t, e, set)
		}
		if err := e.Add(input(t, set, i+1, line), fire); err != nil {
			t.Fatal(err)
		}
	}
	if err := resumed(t, e, set).Close(fire); err != nil {
		t.Fatal(err)
	}
	return out
}

// FuzzResume gives engines what no engine saved: it is refused, or does no harm.
func FuzzResume(f *testing.F) {
	set := load(f, "{type: temporal, rules: [c1, b], group-by: [u], timespan: 1m}",
		"{type: value_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 2, field: v}}")
	e := correlate.New(set, correlate.Options{})
	for i, line := range []string{"0 a u=x v=1", "1 a u=x v=2", "2 b u=y"} {
		if err := e.Add(input(f, set, i, line), func(correlate.Fired) error { return nil }); err != nil {
			f.Fatal(err)
		}
	}
	b, err := json.Marshal(e.Save())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"windows":[{"members":[{"inner":1}]}],"open":{"title:c0":[0]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var s correlate.Saved
		if json.Unmarshal(b, &s) != nil {
			return
		}
		e := correlate.New(set, correlate.Options{})
		if err := e.Resume(&s); err != nil {
			if !errors.Is(err, correlate.ErrSaved) {
				t.Error(err)
			}
			return
		}
		nothing := func(correlate.Fired) error { return nil }
		if err := e.Add(input(t, set, 9, "900 a u=x v=7"), nothing); err != nil && !errors.Is(err, correlate.ErrOrder) {
			t.Error(err)
		}
		if err := e.Close(nothing); err != nil {
			t.Error(err)
		}
	})
}

// TestCorrelationsOfOneTitleAreSavedApart: they need no id, and titles need not be
// different.
func TestCorrelationsOfOneTitleAreSavedApart(t *testing.T) {
	text := base
	for n := 2; n < 5; n++ {
		text += fmt.Sprintf("title: same\ncorrelation: {type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: %d}}\n---\n", n)
	}
	set, _ := sigma.Compile(sigma.Parse("test", []byte(text)), sigma.Options{})
	e := correlate.New(set, correlate.Options{})
	fired := map[int]int{}
	fire := func(f correlate.Fired) error { fired[f.Correlation]++; return nil }
	for i := range 4 {
		if err := e.Add(input(t, set, i+1, fmt.Sprintf("%d a u=x", i)), fire); err != nil {
			t.Fatal(err)
		}
		e = resumed(t, e, set)
	}
	if err := e.Close(fire); err != nil {
		t.Fatal(err)
	}
	if want := map[int]int{0: 1, 1: 1, 2: 1}; !maps.Equal(fired, want) {
		t.Errorf("fired %v, want %v", fired, want)
	}
}
