package scanner

import (
	"fmt"
	"slices"

	"tideline/scanner/correlate"
	"tideline/scanner/finding"
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
	byRef map[int64][]member
	queue []numbered
	count int64          // events so far
	last  int64          // the event of before: its acts come one after the other, and it counts once, forgotten or not
	next  int            // length of queue at which those that no window holds are forgotten
	names []string       // fields that correlations name in what they say
	deeds [1 << 13]*deed // latest ones, by a hash: see deedOf
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

func (r *recent) add(ref int64, rule int, id string, h *finding.Hit) {
	if r.byRef[ref] == nil && (ref != r.last || r.count == 0) {
		r.count++
	}
	r.last = ref
	r.count += int64(deedSize(h) / recentBytes)
	m := member{rule: rule, key: h.Rule, id: id, like: h.Like, target: h.Target, source: h.Source, from: h.Actor.Addresses}
	if m.like == nil {
		m.deed, m.own = r.deedOf(h)
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

// members are the acts behind the events of a correlation that fired, in
// order: those of the rules that it counts. They hold until it is called again.
func (c *concluder) members(f *correlate.Fired) []member {
	out := c.named[:0]
	counted := c.countedBy[f.Correlation]
	if counted == nil {
		counted = c.rules.countedBy(f.Correlation)
		c.countedBy[f.Correlation] = counted
	}
	for _, ref := range f.Refs {
		for _, m := range c.recent.byRef[ref] {
			if counted[m.rule] {
				out = append(out, m)
			}
		}
	}
	c.named = out
	return out
}

// unnamed reports whether a correlation that fired counts events that members does
// not give: they were forgotten, or the engine did not keep them.
func (c *concluder) unnamed(f *correlate.Fired) bool {
	return f.More > 0 || slices.ContainsFunc(f.Refs, func(ref int64) bool { return c.recent.byRef[ref] == nil })
}

// fewMembers are told apart without a map.
const fewMembers = 8

// idsOf are the findings of members, each once.
func idsOf(members []member) []string {
	out := make([]string, 0, len(members))
	var seen map[string]bool
	if len(members) > fewMembers {
		seen = make(map[string]bool, len(members))
	}
	for _, m := range members {
		switch {
		case seen == nil && slices.Contains(out, m.id), seen[m.id]:
			continue
		case seen != nil:
			seen[m.id] = true
		}
		out = append(out, m.id)
	}
	return out
}

// correlationHit describes a correlation as a hit of its own.
func (c *concluder) correlationHit(f *correlate.Fired, members []member) *finding.Hit {
	h := &finding.Hit{Rule: c.rules.CorrelationKey(f.Correlation), Time: finding.Time{Time: f.First}, Outcome: "unknown", Records: len(f.Refs) + f.More}
	if len(members) > 0 {
		source := members[len(members)-1].source
		last := members[len(members)-1].whole(nil)
		h.Actor, h.Action, h.Target, h.Outcome = last.Actor, last.Action, members[len(members)-1].target, last.Outcome
		h.Host, h.Cluster, h.Container, h.Source = last.Host, last.Cluster, last.Container, source
	}
	h.Target = commonTarget(members, h.Target)
	for _, g := range f.Group {
		h.Matched = append(h.Matched, finding.Match{Field: g.Key, Value: validUTF8(g.Value), Pattern: "group-by"})
	}
	h.Summary = c.rules.corr[h.Rule].Summary.Render(lookGroup(f, members, h))
	return h
}

// commonTarget keeps of the target what all members share.
func commonTarget(members []member, t finding.Target) finding.Target {
	for _, x := range members {
		m := x.target
		if m.Kind != t.Kind {
			t.Kind = ""
		}
		if m.Namespace != t.Namespace {
			t.Namespace = ""
		}
		if m.Name != t.Name {
			t.Name = ""
		}
	}
	return t
}

// lookGroup resolves the names in the summary of a correlation: its group
// values, the words of the finding, and count.
func lookGroup(f *correlate.Fired, members []member, h *finding.Hit) func(string) []string {
	return func(name string) []string {
		for _, g := range f.Group {
			if g.Key == name {
				return []string{validUTF8(g.Value)}
			}
		}
		switch name {
		case "actor":
			return []string{orElse(h.Actor.Name, "somebody")}
		case "action":
			return []string{h.Action}
		case "target":
			return []string{h.Target.Name}
		case "outcome":
			return []string{h.Outcome}
		case "count":
			return []string{fmt.Sprint(len(f.Refs) + f.More)}
		}
		if len(members) > 0 {
			return members[len(members)-1].field(name)
		}
		return nil
	}
}
