package auditd

import (
	"sync"

	"tideline/parsers"
)

// A room is where a decoder puts what is of the stream at hand. It takes a megabyte or
// two, and serves one decoder after the other.
type room struct {
	window *window
	procs  procTable
}

var rooms = sync.Pool{New: func() any { return &room{window: newWindow()} }}

// Reuse implements parsers.Reuser. What is known of records and events that come
// again is kept; of the processes, the numbers and the times of a stream nothing is.
func (d *decoder) Reuse() bool {
	if d.window.count > 0 {
		return false
	}
	d.procs.forget()
	if d.stencils == nil || d.stencils.met.budget < sightBudget/2 {
		d.leave() // there is nothing to keep, or little room for more
		return false
	}
	d.rd.label = labelMemo{}
	d.stamp, d.serials, d.parting, d.journal = stampMemo{}, serialWatch{}, parting{}, journalTail{}
	d.notes, d.dropped, d.local = nil, 0, false
	d.behind, d.rec = parsers.Record{}, parsers.Record{}
	return true
}

// leave gives the room to another decoder; this one is not used any more.
func (d *decoder) leave() {
	for _, g := range d.window.spare {
		clear(g.recs[:cap(g.recs)]) // they hold the stencils of this decoder
	}
	rooms.Put(d.room)
	d.room = nil
}
