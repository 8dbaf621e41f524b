package scanner

import (
	"context"
	"testing"

	"tideline/scanner/finding"
	"tideline/scanner/item"
	"tideline/scanner/spill"
	"tideline/scanner/spill/spilltest"
	"tideline/scanner/text"
)

func TestItemsComeBackFromRunsAsTheyWere(t *testing.T) {
	labels := newConcluder(context.Background(), testRuleset(t), nil, ReportOptions{}).labels
	keys := append(text.Keys(labels.rules.byKey), "no such rule", "")
	told := func(f *finding.Finding) { // of its rule, what findings of it say
		label := labels.of(keys[(len(f.Summary)+len(f.ID))%len(keys)])
		level := f.Rule.Level
		f.Rule, f.Attack = label.rule, label.attack
		f.Rule.Level = level
	}
	t.Run("finding", func(t *testing.T) {
		spilltest.RoundTrip(t, func(c *spill.Coder, f *finding.Finding) { item.CodeFinding(c, f, labels.code) }, told)
	})
	t.Run("credit", func(t *testing.T) {
		spilltest.RoundTrip(t, func(c *spill.Coder, x *credit) { codeCredit(c, x, labels) }, func(x *credit) { told(&x.Finding) })
	})
	t.Run("act", func(t *testing.T) { spilltest.RoundTrip(t, codeAct, func(*act) {}) })
	t.Run("parted", func(t *testing.T) { spilltest.RoundTrip(t, codeParted, func(*partedEvent) {}) })
}
