package scanner

import (
	"errors"
	"slices"
	"strings"

	"tideline/scanner/finding"
	"tideline/scanner/score"
)

// maxRelated bounds the members that a finding lists. How many there were is told
// by its Records, and by what a rule says of {count}.
const maxRelated = 200

// fold makes one finding of all acts of one identity, scores it, and enters it
// into the accounts of its actor and into the rotation list.
func (c *concluder) fold(r *Report) error {
	var current *finding.Finding
	var light finding.Finding // current, where it is quiet
	var adjust []int
	var link *finding.Link
	var first finding.Hit // of it
	var others act        // what its repetitions had besides
	c.cast.logins = c.known.logins.of
	finish := func() error {
		if current == nil || current.Count == 0 && current != &light {
			return nil // nothing but what other findings count: see shade
		}
		if current == &light {
			c.tally(current, true)
			return nil
		}
		c.score(current, adjust)
		own := current.Actor.ID
		id, links := c.known.resolve(facetOf(&current.Actor, current.LastTime), current.Container)
		current.Actor.ID = id
		if link != nil {
			links = append(links, *link)
		}
		c.tally(current, false)
		return errors.Join(c.cast.add(c, current, &credit{Own: own, Joined: link != nil, Links: links, From: others.From, With: others.With}), r.findings.Add(current))
	}
	err := c.eachAct(func(a *act) error {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if current == &light && current.ID == a.ID {
			return nil
		}
		if current != nil && current.ID == a.ID {
			if a.Count == 0 {
				return nil
			}
			repeat(current, a, c.exposed(a.Hit))
			others.join(a)
			return nil
		}
		if err := finish(); err != nil {
			return err
		}
		if c.quiet(c.levelOf(a.Hit)) {
			current = c.light(&light, a)
			return nil
		}
		current, adjust, link = c.finding(a), a.Hit.Adjust, a.Link
		first = *a.Hit
		others = act{Hit: &first, From: slices.Clip(a.From), With: slices.Clip(a.With)}
		return nil
	})
	if err != nil {
		return err
	}
	return finish()
}

// repeat counts more occurrences. Addresses and clients of the repetitions are told
// of the actor, not of the finding: see act.join.
func repeat(f *finding.Finding, a *act, exposed []finding.Exposed) {
	f.Count += a.Count
	f.LastTime.Time = later(f.LastTime.Time, a.Last.Time)
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
	label := c.labels.of(h.Rule)
	f.Rule, f.Attack = label.rule, label.attack
	f.Rule.Level = c.levelOf(h)
	f.Summary = summary(h, f.Rule.Title)
	f.Normalise()
	return f
}

// exposed settles the certainty by the outcome, which a later stage may have
// brought.
func (c *concluder) exposed(h *finding.Hit) []finding.Exposed {
	i, ok := c.byKey[h.Rule]
	if !ok {
		return nil
	}
	limits, other, held := c.rules.Block(i).Exposes, c.rules.Block(i).kind(h.Adjust), c.rules.Block(i).limit(h.Adjust)
	out := make([]finding.Exposed, len(h.Exposed))
	for j, e := range h.Exposed {
		limit := ""
		if k := slices.IndexFunc(limits, func(l Expose) bool { return l.Kind == e.Kind || e.Kind == other }); k >= 0 {
			limit = limits[k].Certainty
		}
		e.Certainty = certainty(orElse(held, limit), h.Outcome)
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

// techniques are the ATT&CK technique ids among Sigma tags, upper case.
func techniques(tags []string) []string {
	out := []string{}
	for _, t := range tags {
		ns, id, ok := strings.Cut(strings.ToLower(t), ".")
		if ok && ns == "attack" && len(id) > 1 && id[0] == 't' && id[1] >= '0' && id[1] <= '9' {
			out = append(out, strings.ToUpper(id))
		}
	}
	return out
}

func (c *concluder) score(f *finding.Finding, adjust []int) {
	block := &Block{}
	if i, ok := c.byKey[f.Rule.ID]; ok {
		block = c.rules.Block(i)
	} else if b := c.rules.corr[f.Rule.ID]; b != nil {
		block = b
	}
	var reasons []finding.Reason
	for _, i := range adjust {
		if i < len(block.Adjust) {
			reasons = append(reasons, finding.Reason{Points: block.Adjust[i].Points, Why: block.Adjust[i].Why})
		}
	}
	around := c.around(f)
	if around.Home && block.Outside {
		reasons = append(reasons, finding.Reason{Points: -30, Why: "the nodes' kubelets come from this address too: it is the way out of the cluster's own network"})
		if finding.LevelRank(f.Rule.Level) > finding.LevelRank("low") {
			f.Rule.Level = "low"
		}
	}
	score.Finding(f, block.Base, reasons, around)
	f.Normalise()
}

func newFindingSorter(labels *ruleLabels) *sorter[finding.Finding] {
	return &sorter[finding.Finding]{
		compare: func(a, b *finding.Finding) int {
			if !a.Time.Equal(b.Time.Time) {
				return a.Time.Compare(b.Time.Time)
			}
			return strings.Compare(a.ID, b.ID)
		},
		code: func(c *coder, f *finding.Finding) { codeFinding(c, f, labels) },
		size: findingSize,
	}
}
