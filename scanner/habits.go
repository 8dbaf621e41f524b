package scanner

import (
	"tideline/scanner/baseline"
	"tideline/scanner/finding"
	"tideline/scanner/identity"
	"tideline/scanner/ruleset"
	"tideline/scanner/score"
	"tideline/scanner/tally"
	"tideline/scanner/text"
)

// usual is what is normal here, so that it is told what is new.
type usual struct {
	habits *baseline.Index
	firsts *firsts
	homes  map[string]bool // addresses from which the cluster's own nodes come
}

// newUsual fixes what is normal: the baseline that was given, or else the evidence
// itself, before each act.
func newUsual(given *baseline.Baseline, a *tally.Aggregates) usual {
	u := usual{homes: identity.Homes(a)}
	if given != nil {
		u.habits = given.IndexFor(a.Nameless())
	} else {
		u.habits = a.Baseline().FirstPart()
	}
	u.firsts = newFirsts(u.habits)
	return u
}

// around is what is known of a finding beyond what it says itself.
func (c *concluder) around(f *finding.Finding) score.Context {
	var around score.Context
	actor := f.Actor.ID // as the log has it: habits are those of identities
	h := baseline.NewHabit(actor, f.Action, f.Target.Kind, f.Actor.Agent, f.Actor.Address())
	known := false
	if len(f.Related) == 0 && !f.Time.IsZero() {
		around.New, known = c.usual.habits.Judge(h, f.Time.Time)
		if c.usual.habits.NewImage(f.Container.Image, actor, f.Time.Time) {
			around.New = append(around.New, "the image "+text.Shorten(baseline.Repository(f.Container.Image), 80))
		}
		around.NewTo = c.usual.habits.Source(actor, f.Time.Time)
	}
	around.Usual = known && c.options.Baseline != nil
	around.Operator = known && c.rules.Lists().Has("k8s_secret_operators", f.Actor.Name)
	around.Home = c.usual.homes[f.Actor.Address()]
	around.Engagement = c.engagement(f)
	return around
}

// engagement says by which entry of the engagement lists f belongs to an
// authorised test; "" if it does not.
func (c *concluder) engagement(f *finding.Finding) string {
	l := c.rules.Lists()
	if !l.Within(ruleset.EngagementSince, ruleset.EngagementUntil, f.Time.Time) {
		return ""
	}
	if l.Has(ruleset.EngagementIdentities, f.Actor.Name) {
		return text.Shorten(f.Actor.Name, 80)
	}
	if address := f.Actor.Address(); l.Has(ruleset.EngagementAddresses, address) {
		return address
	}
	return ""
}
