package tally

import (
	"slices"

	"tideline/parsers"
)

// Counters are where an event was counted, for events like it (parsers.Likeness): those
// are counted there again without being looked at. They are good for as long as the
// tally has not been handed over, and Again finds them anew then.
type Counters struct {
	known   bool     // all of them are
	strict  bool     // they are those of events with the same target only
	adrift  bool     // they were handed over
	details []*int64 // of the details of the event
	row     *PrincipalRow
	name    *NameRow // of a secret
	image   *NameRow
}

// Last returns where the last event was counted. They are borrowed until the next one.
func (t *Tally) Last() Counters { return t.last }

// Clone is c to be kept.
func (c Counters) Clone() Counters {
	c.details = slices.Clone(c.details)
	return c
}

// Known reports whether all of an event can be counted by c.
func (c *Counters) Known() bool { return c.known }

// Strict reports whether c are good only for events with the same target.
func (c *Counters) Strict() bool { return c.strict }

// SetAdrift says that the tally was handed over.
func (c *Counters) SetAdrift() { c.adrift = true }

// maxCounters is how many counters of an event are remembered.
const maxCounters = 12

// remember notes a counter of the last event.
func (t *Tally) remember(n *int64) {
	if len(t.last.details) == maxCounters {
		t.last.known = false
		return
	}
	t.last.details = append(t.last.details, n)
}

// Again counts an event like the one that c are of.
func (t *Tally) Again(f *parsers.Format, ev *parsers.Event, folder string, c *Counters) {
	if c.adrift {
		t.Add(f, ev, folder)
		*c = t.last.Clone()
		return
	}
	if t.format == nil || t.formatName != f.Name {
		t.switchTo(f.Name)
	}
	t.format.Events++
	t.format.see(ev.Time)
	for _, n := range c.details {
		*n++
	}
	if !ev.Time.IsZero() {
		t.count(ev, folder)
	}
	if c.row != nil {
		c.row.see(ev.Time, ev.Facts.Outcome)
	}
	if c.name != nil {
		c.name.see(ev.Time)
	}
	if c.image != nil {
		c.image.see(ev.Time)
	}
}
