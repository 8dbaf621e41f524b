package correlate

import (
	"slices"
	"time"
)

// An entry is one match within a window.
type entry struct {
	time   time.Time
	ref    int64
	inner  *window  // of a counted correlation
	member int      // index into Correlation.Members
	values []string // that a value type counts
}

// A window is the matches of one group.
type window struct {
	key     string
	group   []GroupValue
	members []entry // all, in order
	live    int     // members from here on are within the timespan
	state   state   // the tally of those
	fired   bool
	note    string // see Options.Met
	more    int    // entries that were dropped: see thin

	older, newer *window // of the counter's line
	queued       bool
}

func (w *window) last() time.Time { return w.members[len(w.members)-1].time }

// add appends an entry and tallies it.
func (w *window) add(t tally, x entry) {
	again := len(w.members) > w.live && x.inner == nil && w.members[len(w.members)-1].ref == x.ref
	w.members = append(w.members, x)
	t.add(&w.state, &x, again)
}

// slide takes entries before from out of the tally.
func (w *window) slide(t tally, from time.Time) {
	for w.live < len(w.members) && w.members[w.live].time.Before(from) {
		x := &w.members[w.live]
		w.live++
		again := w.live < len(w.members) && x.inner == nil && w.members[w.live].ref == x.ref
		t.remove(&w.state, x, again)
	}
}

// forget drops what has slid out of a window that has not fired, and returns
// how many entries that were.
func (w *window) forget() int {
	n := w.live
	if w.fired || n == 0 {
		return 0
	}
	w.members = slices.Delete(w.members, 0, n)
	w.live = 0
	return n
}

// value makes a window that has fired look like an event to the correlations
// that count it: its fields are its group.
func (w *window) value(name string) []string {
	for _, g := range w.group {
		if g.Key == name {
			return []string{g.Value}
		}
	}
	return nil
}

// report is what the world is told of w.
func (w *window) report(n *counter) Fired {
	c := collector{fired: Fired{Correlation: n.index, Group: w.group, Note: w.note}, events: map[int64]bool{}, windows: map[*window]bool{}}
	c.add(w)
	return c.fired
}

// A collector gathers the events of a window. Counted windows may be reached
// by many ways, as many as there are paths through chains, and are looked at
// once.
type collector struct {
	fired   Fired
	events  map[int64]bool
	windows map[*window]bool
}

// add adds the events of w, those of counted windows in their place.
func (c *collector) add(w *window) {
	if c.windows[w] {
		return
	}
	c.windows[w] = true
	f := &c.fired
	f.More += w.more
	for i := range w.members {
		x := &w.members[i]
		if x.inner != nil {
			c.add(x.inner)
			continue
		}
		if f.First.IsZero() || x.time.Before(f.First) {
			f.First = x.time
		}
		if x.time.After(f.Last) {
			f.Last = x.time
		}
		if !c.events[x.ref] {
			c.events[x.ref] = true
			f.Refs = append(f.Refs, x.ref)
		}
	}
}
