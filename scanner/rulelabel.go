package scanner

import (
	"tideline/scanner/finding"
	"tideline/scanner/spill"
)

// ruleLabels is what findings say of their rules and correlations, by key: the same
// for all findings of one, which share it. In temporary runs it is left out.
type ruleLabels struct {
	rules *Ruleset
	known map[string]*ruleLabel
}

// A ruleLabel is that of one rule, with the level that it has by itself.
type ruleLabel struct {
	rule   finding.Rule
	attack []string // techniques
}

func newRuleLabels(rules *Ruleset) *ruleLabels {
	return &ruleLabels{rules, map[string]*ruleLabel{}}
}

// of is what there is to say about a rule; of one that is not in use (a partial of
// another rule set told of it), nothing, under the key "".
func (a *ruleLabels) of(key string) *ruleLabel {
	if x := a.known[key]; x != nil {
		return x
	}
	f := &finding.Finding{}
	if h := a.rules.headerOf(key); h != nil {
		f.Rule, f.Attack = describe(key, h), techniques(h.Tags)
	}
	f.Normalise()
	x := &ruleLabel{f.Rule, f.Attack}
	a.known[f.Rule.ID] = x
	return x
}

// code is for the rule and the techniques of f, of which the level is its own.
func (a *ruleLabels) code(c *spill.Coder, f *finding.Finding) {
	key, level := f.Rule.ID, f.Rule.Level
	if c.Texts(&key, &level); c.Reading() {
		x := a.of(key)
		f.Rule, f.Attack = x.rule, x.attack
		f.Rule.Level = level
	}
}
