package scanner

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"tideline/scanner/actor"
	"tideline/scanner/block"
	"tideline/scanner/finding"
	"tideline/scanner/given"
	"tideline/scanner/item"
	"tideline/scanner/ruleset"
	"tideline/scanner/score"
	"tideline/scanner/spill"
)

// maxRelated bounds the members that a finding lists. How many there were is told
// by its Records, and by what a rule says of {count}.
const maxRelated = 200

// fold makes one finding of all acts of one identity, scores it, and enters it
// into the accounts of its actor and into the rotation list.
func (c *concluder) fold(r *Report) error {
	c.actors.Logins = c.whose.Logins()
	f := &folder{concluder: c, findings: r.findings}
	if err := c.eachAct(f.take); err != nil {
		return err
	}
	return f.finish()
}

// A folder holds the finding that the acts at hand are of. Acts of one identity
// follow one another.
type folder struct {
	*concluder
	findings *spill.Sorter[finding.Finding]

	current *finding.Finding // nil before the first
	light   finding.Finding  // current, where it is quiet
	adjust  []int            // of its first act
	link    *finding.Link
	first   finding.Hit
	others  act // what its repetitions had besides
}

// take takes the next act.
func (f *folder) take(a *act) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	if f.current != nil && f.current.ID == a.ID {
		if f.current != &f.light && a.Count > 0 {
			repeat(f.current, a, f.exposed(a.Hit))
			f.others.join(a)
		}
		return nil
	}
	if err := f.finish(); err != nil {
		return err
	}
	if f.quiet(f.levelOf(a.Hit)) {
		f.current = f.concluder.light(&f.light, a)
		return nil
	}
	f.current, f.adjust, f.link = f.finding(a), a.Hit.Adjust, a.Link
	f.first = *a.Hit
	f.others = act{Hit: &f.first, From: slices.Clip(a.From), With: slices.Clip(a.With)}
	return nil
}

// finish counts, scores and keeps the finding at hand.
func (f *folder) finish() error {
	x := f.current
	switch {
	case x == nil:
		return nil
	case x == &f.light:
		f.countFinding(x, true)
		return nil
	case x.Count == 0:
		return nil // nothing but what other findings count: see shade
	}
	f.score(x, f.adjust)
	own := x.Actor.ID
	in := x.Container
	if f.rules.BlockOf(x.Rule.ID).Exposing {
		in = finding.Container{} // what an application prints is no act of who stole its token
	}
	id, links := f.whose.Behind(&x.Actor, x.LastTime, in)
	x.Actor.ID = id
	if f.link != nil {
		links = append(links, *f.link)
	}
	f.countFinding(x, false)
	if !f.chosen(x) || finding.LevelRank(x.Rule.Level) < f.actorLevel() {
		return f.findings.Add(x)
	}
	return errors.Join(f.actors.Add(x, &actor.Credit{Own: own, Joined: f.link != nil, Links: links, From: f.others.From, With: f.others.With}),
		f.findings.Add(x))
}

// repeat counts more occurrences. Addresses and clients of the repetitions are told
// of the actor, not of the finding: see act.join.
func repeat(f *finding.Finding, a *act, exposed []finding.Exposed) {
	f.Count += a.Count
	f.LastTime.Time = finding.Later(f.LastTime.Time, a.Last.Time)
	f.Exposed = append(f.Exposed, beyond(f.Exposed, exposed)...)
}

// finding turns an act into a finding of one occurrence.
func (c *concluder) finding(a *act) *finding.Finding {
	h := a.Hit
	f := &finding.Finding{
		ID: a.ID, Time: h.Time, LastTime: a.Last, Count: a.Count,
		Actor: h.Actor, Action: h.Action, Target: h.Target, Outcome: h.Outcome,
		Host: h.Host, Cluster: h.Cluster, Container: h.Container, Command: h.Command, Stage: h.Stage,
		Exposed: c.exposed(h), Matched: h.Matched, Source: h.Source, Records: h.Records,
		Raw: h.Raw, RawBase64: h.RawBase64, RawCut: h.RawCut,
	}
	f.Related = a.Related[:min(len(a.Related), maxRelated)]
	label := c.labels.Of(h.Rule)
	f.Rule, f.Attack = label.Rule, label.Attack
	f.Rule.Level = c.levelOf(h)
	f.Summary = summary(h, f.Rule.Title)
	f.Normalise()
	return f
}

// exposed settles the certainty by the outcome, which a later stage may have
// brought.
func (c *concluder) exposed(h *finding.Hit) []finding.Exposed {
	i, ok := c.rules.Rule(h.Rule)
	if !ok {
		return nil
	}
	b := c.rules.Block(i)
	limits, other, held := b.Exposed(h.Adjust), b.KindOf(h.Adjust), b.LimitOf(h.Adjust)
	out := make([]finding.Exposed, len(h.Exposed))
	for j, e := range h.Exposed {
		limit := ""
		if k := slices.IndexFunc(limits, func(l block.Expose) bool { return l.Kind == e.Kind || e.Kind == other }); k >= 0 {
			limit = limits[k].Certainty
		}
		e.Certainty = given.Certainty(cmp.Or(held, limit), h.Outcome)
		out[j] = e
	}
	return out
}

// summary is the sentence of the rule, or of its title, with the outcome where
// the act did not succeed.
func summary(h *finding.Hit, title string) string {
	s := h.Summary
	if s == "" {
		s = title
		if h.Actor.Name != "" {
			s = h.Actor.Name + ": " + s
		}
	}
	switch h.Outcome {
	case "denied":
		return s + " (attempt, denied)"
	case "failed":
		return s + " (attempt, failed)"
	}
	return s
}

// score gives f its score and the reasons for it. adjust are the adjustments of its rule
// that hold, by number.
func (c *concluder) score(f *finding.Finding, adjust []int) {
	rule := c.rules.BlockOf(f.Rule.ID)
	var reasons []finding.Reason
	for _, i := range adjust {
		if i < len(rule.Adjust) {
			reasons = append(reasons, finding.Reason{Points: rule.Adjust[i].Points, Why: rule.Adjust[i].Why})
		}
	}
	around := c.around(f)
	if around.Home && rule.Outside {
		reasons = append(reasons, finding.Reason{Points: -30, Why: "the nodes' kubelets come from this address too: it is the way out of the cluster's own network"})
		if finding.LevelRank(f.Rule.Level) > finding.LevelRank("low") {
			f.Rule.Level = "low"
		}
	}
	score.Finding(f, rule.Base, reasons, around)
	f.Normalise()
}

func newFindingSorter(labels *ruleset.Labels) *spill.Sorter[finding.Finding] {
	return &spill.Sorter[finding.Finding]{
		Compare: func(a, b *finding.Finding) int {
			if !a.Time.Equal(b.Time.Time) {
				return a.Time.Compare(b.Time.Time)
			}
			return strings.Compare(a.ID, b.ID)
		},
		Code: func(c *spill.Coder, f *finding.Finding) { item.CodeFinding(c, f, labels.Code) },
		Size: item.FindingSize,
	}
}
