package scanner

import (
	"slices"

	"tideline/scanner/block"
	"tideline/scanner/finding"
)

// Most hits of a busy estate are informational: they are evidence for
// correlations, and belong to no report, no story and no account. Their findings
// are counted, and neither scored nor kept.

// quiet reports whether findings of that level are not kept. Nothing raises the
// level of a finding later.
func (c *concluder) quiet(level string) bool {
	return !c.whole && finding.LevelRank(level) < c.actorLevel()
}

// level is that of a finding that a hit of a rule would become.
func (rs *Ruleset) level(rule int, h *finding.Hit) string {
	return rs.Block(rule).LevelOf(levelOf(rs.Set.Rules()[rule].Level), h.Adjust)
}

// levelOf is level by the key of the rule, which may be of a correlation.
func (c *concluder) levelOf(h *finding.Hit) string {
	if i, ok := c.rules.ruleOf(h.Rule); ok {
		return c.rules.level(i, h)
	}
	return c.labels.of(h.Rule).rule.Level
}

// lean are the rules, by index, whose findings are quiet whatever their circumstances,
// where reports are on findings from a level on. Those that are dear are not among them:
// for their evidence a record is parsed in full, and of that the ledger tells.
func (rs *Ruleset) lean(minLevel string) []bool {
	least := actorLevel(minLevel)
	rules := rs.Set.Rules()
	out := make([]bool, len(rules))
	for i := range rules {
		out[i] = !rs.Set.Dear(i) && finding.LevelRank(levelOf(rules[i].Level)) < least &&
			!slices.ContainsFunc(rs.Block(i).Adjust, func(a block.Adjust) bool { return finding.LevelRank(a.Level) >= least })
	}
	return out
}

// light makes of f what a quiet finding is counted by.
func (c *concluder) light(f *finding.Finding, a *act) *finding.Finding {
	*f = finding.Finding{ID: a.ID, Rule: c.labels.of(a.Hit.Rule).rule, Outcome: a.Hit.Outcome}
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
