package scanner

import (
	"testing"

	"tideline/scanner/finding"
	"tideline/scanner/item"
	"tideline/scanner/ruleset"
	"tideline/scanner/spill"
	"tideline/scanner/spill/spilltest"
)

func TestItemsComeBackFromRunsAsTheyWere(t *testing.T) {
	rules := testRuleset(t)
	labels := ruleset.NewLabels(rules)
	keys := []string{"no such rule", ""}
	for _, i := range rules.Rules() {
		keys = append(keys, rules.Key(i))
	}
	told := func(f *finding.Finding) { // of its rule, what findings of it say
		label := labels.Of(keys[(len(f.Summary)+len(f.ID))%len(keys)])
		level := f.Rule.Level
		f.Rule, f.Attack = label.Rule, label.Attack
		f.Rule.Level = level
	}
	t.Run("finding", func(t *testing.T) {
		spilltest.RoundTrip(t, func(c *spill.Coder, f *finding.Finding) { item.CodeFinding(c, f, labels.Code) }, told)
	})
	t.Run("act", func(t *testing.T) { spilltest.RoundTrip(t, codeAct, func(*act) {}) })
	t.Run("parted", func(t *testing.T) { spilltest.RoundTrip(t, codeParted, func(*partedEvent) {}) })
}
