package scanner

import "tideline/scanner/finding"

// Most hits of a busy estate are informational: they are evidence for
// correlations, and belong to no report, no story and no account. Their findings
// are counted, and neither scored nor kept.

// quiet reports whether findings of that level are not kept. Nothing raises the
// level of a finding later.
func (c *concluder) quiet(level string) bool {
	return !c.whole && finding.LevelRank(level) < c.actorLevel()
}

// levelOf is level by the key of the rule, which may be of a correlation.
func (c *concluder) levelOf(h *finding.Hit) string {
	if i, ok := c.rules.Rule(h.Rule); ok {
		return c.rules.Level(i, h)
	}
	return c.labels.Of(h.Rule).Rule.Level
}

// light makes of f what a quiet finding is counted by.
func (c *concluder) light(f *finding.Finding, a *act) *finding.Finding {
	*f = finding.Finding{ID: a.ID, Rule: c.labels.Of(a.Hit.Rule).Rule, Outcome: a.Hit.Outcome}
	f.Rule.Level = c.levelOf(a.Hit)
	return f
}

// brief is what folding needs of a hit whose finding is quiet: its order, what
// its finding is counted by, and what it adds to an earlier one that is not quiet.
func brief(h *finding.Hit) *finding.Hit {
	return &finding.Hit{
		Rule: h.Rule, Time: h.Time, Outcome: h.Outcome, Adjust: h.Adjust, Exposed: h.Exposed,
		Source: h.Source,
	}
}
