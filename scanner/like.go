package scanner

import "tideline/parsers"

// A likeness is what came of an event that others are like (parsers.Likeness),
// where nothing came of it but counts, and hits of which repetitions are kept as
// echoes. Those others are counted without being looked at.
type likeness struct {
	known   bool
	hits    []uint32   // templates of the echoes
	stage   uint8      // of those: index into stages
	details [12]*int64 // counters of its details
	counted int        // of details
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

// learn remembers what came of the event at hand for those like it, if all of it
// can be told of them too: plain.
func (r *likenesses) learn(ev *parsers.Event, plain bool, came likeness) {
	n := ev.Like.Number
	if n == 0 {
		return
	}
	for len(*r) <= n {
		*r = append(*r, likeness{})
	}
	came.known = came.known && plain
	(*r)[n] = came
}

// again counts an event like one that was counted before.
func (t *tally) again(f *parsers.Format, ev *parsers.Event, path string, r *likeness) {
	if t.format == nil || t.formatName != f.Name {
		t.switchTo(f.Name)
	}
	t.format.Events++
	t.format.see(ev.Time)
	for _, n := range r.details[:r.counted] {
		*n++
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

// again keeps the hits of an event like one that had r.hits; false if one of them
// has to be kept in full, since it is the first in event-time order.
func (s *sink) again(ev *parsers.Event, r *likeness) (bool, error) {
	if len(r.hits) == 0 {
		return true, nil
	}
	if ev.Time.IsZero() {
		return false, nil
	}
	pos := ev.Pos[ev.Decisive]
	return s.partial.again(r.hits, s.path, echo{time: ev.Time.UnixNano(), offset: pos.Offset, line: pos.Line, length: pos.Length,
		request: requestHash(clean(ev.Request.ID)), stage: r.stage})
}
