package ruleset

import (
	"slices"
	"strings"

	"tideline/scanner/block"
	"tideline/scanner/finding"
	"tideline/scanner/sigma"
	"tideline/scanner/spill"
)

// Labels are what findings say of their rules and correlations, by key: the same
// for all findings of one, which share it. In temporary runs it is left out.
type Labels struct {
	rules *Ruleset
	known map[string]*Label
}

// A Label is that of one rule, with the level that it has by itself.
type Label struct {
	Rule   finding.Rule
	Attack []string // techniques
}

// NewLabels are those of rules. One goroutine uses them at a time.
func NewLabels(rules *Ruleset) *Labels {
	return &Labels{rules, map[string]*Label{}}
}

// Of is what there is to say about a rule; of one that is not in use (a partial of
// another rule set told of it), nothing, under the key "".
func (a *Labels) Of(key string) *Label {
	if x := a.known[key]; x != nil {
		return x
	}
	f := &finding.Finding{}
	if h := a.rules.Header(key); h != nil {
		f.Rule, f.Attack = describe(key, h), techniques(h.Tags)
	}
	f.Normalise()
	x := &Label{f.Rule, f.Attack}
	a.known[f.Rule.ID] = x
	return x
}

// Code is for the rule and the techniques of f, of which the level is its own.
func (a *Labels) Code(c *spill.Coder, f *finding.Finding) {
	key, level := f.Rule.ID, f.Rule.Level
	if c.Texts(&key, &level); c.Reading() {
		x := a.Of(key)
		f.Rule, f.Attack = x.Rule, x.Attack
		f.Rule.Level = level
	}
}

// describe is what a finding says of its rule, or of its correlation.
func describe(key string, h *sigma.Header) finding.Rule {
	return finding.Rule{
		ID: key, Title: h.Title, Level: LevelOf(h.Level), Author: h.Author, License: h.License,
		References: h.References, Description: h.Description, FalsePositives: h.FalsePositives,
	}
}

// LevelOf treats a rule without a level as medium: it was written to be seen.
func LevelOf(level string) string {
	if finding.LevelRank(level) < 0 {
		return "medium"
	}
	return level
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

// Level is that of a finding that a hit of a rule would become.
func (rs *Ruleset) Level(rule int, h *finding.Hit) string {
	return rs.Block(rule).LevelOf(LevelOf(rs.Set.Rules()[rule].Level), h.Adjust)
}

// Lean are the rules, by index, whose findings are quiet whatever their circumstances,
// where reports are on findings from a level on, least by finding.LevelRank. Those that are
// dear are not among them: for their evidence a record is parsed in full, and of that the
// ledger tells.
func (rs *Ruleset) Lean(least int) []bool {
	rules := rs.Set.Rules()
	out := make([]bool, len(rules))
	for i := range rules {
		out[i] = !rs.Set.Dear(i) && finding.LevelRank(LevelOf(rules[i].Level)) < least &&
			!slices.ContainsFunc(rs.Block(i).Adjust, func(a block.Adjust) bool { return finding.LevelRank(a.Level) >= least })
	}
	return out
}
