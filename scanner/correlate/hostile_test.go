package correlate_test

import (
	"fmt"
	"slices"
	"testing"

	"tideline/scanner/correlate"
)

// TestHugeNumbersBlindNoSum: who writes a log can write any number. Two of the
// largest must not make a sum of no value, which no bound would ever hold for.
func TestHugeNumbersBlindNoSum(t *testing.T) {
	for _, c := range []struct {
		name, condition string
		events, want    []string
	}{
		{"a sum beyond the largest float", "value_sum",
			[]string{"0 a u=x v=1.7e308", "1 a u=x v=1.7e308"}, []string{"c0 u=x [1 2]"}},
		{"small numbers count once the huge ones are gone", "value_sum",
			[]string{"0 a u=x v=-1.7e308", "1 a u=x v=-1.7e308", "11 a u=x v=50", "12 a u=x v=60"}, []string{"c0 u=x [3 4]"}},
		{"a number that no float holds", "value_sum", []string{"0 a u=x v=1e999"}, []string{"c0 u=x [1]"}},
		{"an average of them", "value_avg", []string{"0 a u=x v=1.7e308", "1 a u=x v=1.7e308"}, []string{"c0 u=x [1 2]"}},
		{"the median of numbers far apart", "value_median", []string{"0 a u=x v=-1.7e308", "5 a u=x v=1.7e308", "6 a u=x v=1.7e308"}, []string{"c0 u=x [1 2 3]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := load(t, "{type: "+c.condition+", rules: [a], group-by: [u], timespan: 10s, condition: {gte: 100, field: v}}")
			if got := play(t, correlate.New(set, correlate.Options{}), set, c.events...); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestResumedEngineThinsLikeOneThatWentOn: when windows are thinned for lack of
// state depends on what came since they were last, in another run or in this one.
func TestResumedEngineThinsLikeOneThatWentOn(t *testing.T) {
	set := load(t, "{type: value_count, rules: [a], group-by: [u], timespan: 1d, condition: {gte: 3, field: v}}")
	o := correlate.Options{MaxState: 800}
	run := func(resume int) (fired []string, evicted int64) {
		e := correlate.New(set, o)
		fire := func(f correlate.Fired) error {
			fired = append(fired, fmt.Sprint(f.Group, len(f.Refs), f.More))
			return nil
		}
		for i := range 2500 {
			if i == resume {
				e = resumedWith(t, e, set, o)
			}
			if err := e.Add(input(t, set, i+1, fmt.Sprintf("%d a u=%d v=%d", i, i%3, i/1200)), fire); err != nil {
				t.Fatal(err)
			}
		}
		if err := e.Close(fire); err != nil {
			t.Fatal(err)
		}
		return fired, e.Evicted()
	}
	fired, evicted := run(-1)
	if len(fired) == 0 || evicted > 0 {
		t.Fatalf("fired %q, %d given up: the flood was to be thinned, and no more", fired, evicted)
	}
	for at := 700; at < 2000; at += 33 {
		if f, n := run(at); n != evicted || !slices.Equal(f, fired) {
			t.Fatalf("resumed at %d: %d given up, want %d; fired %q, want %q", at, n, evicted, f, fired)
		}
	}
}

// TestOneEventIsSummedOnce: an event that two of the counted rules match carried
// its bytes once.
func TestOneEventIsSummedOnce(t *testing.T) {
	for _, c := range []struct {
		correlation string
		events      []string
		want        []string
	}{
		{"{type: value_sum, rules: [a, b], group-by: [u], timespan: 10s, condition: {gte: 100, field: v}}",
			[]string{"0 a u=x v=60", "+0 b u=x v=60"}, nil},
		{"{type: value_sum, rules: [a, b], group-by: [u], timespan: 10s, condition: {gte: 100, field: v}}",
			[]string{"0 a u=x v=60", "+0 b u=x v=60", "1 b u=x v=60"}, []string{"c0 u=x [1 2]"}},
		{"{type: value_sum, rules: [a, b], group-by: [u], timespan: 10s, condition: {gte: 100, field: v}}", // the first slides out
			[]string{"0 a u=x v=60", "+0 b u=x v=60", "11 a u=x v=60", "+11 b u=x v=60", "12 a u=x v=40"}, []string{"c0 u=x [2 3]"}},
		{"{type: value_avg, rules: [a, b], group-by: [u], timespan: 10s, condition: {gte: 50, field: v}}",
			[]string{"0 a u=x v=0", "1 a u=x v=90", "+1 b u=x v=90"}, nil},
		{"{type: value_sum, rules: [a, b], group-by: [u], timespan: 10s, condition: {gte: 100, field: n}, aliases: {n: {a: v, b: w}}}", // two fields are two numbers
			[]string{"0 a u=x v=60 w=50", "+0 b u=x v=60 w=50"}, []string{"c0 u=x [1]"}},
	} {
		set := load(t, c.correlation)
		if got := play(t, correlate.New(set, correlate.Options{}), set, c.events...); !slices.Equal(got, c.want) {
			t.Errorf("%s\n%q\ngot %q, want %q", c.correlation, c.events, got, c.want)
		}
	}
}

// TestCountedWindowsAreState: a window that has ended is kept as long as a
// correlation that counts it may name its events. They are part of the bound.
func TestCountedWindowsAreState(t *testing.T) {
	set := load(t,
		"{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 2}}",
		"{type: event_count, rules: [c0], timespan: 30d, condition: {gte: 1000000}}")
	const most = 500
	e := correlate.New(set, correlate.Options{MaxState: most})
	fire := func(correlate.Fired) error { return nil }
	for i := range 5000 {
		if err := e.Add(input(t, set, i+1, fmt.Sprintf("%d a u=x", i+i/100*60)), fire); err != nil {
			t.Fatal(err)
		}
		if i%700 == 0 {
			e = resumedWith(t, e, set, correlate.Options{MaxState: most})
		}
		held := 0
		if e.Refs(func(int64) { held++ }); held > 2*most {
			t.Fatalf("%d matches are held after %d, and %d may be", held, i+1, most)
		}
	}
	if e.Evicted() == 0 {
		t.Error("nothing was given up")
	}
}

// TestWhatHasEndedIsNoState: windows that nobody counts any more leave their room to
// others, those that were counted as well.
func TestWhatHasEndedIsNoState(t *testing.T) {
	set := load(t,
		"{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 2}}",
		"{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {lt: 9}}",
		"{type: event_count, rules: [c0, c1], group-by: [u], timespan: 10s, condition: {gte: 3}}")
	e := correlate.New(set, correlate.Options{MaxState: 40})
	var events []string
	for i := range 600 {
		events = append(events, fmt.Sprintf("%d a u=%d", i/3*60+i%3, i/300))
	}
	if fired := play(t, e, set, events...); len(fired) != 0 || e.Evicted() > 0 {
		t.Errorf("%d matches were given up for lack of room; fired %.300q", e.Evicted(), fired)
	}
}

// TestOneMatchOfManyGroups: a record may name any number of users, and what is not
// counted of it is told.
func TestOneMatchOfManyGroups(t *testing.T) {
	set := load(t, "{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 1}}")
	e := correlate.New(set, correlate.Options{})
	line := "0 a"
	for i := range 100 {
		line += fmt.Sprint(" u=", i)
	}
	if fired := play(t, e, set, line); len(fired) != 64 || e.Evicted() != 1 {
		t.Errorf("%d groups, %d told as given up", len(fired), e.Evicted())
	}
}

// TestOneEventCountsOnceAmongOthersOfItsInstant: logs that tell seconds have many events
// in one, and matches may come rule by rule. Events 1 and 2 match both rules.
func TestOneEventCountsOnceAmongOthersOfItsInstant(t *testing.T) {
	type match struct {
		second, ref int
		rule        string
	}
	both := []match{{0, 1, "a"}, {0, 2, "a"}, {0, 1, "b"}, {0, 2, "b"}}
	for _, c := range []struct {
		condition string
		matches   []match
		want      []string
	}{
		{"event_count, condition: {gte: 3}", both, nil},
		{"event_count, condition: {gte: 2}", both, []string{"[1 2]"}},
		{"event_count, condition: {eq: 2}", both, []string{"[1 2]"}},
		{"value_sum, condition: {gte: 6, field: v}", both, nil},
		{"value_avg, condition: {gt: 4, lt: 5, field: v}", append(slices.Clip(both), match{1, 3, "b"}), []string{"[1 2 3]"}},
		{"event_count, condition: {gte: 3}", append(slices.Clip(both), match{11, 3, "b"}, match{11, 4, "b"}, match{11, 3, "a"}, match{12, 5, "a"}), []string{"[3 4 5]"}},
	} {
		set := load(t, "{type: "+c.condition+", rules: [a, b], group-by: [u], timespan: 10s}")
		e, fired := correlate.New(set, correlate.Options{}), []string(nil)
		fire := func(f correlate.Fired) error {
			fired = append(fired, fmt.Sprint(f.Refs))
			return nil
		}
		for _, m := range c.matches {
			line := fmt.Sprintf("%d %s u=x v=%d", m.second, m.rule, m.ref*m.ref)
			if err := e.Add(input(t, set, m.ref, line), fire); err != nil {
				t.Fatal(err)
			}
		}
		if err := e.Close(fire); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(fired, c.want) {
			t.Errorf("%s %v: fired %q, want %q", c.condition, c.matches, fired, c.want)
		}
	}
}
