package scanner

import (
	"tideline/scanner/baseline"
	"tideline/scanner/finding"
	"tideline/scanner/score"
	"tideline/scanner/text"
)

// learn fixes what is normal: the baseline that was given, or else the evidence
// itself, before each act.
func (c *concluder) learn() {
	if b := c.options.Baseline; b != nil {
		c.habits = b.IndexFor(c.aggregates.Nameless())
		return
	}
	c.habits = c.aggregates.Baseline().FirstPart()
}

// around is what is known of a finding beyond what it says itself.
func (c *concluder) around(f *finding.Finding) score.Context {
	var around score.Context
	actor := f.Actor.ID // as the log has it: habits are those of identities
	h := baseline.NewHabit(actor, f.Action, f.Target.Kind, f.Actor.Agent, f.Actor.Address())
	known := false
	if len(f.Related) == 0 && !f.Time.IsZero() {
		around.New, known = c.habits.Judge(h, f.Time.Time)
		if c.habits.NewImage(f.Container.Image, actor, f.Time.Time) {
			around.New = append(around.New, "the image "+text.Shorten(baseline.Repository(f.Container.Image), 80))
		}
		around.NewTo = c.habits.Source(actor, f.Time.Time)
	}
	around.Usual = known && c.options.Baseline != nil
	around.Operator = known && c.rules.lists.has("k8s_secret_operators", f.Actor.Name)
	around.Home = c.homes[f.Actor.Address()]
	around.Engagement = c.engagement(f)
	return around
}

// engagement says by which entry of the engagement lists f belongs to an
// authorised test; "" if it does not.
func (c *concluder) engagement(f *finding.Finding) string {
	l := c.rules.lists
	if !l.within(EngagementSince, EngagementUntil, f.Time.Time) {
		return ""
	}
	if l.has(EngagementIdentities, f.Actor.Name) {
		return text.Shorten(f.Actor.Name, 80)
	}
	if address := f.Actor.Address(); l.has(EngagementAddresses, address) {
		return address
	}
	return ""
}
