package correlate

import (
	"errors"
	"slices"
	"time"

	"tideline/scanner/sigma"
)

// DefaultMaxState is Options.MaxState where that is zero: up to some twenty MB.
const DefaultMaxState = 1 << 18

// ErrOrder is returned by Add for a match before the one added last.
var ErrOrder = errors.New("correlate: match added out of event-time order")

// Options bound an Engine. The zero value is the default.
type Options struct {
	MaxState int // members kept over all groups; 0 means DefaultMaxState
	// Met is called when the condition of a window that will be reported is
	// first met, with the events up to then. What it returns is the Note of the
	// window when it is reported: more events may come until then, so this is
	// what does not change any more. Optional.
	Met func(Fired) string
}

// An Input is one match of one rule.
type Input struct {
	Time time.Time // of the event
	Ref  int64     // the caller's number of the event, the same for all rules it matched, as is its time
	Rule int       // index into Set.Rules
	Like int       // matches of one rule with the same number have the same values; 0: nothing is known
	// Field returns the values that the event has for a field; only those that
	// Needs names are asked for, and only during Add.
	Field func(name string) []string
}

// A GroupValue is one part of what a window is about: a group-by name as
// written, and its value.
type GroupValue struct{ Key, Value string }

// Fired is a window whose condition was met.
type Fired struct {
	Correlation int          // index into Set.Correlations
	Group       []GroupValue // in the order of group-by
	Refs        []int64      // of its events, in order, each once
	First, Last time.Time    // of its events
	Note        string       // what Options.Met said of it
	More        int          // further events that are not in Refs, for lack of state; they decided nothing
}

// An Engine evaluates the correlations of a set. It is used by one goroutine.
type Engine struct {
	counters []*counter
	byRule   map[int][]use // which counters count a rule
	max      int
	met      func(Fired) string // Optional

	now     time.Time
	size    int // members of all windows that are open, or that those count
	fresh   int // members since windows were thinned
	evicted int64
	skipped int64
	fire    func(Fired) error // during Add and Close
	known   map[question]*answer
	extras  map[string]*extra // of events, by their one value
}

// A use is one place where a counter counts something.
type use struct {
	counter *counter
	member  int // index into Correlation.Members
}

// New returns an engine for the correlations of s.
func New(s *sigma.Set, o Options) *Engine {
	e := &Engine{max: o.MaxState, met: o.Met, byRule: map[int][]use{}}
	if e.max <= 0 {
		e.max = DefaultMaxState
	}
	for i, c := range s.Correlations() {
		n := newCounter(i, c, s.ReportedCorrelation(i))
		e.counters = append(e.counters, n)
		for j, m := range c.Members {
			u := use{n, j}
			if m.Rule >= 0 {
				e.byRule[m.Rule] = append(e.byRule[m.Rule], u)
			} else { // those counted come before those that count them
				e.counters[m.Correlation].parents = append(e.counters[m.Correlation].parents, u)
			}
		}
	}
	e.nameCounters()
	return e
}

// Needs are the fields that the engine will ask matches of a rule for, sorted.
func (e *Engine) Needs(rule int) []string {
	var out []string
	for _, u := range e.byRule[rule] {
		c := u.counter.c
		for _, names := range [][]string{c.GroupBy, c.Fields} {
			for _, name := range names {
				if f, ok := c.Members[u.member].Field(c, name); ok {
					out = append(out, f)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Evicted is how many matches were given up undecided for lack of state.
func (e *Engine) Evicted() int64 { return e.evicted }

// Skipped is how many times a match could not be counted because it has no
// time, no value for a group-by field, or no usable value to count.
func (e *Engine) Skipped() int64 { return e.skipped }

// Add takes the next match and calls fire for windows that have ended before
// it. Matches come ordered by time. An error is ErrOrder or that of fire.
func (e *Engine) Add(in Input, fire func(Fired) error) error {
	uses := e.byRule[in.Rule]
	switch {
	case len(uses) == 0:
		return nil
	case in.Time.IsZero():
		e.skipped += int64(len(uses))
		return nil
	case in.Time.Before(e.now):
		return ErrOrder
	}
	e.fire = fire
	if err := e.advance(in.Time); err != nil {
		return err
	}
	for _, u := range uses {
		m := match{time: in.Time, ref: in.Ref, member: u.member, like: in.Like, field: in.Field}
		if err := e.count(u.counter, m); err != nil {
			return err
		}
	}
	return e.shrink()
}

// Close ends all windows. The engine is empty behind it.
func (e *Engine) Close(fire func(Fired) error) error {
	e.fire = fire
	for n := e.due(); n != nil; n = e.due() {
		if err := e.end(n); err != nil {
			return err
		}
	}
	for _, n := range e.counters { // only now: a window that ends may be what a lone match waited for
		e.size -= len(n.lones.at)
		n.lones = lones{}
	}
	return nil
}

// advance ends the windows whose time is over at t, in the order of their ends.
func (e *Engine) advance(t time.Time) error {
	for n := e.due(); n != nil && n.deadline().Before(t); n = e.due() {
		if err := e.end(n); err != nil {
			return err
		}
	}
	for _, n := range e.counters { // only now: a window that ended before t may be what a lone match waited for
		n.pass(e, t)
	}
	e.now = t
	return nil
}

// pass forgets the lone matches whose time is over at t.
func (n *counter) pass(e *Engine, t time.Time) {
	for {
		at, ok := n.lones.oldest()
		if !ok || !at.Add(n.c.Timespan).Before(t) {
			return
		}
		n.lones.drop()
		e.size--
	}
}

// due is the counter with the window that ends next, or nil.
func (e *Engine) due() *counter {
	var next *counter
	for _, n := range e.counters {
		if n.oldest != nil && (next == nil || n.deadline().Before(next.deadline())) {
			next = n
		}
	}
	return next
}

// end ends the oldest window of n at its deadline.
func (e *Engine) end(n *counter) error {
	w, at := n.oldest, n.deadline()
	if n.atEnd && n.tally.holds(w) {
		e.meet(n, w)
		if err := e.tell(n, w, at); err != nil {
			return err
		}
	}
	return e.drop(n, w)
}

// drop removes w, reporting it if it has fired.
func (e *Engine) drop(n *counter, w *window) error {
	n.remove(w)
	if w.held == 0 { // else it is released by who counts it
		for i := range w.members {
			e.release(&w.members[i])
		}
	}
	if !w.fired || !n.reported {
		return nil
	}
	return e.fire(w.report(n))
}

// meet notes that the condition of w is met.
func (e *Engine) meet(n *counter, w *window) {
	w.fired = true
	if e.met != nil && n.reported {
		w.note = e.met(w.report(n))
	}
}

// tell hands a window that has fired to the correlations that count n.
func (e *Engine) tell(n *counter, w *window, at time.Time) error {
	for _, u := range n.parents {
		m := match{time: at, ref: w.members[0].ref, inner: w, member: u.member, field: w.value}
		if err := e.count(u.counter, m); err != nil {
			return err
		}
	}
	return nil
}

// shrink gives up quiet windows while there is too much state.
func (e *Engine) shrink() error {
	if e.size > e.max {
		e.thin()
	}
	for e.size > e.max {
		n, alone := e.quietest()
		if alone {
			n.lones.drop()
			e.size--
			e.evicted++
			continue
		}
		w := n.oldest
		if !w.fired {
			e.evicted += int64(len(w.members))
		}
		if err := e.drop(n, w); err != nil {
			return err
		}
	}
	return nil
}

// quietest is the counter whose oldest window, or lone match, has waited longest;
// alone says that it is a lone match.
func (e *Engine) quietest() (found *counter, alone bool) {
	var since time.Time
	for _, n := range e.counters {
		if at, ok := n.lones.oldest(); ok && (found == nil || at.Before(since)) {
			found, alone, since = n, true, at
		}
		if n.oldest != nil && (found == nil || n.oldest.last().Before(since)) {
			found, alone, since = n, false, n.oldest.last()
		}
	}
	return found, alone
}
