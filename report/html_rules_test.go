package report

import (
	"bufio"
	"io"
	"testing"

	"tideline/scanner/finding"
)

// TestPageRulesAreNumberedByAllThatIsToldOfThem: one id may stand for two rules, of
// partial results that were merged, and one rule may have two levels.
func TestPageRulesAreNumberedByAllThatIsToldOfThem(t *testing.T) {
	d := newPageData(bufio.NewWriter(io.Discard))
	rule := func(change func(*finding.Rule)) finding.Rule {
		r := finding.Rule{ID: "1", Title: "t", Level: "high", References: []string{"a"}, FalsePositives: []string{}}
		change(&r)
		return r
	}
	list := []finding.Rule{
		rule(func(*finding.Rule) {}), rule(func(r *finding.Rule) { r.Level = "low" }), rule(func(r *finding.Rule) { r.Title = "u" }),
		rule(func(r *finding.Rule) { r.Author = "x" }), rule(func(r *finding.Rule) { r.License = "x" }), rule(func(r *finding.Rule) { r.Description = "x" }),
		rule(func(r *finding.Rule) { r.References = []string{"b"} }), rule(func(r *finding.Rule) { r.FalsePositives = []string{"b"} }), rule(func(r *finding.Rule) { r.ID = "2" }),
	}
	for round := range 3 {
		for i := range list {
			r := list[i]
			got, err := d.rule(&r)
			if whole, ok := got.(*finding.Rule); err != nil || (round == 0) != (ok && whole == &r) || round > 0 && got != i {
				t.Errorf("round %d, rule %d: %v, %v", round, i, got, err)
			}
		}
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = d.rule(&list[0]) }); n > 1 {
		t.Errorf("%v allocations for a rule that was there", n)
	}
}
