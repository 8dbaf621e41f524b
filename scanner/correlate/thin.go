package correlate

import (
	"math"
	"slices"
	"time"

	"tideline/scanner/sigma"
)

// One principal that does one thing without end fills every window about it with
// matches that say the same. A window that grows large is thinned, and all are
// where there is too much state, before any is given up: what is dropped cannot
// change whether a condition holds, now or later, since there is a later match
// that says as much and stays longer. A report counts it (Fired.More) without
// naming it.

// keptFirst is how many of its first matches a window that has fired keeps when it
// is thinned, and keptLive how many any other: they are told of, and decide
// nothing.
const keptFirst, keptLive = 1024, 64

// maxMembers is how many matches a window has when it is thinned the first time.
// It is thinned again at each doubling, so that one that cannot be costs little:
// at which matches that is depends on the window alone, and so does what a report
// says of it, in one run or in many that go on where the last one ended.
const maxMembers = 1 << 14

func (w *window) large() bool {
	n := len(w.members)
	return n >= maxMembers && n&(n-1) == 0
}

// thinAfter says how much of the state must be new since windows were thinned
// last for it to be worth while again: an eighth.
const thinAfter = 8

// thin thins all windows, if that was not done lately.
func (e *Engine) thin() {
	if e.fresh < e.max/thinAfter {
		return
	}
	e.fresh = 0
	for _, n := range e.counters {
		if n.atEnd {
			continue // a later match does not say as much: it may end what an earlier one began
		}
		for w := n.oldest; w != nil; w = w.newer {
			e.thinWindow(w, n.tally)
		}
	}
}

// thinWindow drops of w what decides nothing.
func (e *Engine) thinWindow(w *window, t tally) {
	needed := t.needed(w)
	if needed == nil {
		return
	}
	kept, live := w.members[:0], 0
	for i := range w.members {
		x := w.members[i]
		first := i < keptFirst && w.fired || i-w.live < keptLive && !w.fired
		switch {
		case first, i >= w.live && needed[i-w.live]:
			kept = append(kept, x)
			if i < w.live {
				live++
			}
		default:
			e.release(&x)
		}
	}
	dropped := len(w.members) - len(kept)
	if dropped == 0 {
		return
	}
	w.members, w.live, w.more = slices.Clone(kept), live, w.more+dropped // what was dropped shall be free
	w.tallyAnew(t)
}

// needed says which of the live entries of w decide whether its condition holds
// or will hold; nil: all.
func (t tally) needed(w *window) []bool {
	live := w.members[w.live:]
	out := make([]bool, len(live))
	if len(live) > 0 {
		out[len(live)-1] = true
	}
	switch t.c.Type {
	case sigma.EventCount: // as many of the latest as are asked for
		most := t.most()
		for i, events := len(live)-1, 0; i >= 0 && events <= most; i-- {
			out[i] = true
			if !live[i].again {
				events++
			}
		}
	case sigma.ValueCount: // the latest of each of as many values as are asked for
		most, seen := t.most(), map[string]bool{}
		for i := len(live) - 1; i >= 0 && len(seen) <= most; i-- {
			for _, v := range live[i].values() {
				out[i] = out[i] || !seen[v]
				seen[v] = true
			}
		}
	case sigma.Temporal, sigma.TemporalOrdered: // the latest of each rule, and where chains begin
		begins := map[time.Time]bool{}
		for _, chains := range w.state.chains {
			for _, at := range chains {
				begins[at] = true
			}
		}
		seen := map[uint16]bool{}
		for i := len(live) - 1; i >= 0; i-- {
			out[i] = out[i] || !seen[live[i].member] || begins[live[i].time()]
			seen[live[i].member] = true
		}
		if t.c.Type == sigma.TemporalOrdered {
			t.moved(live, out)
		}
	default:
		return nil
	}
	return out
}

// moved takes out of needed what leaves all chains as they were: a flood within one
// instant begins as many as it has matches. Who tallies the others comes to the same
// chains, since what is taken out is a step that leads nowhere.
func (t tally) moved(live []entry, needed []bool) {
	latest := make([]int, len(t.c.Members))
	for i := range live {
		if needed[i] {
			latest[live[i].member] = i
		}
	}
	s := t.begin()
	for i := range live {
		if !needed[i] {
			continue
		}
		k := int(live[i].member)
		before := s.chains[k]
		s.chain(k, live[i].time())
		needed[i] = i == latest[k] || !slices.EqualFunc(before, s.chains[k], time.Time.Equal)
	}
}

// most is the largest number that the bounds ask for.
func (t tally) most() int {
	most := 0.0
	for _, b := range t.c.Bounds {
		most = max(most, b.Value)
	}
	return int(math.Min(math.Ceil(most), 1<<30)) + 1
}
