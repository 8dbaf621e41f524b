package scanner

import (
	"tideline/scanner/correlate"
	"tideline/scanner/finding"
	"tideline/scanner/item"
)

// maxRecent bounds the events that correlations can name. Of one that counts more,
// only the latest say what its findings and targets were; the report tells for how
// many correlations that is so (see unnamed). An act of which a correlation says more
// than recentBytes counts as one more event for each time it does.
const (
	maxRecent   = 20_000
	recentBytes = 1024
)

// recent remembers the latest events that correlations may count, with the
// acts on them, without their evidence. An event is forgotten when maxRecent
// others have come, whether a checkpoint lies between or not.
type recent struct {
	byRef   map[int64][]member
	queue   []numbered
	count   int64                // events so far
	last    int64                // the event of before: its acts come one after the other, and it counts once, forgotten or not
	next    int                  // length of queue at which those that no window holds are forgotten
	names   []string             // fields that correlations name in what they say
	commons [1 << 13]*commonPart // latest ones, by a hash: see commonOf
}

// leastRecent is how many events are remembered before it is asked which of them
// windows hold.
const leastRecent = 4096

// tidy forgets, now and then, the events that no window of the engines holds any
// more: a correlation names only those it holds. Events are added before they
// are given to an engine, so it must not be called in between.
func (r *recent) tidy(engines ...*correlate.Engine) {
	if len(r.queue) < max(r.next, leastRecent) {
		return
	}
	held := make(map[int64]bool, len(r.queue)) // windows hold many more events than are remembered
	for _, event := range r.queue {
		held[event.ref] = false
	}
	for _, e := range engines {
		if e != nil {
			e.Refs(func(ref int64) {
				if _, remembered := held[ref]; remembered {
					held[ref] = true
				}
			})
		}
	}
	kept := make([]numbered, 0, len(r.queue))
	for _, event := range r.queue {
		if held[event.ref] {
			kept = append(kept, event)
		} else {
			delete(r.byRef, event.ref)
		}
	}
	r.queue, r.next = kept, 2*len(kept)
}

// A numbered event is the n-th.
type numbered struct{ ref, n int64 }

// add remembers that a rule made an act of h; id is that of its finding. Acts on one event
// come one after the other.
func (r *recent) add(ref int64, rule int, id string, h *finding.Hit) {
	if r.byRef[ref] == nil && (ref != r.last || r.count == 0) {
		r.count++
	}
	r.last = ref
	r.count += int64(item.CommonSize(h) / recentBytes)
	m := member{rule: rule, key: h.Rule, id: id, like: h.Like, target: h.Target, source: h.Source, from: h.Actor.Addresses}
	if m.like == nil {
		m.common, m.own = r.commonOf(h)
	}
	r.enter(numbered{ref, r.count}, m)
	for len(r.queue) > 1 && r.queue[0].n <= r.count-maxRecent {
		delete(r.byRef, r.queue[0].ref)
		r.queue = r.queue[1:]
	}
}

func (r *recent) enter(event numbered, m member) {
	if r.byRef == nil {
		r.byRef = map[int64][]member{}
	}
	if r.byRef[event.ref] == nil {
		r.queue = append(r.queue, event)
	}
	r.byRef[event.ref] = append(r.byRef[event.ref], m)
}
