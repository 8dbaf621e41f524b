package correlate_test

import (
	"errors"
	"fmt"
	"math/rand"
	"reflect"
	"slices"
	"testing"
	"time"

	"tideline/scanner/correlate"
)

// noisy are correlations over a long time, each of a type that can be thinned.
var noisy = []string{
	"{type: event_count, rules: [a], group-by: [u], timespan: 1d, condition: {gte: 5}}",
	"{type: value_count, rules: [a], group-by: [u], timespan: 2h, condition: {gte: 4, field: v}}",
	"{type: value_count, rules: [a, b], group-by: [u], timespan: 40s, condition: {gte: 3, field: v}}",
	"{type: value_count, rules: [a], group-by: [u], timespan: 100s, condition: {gt: 6, field: v}}",
	"{type: temporal, rules: [a, b, d], group-by: [u], timespan: 90s}",
	"{type: temporal_ordered, rules: [a, b, d], group-by: [u], timespan: 2m}",
	"{type: temporal_ordered, rules: [b, a], group-by: [u], timespan: 30s}",
}

// told runs matches through an engine, and says which windows fired and when
// they ended, how many events each had, and how many matches were given up.
func told(t *testing.T, matches []string, most int) (fired []string, events int, evicted int64) {
	t.Helper()
	set := load(t, noisy...)
	e := correlate.New(set, correlate.Options{MaxState: most})
	fire := func(f correlate.Fired) error {
		fired = append(fired, fmt.Sprint(f.Correlation, f.Group, f.Last.Format(time.TimeOnly)))
		events += len(f.Refs) + f.More
		return nil
	}
	for i, m := range matches {
		if err := e.Add(input(t, set, i+1, m), fire); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(fire); err != nil {
		t.Fatal(err)
	}
	slices.Sort(fired)
	return fired, events, e.Evicted()
}

// TestThinnedWindowsFireLikeWholeOnes: a flood of one principal, and others in
// between, in little state and in as much as they want.
func TestThinnedWindowsFireLikeWholeOnes(t *testing.T) {
	thinned := 0
	for seed := range 60 {
		r := rand.New(rand.NewSource(int64(seed)))
		var matches []string
		second := 0
		for range 3000 {
			second += r.Intn(3)
			rule, user, value := "a", "noise", "same"
			if r.Intn(40) == 0 {
				rule = []string{"a", "b", "d"}[r.Intn(3)]
			}
			if r.Intn(60) == 0 {
				user = []string{"x", "y"}[r.Intn(2)]
			}
			if r.Intn(50-seed%50) == 0 {
				value = fmt.Sprint("v", r.Intn(5+seed*seed))
			}
			matches = append(matches, fmt.Sprintf("%d %s u=%s v=%s", second, rule, user, value))
		}
		want, all, _ := told(t, matches, 1<<20)
		got, few, evicted := told(t, matches, 8000)
		if evicted != 0 {
			t.Fatalf("seed %d: %d matches were given up", seed, evicted)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: fired\n%v\nwant\n%v", seed, got, want)
		}
		if few < len(matches) {
			t.Errorf("seed %d: %d events of %d are told of", seed, few, all)
		}
		if few != all {
			thinned++
		}
	}
	t.Logf("other numbers of events in %d of 60", thinned)
}

// TestFloodNeedsNoMoreState: one principal without end gives up nothing, and a
// rule that comes at last still completes what waits for it.
func TestFloodNeedsNoMoreState(t *testing.T) {
	set := load(t, noisy[0], noisy[1], "{type: temporal_ordered, rules: [a, b], group-by: [u], timespan: 30d}")
	e := correlate.New(set, correlate.Options{MaxState: 5000})
	var fired []correlate.Fired
	fire := func(f correlate.Fired) error { fired = append(fired, f); return nil }
	const flood = 200_000
	for i := range flood {
		in := input(t, set, i+1, "0 a u=noise v=same")
		in.Time = start.Add(time.Duration(i) * 100 * time.Millisecond)
		if err := e.Add(in, fire); err != nil {
			t.Fatal(err)
		}
	}
	last := input(t, set, flood+1, "0 b u=noise v=same")
	last.Time = start.Add(flood * 100 * time.Millisecond)
	if err := e.Add(last, fire); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(fire); err != nil {
		t.Fatal(err)
	}
	if e.Evicted() != 0 {
		t.Errorf("%d matches were given up", e.Evicted())
	}
	counts := map[int]int{}
	for _, f := range fired {
		counts[f.Correlation] += len(f.Refs) + f.More
	}
	if len(fired) != 2 || counts[0] != flood || counts[2] != flood+1 {
		t.Errorf("%d windows fired, with events %v", len(fired), counts)
	}
}

// TestLargeWindowIsThinnedWithoutNeed: there is room for all, but what it would
// be filled with says nothing. Stopping and going on changes nothing.
func TestLargeWindowIsThinnedWithoutNeed(t *testing.T) {
	set := load(t, noisy[0], noisy[1], "{type: temporal, rules: [a, b], group-by: [u], timespan: 30d}")
	const flood = 100_000
	run := func(stops ...int) (fired []correlate.Fired, most int) {
		e := correlate.New(set, correlate.Options{})
		fire := func(f correlate.Fired) error { fired = append(fired, f); return nil }
		for i := range flood {
			in := input(t, set, i+1, "0 a u=noise v=same")
			in.Time = start.Add(time.Duration(i) * 100 * time.Millisecond)
			if err := e.Add(in, fire); err != nil {
				t.Fatal(err)
			}
			if slices.Contains(stops, i) {
				saved, members := e.Save(), 0
				for _, w := range saved.Windows {
					members += len(w.Members)
				}
				most = max(most, members)
				e = correlate.New(set, correlate.Options{})
				if err := e.Resume(saved); err != nil {
					t.Fatal(err)
				}
			}
		}
		last := input(t, set, flood+1, "0 b u=noise v=same")
		last.Time = start.Add(flood * 100 * time.Millisecond)
		if err := errors.Join(e.Add(last, fire), e.Close(fire)); err != nil {
			t.Fatal(err)
		}
		return fired, most
	}
	want, _ := run()
	got, most := run(5000, 16_380, 16_390, 50_000, 99_999)
	if !reflect.DeepEqual(got, want) {
		t.Error("stopping changes what is told")
	}
	if most == 0 || most > 60_000 {
		t.Errorf("%d matches were kept", most)
	}
	for _, f := range want {
		if n := len(f.Refs) + f.More; n < flood {
			t.Errorf("window of %d has %d events, want %d", f.Correlation, n, flood)
		}
	}
}

// TestFloodOfOneInstantIsThinned: matches of one instant begin as many chains as
// they are. Rules come in every order, and stopping changes nothing.
func TestFloodOfOneInstantIsThinned(t *testing.T) {
	set := load(t, "{type: temporal_ordered, rules: [a, b, d], group-by: [u], timespan: 1h}")
	const flood = 40_000
	fired := 0
	for seed := range 12 {
		r := rand.New(rand.NewSource(int64(seed)))
		var matches []string
		for i := range flood {
			rule := "b"
			if r.Intn(flood/3) == 0 {
				rule = []string{"a", "d"}[r.Intn(2)]
			}
			matches = append(matches, fmt.Sprintf("%d %s u=noise", i/(flood/2), rule))
		}
		run := func(stops ...int) (ends []string, most int) {
			e := correlate.New(set, correlate.Options{})
			fire := func(f correlate.Fired) error { ends = append(ends, fmt.Sprint(f.Last, len(f.Refs)+f.More)); return nil }
			for i, m := range matches {
				if err := e.Add(input(t, set, i+1, m), fire); err != nil {
					t.Fatal(err)
				}
				if slices.Contains(stops, i) {
					saved := e.Save()
					for _, w := range saved.Windows {
						most = max(most, len(w.Members))
					}
					e = correlate.New(set, correlate.Options{})
					if err := e.Resume(saved); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := e.Close(fire); err != nil {
				t.Fatal(err)
			}
			return ends, most
		}
		want, _ := run()
		got, most := run(16_500, 20_000, 33_000)
		if !slices.Equal(got, want) {
			t.Errorf("seed %d: %v, want %v", seed, got, want)
		}
		if most > 20_000 {
			t.Errorf("seed %d: %d matches were kept", seed, most)
		}
		fired += len(want)
	}
	if fired == 0 || fired == 12 {
		t.Errorf("%d of 12 fired: the test decides nothing", fired)
	}
}
