package scanner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tideline/scanner/correlate"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/text"
)

// Correlations are those of one Conclude: they are given hits, and fire.
type correlations struct {
	rules     *ruleset.Ruleset
	engine    *correlate.Engine
	late      *correlate.Engine    // of hits before what was concluded before, while there may be any
	evicted   int64                // by late
	recent    recent               // members that may be named
	named     []member             // scratch, for members
	countedBy map[int]map[int]bool // rules, by correlation
	shortened int64                // those that fired and name only some of their members
}

func newCorrelations(rules *ruleset.Ruleset) *correlations {
	c := &correlations{rules: rules, countedBy: map[int]map[int]bool{}}
	c.recent.names = rules.Named()
	c.engine = c.newEngine()
	return c
}

// newEngine is one whose windows get their identity when their condition is
// met: by the members up to then. A window that is open at the end of a night
// keeps it, however much comes later.
func (c *correlations) newEngine() *correlate.Engine {
	return correlate.New(c.rules.Set, correlate.Options{Met: func(f correlate.Fired) string {
		members := c.members(&f)
		return foldID(c.hit(&f, members), strings.Join(idsOf(members), ","))
	}})
}

// input remembers a hit that correlations count, for those that name it, and returns
// what an engine is told of it.
func (c *correlations) input(rule int, id string, h *finding.Hit, k *twin) correlate.Input {
	ref := eventRef(h)
	c.recent.tidy(c.engine, c.late)
	c.recent.add(ref, rule, id, h)
	return correlate.Input{
		Time: h.Time.Time, Ref: ref, Rule: rule,
		Like:  k.like(),
		Field: func(name string) []string { return ruleset.JoinField(h, name) },
	}
}

// lost is how many events were given up for want of room.
func (c *correlations) lost() int64 { return c.engine.Evicted() + c.evicted }

// turn is where correlations with an order want a rule.
func (c *concluder) turn(rule string) int {
	i, ok := c.rules.Rule(rule)
	if !ok {
		return 0
	}
	return c.rules.Turn(i)
}

// correlation makes an act of a correlation that fired. Its actor and place
// are those of its last member.
func (c *concluder) correlation(f correlate.Fired) error {
	members := c.correlations.members(&f)
	if c.correlations.unnamed(&f) {
		c.correlations.shortened++
	}
	a := &act{ID: f.Note, Hit: c.correlations.hit(&f, members), Last: finding.Time{Time: f.Last}, Count: 1}
	if c.quiet(c.levelOf(a.Hit)) {
		a.Hit = brief(a.Hit)
	} else {
		a.Related = idsOf(members)
	}
	return c.acts.Add(a)
}

// members are the acts behind the events of a correlation that fired, in
// order: those of the rules that it counts. They hold until it is called again.
func (c *correlations) members(f *correlate.Fired) []member {
	out := c.named[:0]
	counted := c.countedBy[f.Correlation]
	if counted == nil {
		counted = c.rules.CountedBy(f.Correlation)
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
func (c *correlations) unnamed(f *correlate.Fired) bool {
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

// hit describes a correlation as a hit of its own.
func (c *correlations) hit(f *correlate.Fired, members []member) *finding.Hit {
	h := &finding.Hit{Rule: c.rules.CorrelationKey(f.Correlation), Time: finding.Time{Time: f.First}, Outcome: "unknown", Records: len(f.Refs) + f.More}
	if len(members) > 0 {
		source := members[len(members)-1].source
		last := members[len(members)-1].whole(nil)
		h.Actor, h.Action, h.Target, h.Outcome = last.Actor, last.Action, members[len(members)-1].target, last.Outcome
		h.Outcome = outcomeOf(members, h.Outcome)
		h.Host, h.Cluster, h.Container, h.Source = last.Host, last.Cluster, last.Container, source
	}
	h.Target = commonTarget(members, h.Target)
	for _, g := range f.Group {
		h.Matched = append(h.Matched, finding.Match{Field: g.Key, Value: text.Valid(g.Value), Pattern: "group-by"})
	}
	h.Summary = c.rules.BlockOf(h.Rule).Summary.Render(lookGroup(f, members, h))
	return h
}

// outcomeOf is the outcome of what members have in common: that of the last, but if
// it did not succeed that of another act that the same rule found and that did. A
// token that was used, and refused a second thing, was used.
func outcomeOf(members []member, last string) string {
	if !finding.NotDone(last) {
		return last
	}
	for i := range members {
		if m := &members[i]; m.rule == members[len(members)-1].rule && m.outcome() == "allowed" {
			return "allowed"
		}
	}
	return last
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
				return []string{text.Valid(g.Value)}
			}
		}
		switch name {
		case "actor":
			return []string{cmp.Or(h.Actor.Name, "somebody")}
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
