package ruleset

import (
	"tideline/parsers"
	"tideline/scanner/sigma"
)

// What is asked of a rule for each of its hits was worked out once, by its index.

// FieldPodImages are the images of a pod, or of the template of a workload.
const FieldPodImages = "k8s.pod.images"

// Kept are the fields of which hits of rule i keep the values.
func (rs *Ruleset) Kept(i int) []string { return rs.keep[i] }

// MadeOf is what hits of rule i are made from. It must not be changed.
func (rs *Ruleset) MadeOf(i int) *Makings { return &rs.made[i] }

// Adjuster finds the score adjustments of rule i; nil if it has none.
func (rs *Ruleset) Adjuster(i int) *Adjuster { return rs.adjusts[i] }

// Counted reports whether a correlation counts the hits of rule i.
func (rs *Ruleset) Counted(i int) bool { return rs.counted[i] }

// Silent reports whether only correlations are to report the hits of rule i.
func (rs *Ruleset) Silent(i int) bool { return rs.silent[i] }

// Lists are the value lists that scoring looks at.
func (rs *Ruleset) Lists() Lists { return rs.lists }

// Plans are the plans of decoders for the fields of Set, which they share.
func (rs *Ruleset) Plans() *parsers.Plans { return &rs.plans }

// Turn is where correlations with an order want a rule among those that match one event.
func (rs *Ruleset) Turn(rule int) int { return rs.turns[rule] }

// turns says for each rule where correlations with an order want it.
func turns(set *sigma.Set) []int {
	out := make([]int, len(set.Rules()))
	for _, c := range set.Correlations() {
		if c.Type != sigma.TemporalOrdered {
			continue
		}
		for i, m := range c.Members {
			if m.Rule >= 0 {
				out[m.Rule] = max(out[m.Rule], i)
			}
		}
	}
	return out
}
