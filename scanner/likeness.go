package scanner

import (
	"slices"

	"tideline/parsers"
)

// A likeness is what came of an event that others are like (parsers.Likeness),
// where nothing came of it but counts, and hits of which repetitions are kept as
// echoes. Those others are counted without being looked at.
type likeness struct {
	known   bool
	stage   uint8     // of the echoes: index into stages
	hits    *[]uint32 // templates of the echoes; nil if there are none
	stream  int       // of whose events some were looked at: the ledger tells which rules matched in each
	details []*int64  // counters of its details
	row     *PrincipalRow
	name    *NameRow // of a secret
	image   *NameRow
	strict  bool // of those with the same target only
	adrift  bool // the counters are gone: where to count is to be found out anew
}

// likenesses are those of one format, by number, in rooms that are made as they
// are needed. They hold for as long as one decoder is used, since numbers are its, and
// for streams of one place, since that is counted by.
type likenesses []*[likeRoom]likeness

const likeRoom = 256

// of returns what came of the event that ev is like; nil if it is to be looked at.
func (r likenesses) of(ev *parsers.Event) *likeness {
	n := ev.Like.Number
	if n == 0 || ev.Like.First || n/likeRoom >= len(r) {
		return nil
	}
	room := r[n/likeRoom]
	if room == nil {
		return nil
	}
	if l := &room[n%likeRoom]; l.known && !(l.strict && ev.Like.Loose) {
		return l
	}
	return nil
}

// learn remembers what came of the event at hand for those like it. plain says that
// nothing came of it which cannot be told of them too.
func (r *likenesses) learn(ev *parsers.Event, plain bool, came likeness) {
	n := ev.Like.Number
	if n == 0 {
		return
	}
	for len(*r) <= n/likeRoom {
		*r = append(*r, nil)
	}
	room := &(*r)[n/likeRoom]
	if *room == nil {
		*room = new([likeRoom]likeness)
	}
	if came.known = came.known && plain; came.known {
		came.details = slices.Clone(came.details)
	} else {
		came.details = nil
	}
	(*room)[n%likeRoom] = came
}

// setAdrift is for when all counters are given away.
func (r likenesses) setAdrift() {
	for _, room := range r {
		if room == nil {
			continue
		}
		for i := range room {
			room[i].adrift = true
		}
	}
}

// again counts an event like one that was counted before.
func (t *tally) again(f *parsers.Format, ev *parsers.Event, path string, r *likeness) {
	if r.adrift {
		t.add(f, ev, path)
		came := t.last
		came.hits, came.stage, came.stream, came.strict, came.details = r.hits, r.stage, r.stream, r.strict, slices.Clone(came.details)
		*r = came
		return
	}
	if t.format == nil || t.formatName != f.Name {
		t.switchTo(f.Name)
	}
	t.format.Events++
	t.format.see(ev.Time)
	for _, n := range r.details {
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
	if r.image != nil {
		r.image.see(ev.Time)
	}
}

// again keeps the hits of an event like one that had r.hits; false if one of them
// has to be kept in full, since it is the first in event-time order.
func (s *sink) again(ev *parsers.Event, r *likeness) (bool, error) {
	if r.hits == nil {
		return true, nil
	}
	at, ok := echoTime(ev.Time)
	if !ok {
		return false, nil
	}
	pos := ev.Pos[ev.Decisive]
	return s.partial.again(*r.hits, s.path, echo{time: at, offset: pos.Offset, line: pos.Line, length: pos.Length,
		request: requestHashOf(ev.Request.ID), stage: r.stage})
}
