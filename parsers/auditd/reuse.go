package auditd

import "tideline/parsers"

// Reuse implements parsers.Reuser. What is known of records and events that come
// again is kept; of the processes, the numbers and the times of a stream nothing is.
func (d *decoder) Reuse() bool {
	if d.stencils == nil || d.stencils.met.budget < sightBudget/2 || d.window.count > 0 {
		return false // there is nothing to keep, or little room for more
	}
	d.procs.forget()
	d.rd.label = labelMemo{}
	d.stamp, d.serials, d.parting, d.journal = stampMemo{}, serialWatch{}, parting{}, journalTail{}
	d.notes, d.dropped, d.local = nil, 0, false
	d.behind, d.rec = parsers.Record{}, parsers.Record{}
	return true
}
