package correlate

import (
	"slices"
	"time"
)

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
	queued       bool    // it is open: in that line
	held         int     // entries of other windows that count it
}

func (w *window) last() time.Time { return w.members[len(w.members)-1].time() }

// add appends an entry and tallies it.
func (w *window) add(t tally, x entry) {
	w.members = append(w.members, x)
	t.add(&w.state, &w.members[len(w.members)-1])
}

// slide takes entries before from out of the tally.
func (w *window) slide(t tally, from time.Time) {
	for w.live < len(w.members) && w.members[w.live].before(from) {
		t.remove(&w.state, &w.members[w.live])
		w.live++
	}
}

// tallyAnew tallies the live entries from the beginning.
func (w *window) tallyAnew(t tally) {
	w.state = t.begin()
	for i := w.live; i < len(w.members); i++ {
		t.add(&w.state, &w.members[i])
	}
}

// forget drops what has slid out of a window that has not fired.
func (e *Engine) forget(w *window) {
	if w.fired || w.live == 0 {
		return
	}
	for i := range w.live {
		e.release(&w.members[i])
	}
	w.members = slices.Delete(w.members, 0, w.live)
	w.live = 0
}

// hold counts an entry as state, and the window it stands for, if that has ended:
// a report names its events. Whatever is held is released once.
func (e *Engine) hold(x *entry) {
	e.size++
	if w := x.inner(); w != nil {
		if w.held++; w.held == 1 && !w.queued {
			for i := range w.members {
				e.hold(&w.members[i])
			}
		}
	}
}

// release undoes hold.
func (e *Engine) release(x *entry) {
	e.size--
	if w := x.inner(); w != nil {
		if w.held--; w.held == 0 && !w.queued {
			for i := range w.members {
				e.release(&w.members[i])
			}
		}
	}
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
		if inner := x.inner(); inner != nil {
			c.add(inner)
			continue
		}
		if f.First.IsZero() || x.before(f.First) {
			f.First = x.time()
		}
		if !x.before(f.Last) {
			f.Last = x.time()
		}
		if !c.events[x.ref] {
			c.events[x.ref] = true
			f.Refs = append(f.Refs, x.ref)
		}
	}
}
