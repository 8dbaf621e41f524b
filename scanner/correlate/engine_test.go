package correlate_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tideline/scanner/correlate"
	"tideline/scanner/sigma"
)

// base are the rules that correlations of the tests count: events are written
// as "second rule field=value ...".
const base = `
title: a
name: a
logsource: {category: c}
detection: {s: {r: a}, condition: s}
---
title: b
name: b
id: 7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1f1f
logsource: {category: c}
detection: {s: {r: b}, condition: s}
---
title: d
name: d
logsource: {category: c}
detection: {s: {r: d}, condition: s}
---
`

// load compiles base and correlations, of which the first lines are added.
func load(t testing.TB, correlations ...string) *sigma.Set {
	t.Helper()
	text := base
	for i, c := range correlations {
		text += fmt.Sprintf("title: c%d\nname: c%d\ncorrelation: %s\n---\n", i, i, c)
	}
	c := sigma.Parse("test", []byte(text))
	set, problems := sigma.Compile(c, sigma.Options{})
	for _, p := range append(c.Problems, problems...) {
		if !p.Warning {
			t.Fatal(p)
		}
	}
	return set
}

var start = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// input reads "second rule field=value ..."; a field may come twice.
func input(t testing.TB, set *sigma.Set, ref int, line string) correlate.Input {
	parts := strings.Fields(line)
	second, err := strconv.Atoi(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	rule := slices.IndexFunc(set.Rules(), func(r *sigma.Rule) bool { return r.Name == parts[1] })
	fields := map[string][]string{}
	for _, p := range parts[2:] {
		k, v, _ := strings.Cut(p, "=")
		fields[k] = append(fields[k], v)
	}
	return correlate.Input{Time: start.Add(time.Duration(second) * time.Second), Ref: int64(ref), Rule: rule,
		Field: func(name string) []string { return fields[name] }}
}

// play adds events and writes what fired as "name group refs".
func play(t testing.TB, e *correlate.Engine, set *sigma.Set, events ...string) []string {
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
	ref := 0
	for _, line := range events {
		if line[0] != '+' { // + is the same event as the line before
			ref++
		}
		if err := e.Add(input(t, set, ref, strings.TrimPrefix(line, "+")), fire); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(fire); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCorrelations(t *testing.T) {
	count := func(cond string) string {
		return "{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {" + cond + "}}"
	}
	value := func(typ, cond string) string {
		return "{type: " + typ + ", rules: [a], group-by: [u], timespan: 10s, condition: {field: v, " + cond + "}}"
	}
	for _, c := range []struct {
		name, correlation string
		events            []string
		want              []string
	}{
		{"a-burst-fires-once", count("gte: 3"), []string{"0 a u=x", "1 a u=x", "2 a u=x", "3 a u=x", "9 a u=x"}, []string{"c0 u=x [1 2 3 4 5]"}},
		{"too-few", count("gte: 3"), []string{"0 a u=x", "1 a u=x"}, nil},
		{"gt-is-more-than", count("gt: 2"), []string{"0 a u=x", "1 a u=x", "2 a u=x"}, []string{"c0 u=x [1 2 3]"}},
		{"the-window-slides", count("gte: 3"), []string{"0 a u=x", "6 a u=x", "12 a u=x", "14 a u=x"}, []string{"c0 u=x [2 3 4]"}},
		{"the-timespan-is-inclusive", count("gte: 2"), []string{"0 a u=x", "10 a u=x"}, []string{"c0 u=x [1 2]"}},
		{"and-no-longer", count("gte: 2"), []string{"0 a u=x", "11 a u=x"}, nil},
		{"groups-are-apart", count("gte: 2"), []string{"0 a u=x", "1 a u=y", "2 a u=x", "3 a u=y"}, []string{"c0 u=x [1 3]", "c0 u=y [2 4]"}},
		{"two-bursts", count("gte: 2"), []string{"0 a u=x", "1 a u=x", "30 a u=x", "31 a u=x"}, []string{"c0 u=x [1 2]", "c0 u=x [3 4]"}},
		{"members-are-used-up", count("gte: 3"), []string{"0 a u=x", "1 a u=x", "2 a u=x", "12 a u=x", "12 a u=x"}, []string{"c0 u=x [1 2 3]"}},
		{"an-extended-burst", count("gte: 3"), []string{"0 a u=x", "4 a u=x", "8 a u=x", "12 a u=x", "16 a u=x"}, []string{"c0 u=x [1 2 3 4 5]"}},
		{"no-group-key-no-count", count("gte: 2"), []string{"0 a u=x", "1 a", "2 a"}, nil},
		{"every-value-of-a-key", count("gte: 2"), []string{"0 a u=x u=y", "1 a u=y"}, []string{"c0 u=y [1 2]"}},
		{"without-group-by", "{type: event_count, rules: [a], timespan: 1m, condition: {gte: 2}}", []string{"0 a", "59 a"}, []string{"c0  [1 2]"}},
		{"two-group-keys", "{type: event_count, rules: [a], group-by: [u, v], timespan: 1m, condition: {gte: 2}}",
			[]string{"0 a u=x v=1", "1 a u=x v=2", "2 a u=x v=1"}, []string{"c0 u=x,v=1 [1 3]"}},
		{"one-event-counts-once", "{type: event_count, rules: [a, b], timespan: 1m, condition: {gte: 2}}", []string{"0 a", "+0 b", "1 d"}, nil},
		{"rules-by-id", "{type: event_count, rules: [a, 7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1f1f], timespan: 1m, condition: {gte: 2}}", []string{"0 a", "1 b"}, []string{"c0  [1 2]"}},
		{"lt-is-decided-at-the-end", count("lt: 3"), []string{"0 a u=x", "1 a u=x", "20 a u=x", "21 a u=x", "22 a u=x"}, []string{"c0 u=x [1 2]"}},
		{"eq", count("eq: 2"), []string{"0 a u=x", "1 a u=x", "20 a u=x", "30 a u=y"}, []string{"c0 u=x [1 2]"}},
		{"neq", count("neq: 2"), []string{"0 a u=x", "1 a u=x", "20 a u=x"}, []string{"c0 u=x [3]"}},
		{"a-range", count("gt: 1, lte: 3"), []string{"0 a u=x", "1 a u=x", "2 a u=x", "20 a u=x", "40 a u=x", "41 a u=x", "42 a u=x", "43 a u=x"}, []string{"c0 u=x [1 2 3]"}},
		{"value-count", value("value_count", "gte: 2"), []string{"0 a u=x v=1", "1 a u=x v=1", "2 a u=x v=2"}, []string{"c0 u=x [1 2 3]"}},
		{"value-count-forgets", value("value_count", "gte: 2"), []string{"0 a u=x v=1", "11 a u=x v=2", "12 a u=x v=2"}, nil},
		{"value-count-of-tuples", "{type: value_count, rules: [a], timespan: 10s, condition: {field: [v, w], gte: 3}}",
			[]string{"0 a v=1 w=1", "1 a v=1 w=2", "2 a v=1 w=1", "3 a v=2 w=2"}, []string{"c0  [1 2 3 4]"}},
		{"no-value-no-count", value("value_count", "gte: 1"), []string{"0 a u=x"}, nil},
		{"value-sum", value("value_sum", "gt: 10"), []string{"0 a u=x v=4", "1 a u=x v=zero", "2 a u=x v=6.5"}, []string{"c0 u=x [1 3]"}},
		{"value-avg", value("value_avg", "gte: 5"), []string{"0 a u=x v=1", "1 a u=x v=3", "2 a u=x v=11"}, []string{"c0 u=x [1 2 3]"}},
		{"value-median", value("value_median", "gte: 5"), []string{"0 a u=x v=1", "1 a u=x v=9", "2 a u=x v=2"}, []string{"c0 u=x [1 2]"}},
		{"value-percentile", value("value_percentile", "percentile: 90, gte: 9"), []string{"0 a u=x v=1", "1 a u=x v=10", "2 a u=x v=10"}, []string{"c0 u=x [1 2 3]"}},
		{"temporal", "{type: temporal, rules: [a, b], group-by: [u], timespan: 10s}", []string{"0 b u=x", "1 a u=y", "2 a u=x"}, []string{"c0 u=x [1 3]"}},
		{"temporal-too-late", "{type: temporal, rules: [a, b], timespan: 10s}", []string{"0 b", "11 a"}, nil},
		{"temporal-some", "{type: temporal, rules: [a, b, d], timespan: 10s, condition: {gte: 2}}", []string{"0 b", "1 b", "2 d"}, []string{"c0  [1 2 3]"}},
		{"temporal-on-one-event", "{type: temporal, rules: [a, b], timespan: 10s}", []string{"0 a", "+0 b"}, []string{"c0  [1]"}},
		{"temporal-in-words", "{type: temporal, rules: [a, b, d], timespan: 10s, condition: a and (b or d)}", []string{"0 b", "1 d", "2 a"}, []string{"c0  [1 2 3]"}},
		{"temporal-without", "{type: temporal, rules: [a, b], timespan: 10s, condition: a and not b}", []string{"0 a", "1 b", "20 a"}, []string{"c0  [3]"}},
		{"ordered", "{type: temporal_ordered, rules: [a, b, d], timespan: 10s}", []string{"0 a", "1 d", "2 b", "3 d"}, []string{"c0  [1 2 3 4]"}},
		{"ordered-in-words", "{type: temporal_ordered, rules: [a, b], timespan: 10s, condition: a AND (b)}", []string{"0 b", "20 a", "21 b", "40 b", "41 a"}, []string{"c0  [2 3]"}},
		{"ordered-wrong-way", "{type: temporal_ordered, rules: [a, b], timespan: 10s}", []string{"0 b", "1 a"}, nil},
		{"ordered-takes-the-latest-beginning", "{type: temporal_ordered, rules: [a, b], timespan: 10s}", []string{"0 a", "8 a", "15 b"}, []string{"c0  [2 3]"}},
		{"aliases", "{type: temporal, rules: [a, b], group-by: [who], timespan: 10s, aliases: {who: {a: src, b: dst}}}",
			[]string{"0 a src=x dst=y", "1 b src=y dst=x"}, []string{"c0 who=x [1 2]"}},
		{"alias-by-another-name", "{type: temporal, rules: [a, 7f3c1f5e-3b0f-4c55-9c55-1f1f1f1f1f1f], group-by: [who], timespan: 10s, aliases: {who: {a: src, b: dst}}}",
			[]string{"0 a src=x", "1 b dst=x"}, []string{"c0 who=x [1 2]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := load(t, c.correlation)
			if got := play(t, correlate.New(set, correlate.Options{}), set, c.events...); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestChains(t *testing.T) {
	set := load(t,
		"{type: temporal_ordered, rules: [c1, b], group-by: [u], timespan: 1m}", // c0 comes before what it counts
		"{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 2}}",
		"{type: event_count, rules: [c1], timespan: 1h, condition: {gte: 2}, generate: true}")
	events := []string{"0 a u=x", "1 a u=x", "2 a u=x", "30 b u=x", "40 b u=y", "50 a u=y", "51 a u=y"}
	want := []string{"c1 u=x [1 2 3]", "c1 u=y [6 7]", "c0 u=x [1 2 3 4]", "c2  [1 2 3 6 7]"}
	if got := play(t, correlate.New(set, correlate.Options{}), set, events...); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for i, c := range set.Correlations() {
		if !set.ReportedCorrelation(i) {
			t.Errorf("%s is silent", c.Name)
		}
	}
	for i, want := range []bool{false, false, true} {
		if got := set.Reported(i); got != want {
			t.Errorf("rule %d reported: %v", i, got)
		}
	}
}

func TestSilentMember(t *testing.T) {
	set := load(t, "{type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}}",
		"{type: event_count, rules: [c0], timespan: 1h, condition: {gte: 2}}")
	got := play(t, correlate.New(set, correlate.Options{}), set, "0 a", "1 a", "100 a", "101 a")
	if want := []string{"c1  [1 2 3 4]"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNeeds(t *testing.T) {
	set := load(t, "{type: value_count, rules: [a, b], group-by: [who, h], timespan: 10s, aliases: {who: {a: src, b: dst}}, condition: {gte: 2, field: v}}")
	e := correlate.New(set, correlate.Options{})
	for i, want := range [][]string{{"h", "src", "v"}, {"dst", "h", "v"}, nil} {
		if got := e.Needs(i); !slices.Equal(got, want) {
			t.Errorf("rule %d needs %v, want %v", i, got, want)
		}
	}
}

// TestState floods the engine with groups of which none fires: the state stays
// bounded and what was given up is counted; a group that fired is reported.
func TestState(t *testing.T) {
	set := load(t, "{type: event_count, rules: [a], group-by: [u], timespan: 1h, condition: {gte: 3}}")
	e := correlate.New(set, correlate.Options{MaxState: 10})
	events := []string{"0 a u=x", "0 a u=x", "0 a u=x"}
	for i := range 100 {
		events = append(events, fmt.Sprintf("1 a u=%d", i))
	}
	events = append(events, "2 a u=x", "2 a u=99")
	got := play(t, e, set, events...)
	if want := []string{"c0 u=x [1 2 3]"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := e.Evicted(); n != 92 {
		t.Errorf("%d given up, want 92", n)
	}
}

func TestSkippedAndOrder(t *testing.T) {
	set := load(t, "{type: value_sum, rules: [a], group-by: [u], timespan: 1h, condition: {gte: 3, field: v}}")
	e := correlate.New(set, correlate.Options{})
	fire := func(correlate.Fired) error { return errors.New("stop") }
	for _, line := range []string{"5 a v=1", "5 a u=x", "5 a u=x v=abc"} {
		if err := e.Add(input(t, set, 1, line), fire); err != nil {
			t.Fatal(err)
		}
	}
	untimed := input(t, set, 1, "5 a u=x v=1")
	untimed.Time = time.Time{}
	if err := e.Add(untimed, fire); err != nil || e.Skipped() != 4 {
		t.Errorf("%v, %d skipped, want 4", err, e.Skipped())
	}
	if err := e.Add(input(t, set, 2, "4 a u=x v=1"), fire); !errors.Is(err, correlate.ErrOrder) {
		t.Errorf("out of order: %v", err)
	}
	if err := e.Add(input(t, set, 2, "6 a u=x v=4"), fire); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(fire); err == nil || err.Error() != "stop" {
		t.Errorf("error of fire: %v", err)
	}
}

func TestTimes(t *testing.T) {
	set := load(t, "{type: event_count, rules: [a], timespan: 1m, condition: {gte: 2}}")
	e := correlate.New(set, correlate.Options{})
	var got correlate.Fired
	fire := func(f correlate.Fired) error { got = f; return nil }
	for i, line := range []string{"3 a", "9 a", "200 a"} {
		if err := e.Add(input(t, set, i, line), fire); err != nil {
			t.Fatal(err)
		}
	}
	if !got.First.Equal(start.Add(3*time.Second)) || !got.Last.Equal(start.Add(9*time.Second)) || len(got.Refs) != 2 {
		t.Errorf("got %+v", got)
	}
}

func BenchmarkFlood(b *testing.B) {
	set := load(b, "{type: event_count, rules: [a], group-by: [u], timespan: 5m, condition: {gte: 1000000}}",
		"{type: value_count, rules: [a], group-by: [u], timespan: 5m, condition: {gte: 1000000, field: v}}",
		"{type: temporal_ordered, rules: [a, b], group-by: [u], timespan: 5m}")
	e := correlate.New(set, correlate.Options{})
	fields := map[string][]string{"u": {"x"}, "v": {"1"}}
	in := correlate.Input{Time: start, Field: func(name string) []string { return fields[name] }}
	fire := func(correlate.Fired) error { return nil }
	b.ReportAllocs()
	for b.Loop() {
		in.Ref++
		in.Time = in.Time.Add(time.Millisecond)
		if err := e.Add(in, fire); err != nil {
			b.Fatal(err)
		}
	}
}

// TestChainsOfManyPaths counts correlations that all count each other's
// predecessors: there are 2^40 paths to the one event, and one event.
func TestChainsOfManyPaths(t *testing.T) {
	var chains []string
	members := "a"
	for i := range 40 {
		chains = append(chains, "{type: temporal, rules: ["+members+"], group-by: [u], timespan: 1m}")
		members += fmt.Sprintf(", c%d", i)
	}
	set := load(t, chains...)
	var got []correlate.Fired
	e := correlate.New(set, correlate.Options{})
	note := func(f correlate.Fired) error { got = append(got, f); return nil }
	if err := e.Add(input(t, set, 1, "0 a u=x"), note); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(note); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || !slices.Equal(got[0].Refs, []int64{1}) {
		t.Errorf("fired %v", got)
	}
}
