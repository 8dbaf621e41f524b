package correlate_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/scanner/correlate"
)

// alone adds match ref of rule a, by somebody.
func alone(t testing.TB, e *correlate.Engine, ref, who int, at time.Duration, fire func(correlate.Fired) error) {
	user := fmt.Sprintf("system:serviceaccount:team%07d:web", who)
	err := e.Add(correlate.Input{Time: start.Add(at), Ref: int64(ref), Field: func(string) []string { return []string{user} }}, fire)
	if err != nil {
		t.Fatal(err)
	}
}

// TestGroupOfOneMatchIsSmall: a log of many days has hundreds of thousands of groups
// with one match, pods and addresses, and each correlation has its own.
func TestGroupOfOneMatchIsSmall(t *testing.T) {
	const n, most = 50_000, 200
	for _, c := range []string{
		"{type: event_count, rules: [a], group-by: [u], timespan: 1d, condition: {gte: 5}}",
		"{type: value_count, rules: [a], group-by: [u], timespan: 1d, condition: {gte: 4, field: v}}",
		"{type: temporal, rules: [a, b], group-by: [u], timespan: 1d}",
		"{type: temporal_ordered, rules: [a, b], group-by: [u], timespan: 1d}",
	} {
		e := correlate.New(load(t, c), correlate.Options{})
		before := heap()
		for i := range n {
			alone(t, e, i, i, time.Duration(i), nil)
		}
		if each := (heap() - before) / n; each > most {
			t.Errorf("%s: a group takes %d bytes, want at most %d", c, each, most)
		}
		runtime.KeepAlive(e)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestGroupsOfOneMatchAreLetGo: those whose time is over take no room, and no state
// from others.
func TestGroupsOfOneMatchAreLetGo(t *testing.T) {
	set := load(t, "{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 2}}")
	e := correlate.New(set, correlate.Options{MaxState: 1000})
	for i := range 50_000 {
		alone(t, e, i, i, time.Duration(i)*20*time.Millisecond, nil) // 500 in ten seconds
	}
	held := 0
	e.Refs(func(int64) { held++ })
	if held < 500 || held > 502 || e.Evicted() > 0 {
		t.Errorf("%d matches are held, %d were given up", held, e.Evicted())
	}
}

// TestGroupThatWaitedForItsSecondMatch: a crowd came in between, more than one piece
// of memory has room for; where there is too little state the oldest are given up,
// and counted.
func TestGroupThatWaitedForItsSecondMatch(t *testing.T) {
	set := load(t, "{type: event_count, rules: [a], group-by: [u], timespan: 1h, condition: {gte: 2}}")
	const crowd = 5000
	for _, c := range []struct{ state, fired, evicted int }{{2 * crowd, crowd, 0}, {crowd / 2, 0, crowd + crowd/2}} {
		e, fired := correlate.New(set, correlate.Options{MaxState: c.state}), 0
		fire := func(f correlate.Fired) error {
			if fired++; len(f.Refs) != 2 || f.Refs[1]-f.Refs[0] != crowd || f.Last.Sub(f.First) != crowd*time.Millisecond {
				t.Errorf("fired %+v", f)
			}
			return nil
		}
		for i := range 2 * crowd {
			alone(t, e, i, i%crowd, time.Duration(i)*time.Millisecond, fire)
		}
		if err := e.Close(fire); err != nil {
			t.Fatal(err)
		}
		if fired != c.fired || int(e.Evicted()) != c.evicted {
			t.Errorf("state for %d: %d fired, want %d; %d were given up, want %d", c.state, fired, c.fired, e.Evicted(), c.evicted)
		}
	}
}

// TestManyGroupsAgainstPlain is TestEngineAgainstPlain with groups that have few
// matches each, far apart, and an engine that is saved and resumed in between.
func TestManyGroupsAgainstPlain(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, k := range plainKinds {
		set := load(t, k.correlation)
		rules := []string{"a", "b", "d"}
		if !strings.Contains(k.correlation, "d]") {
			rules = rules[:2]
		}
		for range 8 {
			var events []string
			groups := map[string][]moment{}
			now, users := 0, 2+r.IntN(40)
			for i := range 400 {
				now += r.IntN(2)
				m := moment{now, rules[r.IntN(len(rules))], fmt.Sprint(r.IntN(6)), int64(i + 1)}
				u := fmt.Sprint("user", r.IntN(users))
				groups[u] = append(groups[u], m)
				events = append(events, fmt.Sprintf("%d %s u=%s v=%s", m.second, m.rule, u, m.value))
			}
			var want []string
			for u, all := range groups {
				for _, f := range plainFired(all, k.atEnd, k.holds) {
					want = append(want, "c0 u="+u+" "+f)
				}
			}
			slices.Sort(want)
			for _, got := range [][]string{play(t, correlate.New(set, correlate.Options{}), set, events...), playResumed(t, set, r, events)} {
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Fatalf("%s\n%s\ngot  %q\nwant %q", k.correlation, strings.Join(events, "\n"), got, want)
				}
			}
		}
	}
}

// TestGroupThatWaitedForTheEndOfAWindow: what a correlation counts may come as late as
// a window of it ends. The lone match that it belongs with is kept until then, whether a
// later match ends that window or Close.
func TestGroupThatWaitedForTheEndOfAWindow(t *testing.T) {
	set := load(t,
		"{type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {lte: 1}}",
		"{type: temporal, rules: [c0, b], group-by: [u], timespan: 5s}")
	for _, events := range [][]string{{"0 a u=x", "6 b u=x"}, {"0 a u=x", "6 b u=x", "30 b u=y"}} {
		if got, want := play(t, correlate.New(set, correlate.Options{}), set, events...), []string{"c1 u=x [2 1]"}; !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", events, got, want)
		}
	}
	late := []string{"0 a u=x", "4 b u=x", "30 b u=y"} // the window ends at 10, and b is over at 9
	if got := play(t, correlate.New(set, correlate.Options{}), set, late...); len(got) > 0 {
		t.Errorf("%q: got %q", late, got)
	}
}
