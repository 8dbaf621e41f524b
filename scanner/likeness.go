package scanner

import (
	"tideline/parsers"
	"tideline/scanner/echo"
	"tideline/scanner/tally"
)

// A likeness is what came of an event that others are like (parsers.Likeness),
// where nothing came of it but counts, and hits of which repetitions are kept as
// echoes. Those others are counted without being looked at.
type likeness struct {
	counters tally.Counters // not known: those like it are to be looked at
	stage    uint8          // of the echoes: see echo.Stage
	strict   bool           // of those with the same target only
	hits     *[]uint32      // templates of the echoes; nil if there are none
	stream   int            // of whose events some were looked at: the ledger tells which rules matched in each
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
	if l := &room[n%likeRoom]; l.counters.Known() && !(l.strict && ev.Like.Loose) {
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
	if plain && came.counters.Known() {
		came.counters = came.counters.Clone()
	} else {
		came = likeness{}
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
			room[i].counters.SetAdrift()
		}
	}
}

// again keeps the hits of an event like one that had r.hits; false if one of them
// has to be kept in full, since it is the first in event-time order.
func (s *sink) again(ev *parsers.Event, r *likeness) (bool, error) {
	if r.hits == nil {
		return true, nil
	}
	x, ok := echo.At(ev, int(r.stage))
	if !ok {
		return false, nil
	}
	return s.partial.again(*r.hits, s.stream.path, x)
}
