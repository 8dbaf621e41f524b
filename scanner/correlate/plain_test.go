package correlate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/scanner/correlate"
)

// A moment is a match as the plain evaluation sees it.
type moment struct {
	second int
	rule   string
	value  string
	ref    int64
}

// plainKinds are correlations over span seconds, and what their conditions
// mean, written down without regard to speed.
const span = 10

var plainKinds = []struct {
	correlation string
	atEnd       bool
	holds       func([]moment) bool
}{
	{"{type: event_count, rules: [a, b], group-by: [u], timespan: 10s, condition: {gte: 3}}", false,
		func(w []moment) bool { return len(w) >= 3 }},
	{"{type: event_count, rules: [a, b], group-by: [u], timespan: 10s, condition: {gt: 0}}", false,
		func(w []moment) bool { return len(w) > 0 }},
	{"{type: event_count, rules: [a, b], group-by: [u], timespan: 10s, condition: {gte: 2, lt: 4}}", true,
		func(w []moment) bool { return len(w) >= 2 && len(w) < 4 }},
	{"{type: value_count, rules: [a, b], group-by: [u], timespan: 10s, condition: {gte: 3, field: v}}", false,
		func(w []moment) bool { return plainDistinct(w, func(m moment) string { return m.value }) >= 3 }},
	{"{type: value_avg, rules: [a, b], group-by: [u], timespan: 10s, condition: {gte: 3, field: v}}", false,
		func(w []moment) bool { return plainSum(w) >= 3*len(w) }},
	{"{type: value_sum, rules: [a, b], group-by: [u], timespan: 10s, condition: {lte: 5, field: v}}", true,
		func(w []moment) bool { return plainSum(w) <= 5 }},
	{"{type: temporal, rules: [a, b, d], group-by: [u], timespan: 10s}", false,
		func(w []moment) bool { return plainDistinct(w, func(m moment) string { return m.rule }) == 3 }},
	{"{type: temporal_ordered, rules: [a, b, d], group-by: [u], timespan: 10s}", false, plainOrdered},
	{"{type: temporal, rules: [a, b, d], group-by: [u], timespan: 10s, condition: a and not (b or d)}", true,
		func(w []moment) bool { return !slices.ContainsFunc(w, func(m moment) bool { return m.rule != "a" }) }},
}

func plainDistinct(w []moment, of func(moment) string) int {
	seen := map[string]bool{}
	for _, m := range w {
		seen[of(m)] = true
	}
	return len(seen)
}

func plainSum(w []moment) (sum int) {
	for _, m := range w {
		sum += int(m.value[0] - '0')
	}
	return sum
}

// plainOrdered looks for a, then b, then d.
func plainOrdered(w []moment) bool {
	want := []string{"a", "b", "d"}
	for _, m := range w {
		if len(want) > 0 && m.rule == want[0] {
			want = want[1:]
		}
	}
	return len(want) == 0
}

// plainFired returns the windows of one group that fired, as lists of events.
func plainFired(all []moment, atEnd bool, holds func([]moment) bool) []string {
	var out []string
	var w []moment
	fired := false
	end := func() {
		if atEnd && len(w) > 0 {
			fired = holds(w)
		}
		if fired {
			var refs []int64
			for _, m := range w {
				refs = append(refs, m.ref)
			}
			out = append(out, fmt.Sprint(refs))
		}
		w, fired = nil, false
	}
	for _, m := range all {
		if len(w) > 0 && (atEnd && m.second > w[0].second+span || !atEnd && m.second > w[len(w)-1].second+span) {
			end()
		}
		if atEnd {
			w = append(w, m)
			continue
		}
		live := slices.DeleteFunc(append(slices.Clone(w), m), func(o moment) bool { return o.second < m.second-span })
		switch {
		case fired && holds(live):
			w = append(w, m)
		case fired:
			end()
			w, fired = []moment{m}, holds([]moment{m})
		default:
			w, fired = live, holds(live)
		}
	}
	end()
	return out
}

// TestEngineAgainstPlain compares the engine with the plain evaluation over
// made events.
func TestEngineAgainstPlain(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, k := range plainKinds {
		set := load(t, k.correlation)
		rules := []string{"a", "b", "d"}
		if !strings.Contains(k.correlation, "d]") {
			rules = rules[:2]
		}
		for range 300 {
			var events []string
			groups := map[string][]moment{}
			now := 0
			for i := range 1 + r.IntN(30) {
				now += r.IntN(7)
				m := moment{now, rules[r.IntN(len(rules))], fmt.Sprint(r.IntN(6)), int64(i + 1)}
				u := string("xy"[r.IntN(2)])
				groups[u] = append(groups[u], m)
				events = append(events, fmt.Sprintf("%d %s u=%s v=%s", m.second, m.rule, u, m.value))
			}
			var want []string
			for u, all := range groups {
				for _, f := range plainFired(all, k.atEnd, k.holds) {
					want = append(want, "c0 u="+u+" "+f)
				}
			}
			got := play(t, correlate.New(set, correlate.Options{}), set, events...)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("%s\n%s\ngot  %q\nwant %q", k.correlation, strings.Join(events, "\n"), got, want)
			}
		}
	}
}

// TestFloodIsCheap feeds one group so many matches that anything quadratic
// would not end.
func TestFloodIsCheap(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	set := load(t, "{type: event_count, rules: [a], group-by: [u], timespan: 1h, condition: {gte: 1000000}}",
		"{type: value_median, rules: [a], group-by: [u], timespan: 1h, condition: {gte: 5, field: v}}")
	e := correlate.New(set, correlate.Options{MaxState: 50_000})
	fields := map[string][]string{"u": {"x"}, "v": {"1"}}
	in := correlate.Input{Time: start, Field: func(name string) []string { return fields[name] }}
	fire := func(correlate.Fired) error { return nil }
	for range 300_000 {
		in.Ref++
		in.Time = in.Time.Add(time.Millisecond)
		if err := e.Add(in, fire); err != nil {
			t.Fatal(err)
		}
	}
	if e.Evicted() == 0 {
		t.Error("nothing was given up")
	}
}
