package scanner

import (
	"fmt"

	"tideline/scanner/correlate"
	"tideline/scanner/finding"
	"tideline/scanner/sigma"
)

// maxRecent bounds the acts that a correlation can name its actor by.
const maxRecent = 100_000

// recent remembers the latest acts by their reference, without their evidence.
type recent struct {
	byRef map[int64]*finding.Hit
	queue []int64
}

func (r *recent) add(a *act) {
	if r.byRef == nil {
		r.byRef = map[int64]*finding.Hit{}
	}
	ref := a.ref()
	if r.byRef[ref] == nil {
		r.queue = append(r.queue, ref)
	}
	light := *a.Hit
	light.Raw, light.RawBase64, light.Matched = "", "", nil
	r.byRef[ref] = &light
	if len(r.queue) > maxRecent {
		delete(r.byRef, r.queue[0])
		r.queue = r.queue[1:]
	}
}

// correlationHit describes a correlation as a hit of its own.
func (c *concluder) correlationHit(f *correlate.Fired) *finding.Hit {
	rule := c.rules.Set.Correlations()[f.Correlation]
	h := &finding.Hit{Rule: CorrelationKey(rule), Time: finding.Time{Time: f.First}, Outcome: "unknown", Records: len(f.Refs)}
	last := c.recent.byRef[f.Refs[len(f.Refs)-1]]
	if last != nil {
		h.Actor, h.Action, h.Target, h.Outcome = last.Actor, last.Action, last.Target, last.Outcome
		h.Host, h.Cluster, h.Container, h.Source = last.Host, last.Cluster, last.Container, last.Source
	}
	h.Target = c.commonTarget(f, h.Target)
	for _, g := range f.Group {
		h.Matched = append(h.Matched, finding.Match{Field: g.Key, Value: validUTF8(g.Value), Pattern: "group-by"})
	}
	h.Summary = c.rules.corr[h.Rule].Summary.Render(c.lookGroup(f, h))
	return h
}

// commonTarget keeps of the target what all members share.
func (c *concluder) commonTarget(f *correlate.Fired, t finding.Target) finding.Target {
	for _, ref := range f.Refs {
		m := c.recent.byRef[ref]
		if m == nil {
			continue
		}
		if m.Target.Kind != t.Kind {
			t.Kind = ""
		}
		if m.Target.Namespace != t.Namespace {
			t.Namespace = ""
		}
		if m.Target.Name != t.Name {
			t.Name = ""
		}
	}
	return t
}

// lookGroup resolves the names in the summary of a correlation: its group
// values, the words of the finding, and count.
func (c *concluder) lookGroup(f *correlate.Fired, h *finding.Hit) func(string) []string {
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
			return []string{fmt.Sprint(len(f.Refs))}
		}
		if m := c.recent.byRef[f.Refs[len(f.Refs)-1]]; m != nil {
			return m.Fields[name]
		}
		return nil
	}
}

// CorrelationKey identifies a correlation: its id, or its title.
func CorrelationKey(r *sigma.Correlation) string {
	if r.ID != "" {
		return r.ID
	}
	return "title:" + r.Title
}
