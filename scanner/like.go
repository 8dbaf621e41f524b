package scanner

import "tideline/parsers"

// A likeness is what came of an event that others are like (parsers.Likeness),
// where nothing came of it but counts: no rule matched. Those others are likeness
// without being looked at.
type likeness struct {
	known   bool
	details [4]*int64 // counters of its details
	row     *PrincipalRow
	name    *NameRow
}

// likenesses are those of one format, by number. They hold for one stream, since
// numbers are those of a decoder.
type likenesses []likeness

// of returns what came of the event that ev is like; nil if it is to be looked at.
func (r likenesses) of(ev *parsers.Event) *likeness {
	if n := ev.Like.Number; n > 0 && n < len(r) && !ev.Like.First && r[n].known {
		return &r[n]
	}
	return nil
}

// learn remembers what came of the event at hand for those like it, if it was
// boring.
func (r *likenesses) learn(ev *parsers.Event, boring bool, came likeness) {
	n := ev.Like.Number
	if n == 0 {
		return
	}
	for len(*r) <= n {
		*r = append(*r, likeness{})
	}
	came.known = came.known && boring
	(*r)[n] = came
}

// again counts an event like one that was counted before.
func (t *tally) again(f *parsers.Format, ev *parsers.Event, path string, r *likeness) {
	if t.format == nil || t.formatName != f.Name {
		t.switchTo(f.Name)
	}
	t.format.Events++
	t.format.see(ev.Time)
	for _, n := range r.details {
		if n != nil {
			*n++
		}
	}
	if !ev.Time.IsZero() {
		t.count(ev, path)
	}
	if r.row != nil {
		r.row.see(ev.Time, ev.Facts.Outcome)
	}
	if r.name != nil {
		r.name.see(ev.Time)
	}
}
