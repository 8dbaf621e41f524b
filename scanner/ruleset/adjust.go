package ruleset

import (
	"encoding/json"
	"fmt"
	"strings"

	"tideline/scanner/block"
	"tideline/scanner/sigma"
)

// adjustSource marks the hidden rules that stand for the conditions of score
// adjustments: no event has this log source, so they are evaluated on demand
// only, when the rule they belong to has matched.
const adjustSource = "tideline-adjust-"

// addConditions adds a hidden rule for each score adjustment and returns their
// titles, per rule and in order. The conditions of one rule have a log source
// of their own, so that they can be matched together and apart from all else.
func (rs *Ruleset) addConditions(c *sigma.Collection, blocks map[*sigma.Rule]*block.Block) map[*sigma.Rule][]string {
	titles := map[*sigma.Rule][]string{}
	var texts []Text
	var of []*sigma.Rule // by text
	for n, r := range c.Rules {
		for i, a := range blocks[r].Adjust {
			source := fmt.Sprintf("%s%d", adjustSource, n)
			title := fmt.Sprintf("%s/%d", source, i)
			texts, of = append(texts, Text{r.Path, conditionRule(title, source, a.When)}), append(of, r)
			titles[r] = append(titles[r], title)
		}
	}
	nth := 0 // of its rule
	for i, parsed := range parseEach(texts) {
		if nth++; i == 0 || of[i] != of[i-1] {
			nth = 1
		}
		for _, p := range parsed.Problems {
			p.Rule, p.Line = of[i].Title, of[i].Line
			p.Reason = fmt.Sprintf("tideline.score.adjust %d: %s", nth, p.Reason)
			rs.Problems = append(rs.Problems, p)
		}
		c.Rules = append(c.Rules, parsed.Rules...)
	}
	return titles
}

// conditionRule writes a rule whose detection is the selection when, in JSON,
// which YAML includes.
func conditionRule(title, source, when string) []byte {
	name, _ := json.Marshal(title)
	return fmt.Appendf(nil, `{"title":%s,"logsource":{"category":%q},"detection":{"when":%s,"condition":"when"}}`,
		name, source, when)
}

// Hidden reports whether rule i is the condition of a score adjustment.
func (rs *Ruleset) Hidden(i int) bool {
	return strings.HasPrefix(rs.Set.Rules()[i].LogSource.Category, adjustSource)
}

// An Adjuster finds the score adjustments of one rule that hold for an event.
type Adjuster struct {
	set    *sigma.Set
	hidden []int // the hidden rule of each adjustment; -1 if its condition was refused, and is in Problems
}

func newAdjuster(set *sigma.Set, titles []string, byTitle map[string]int) *Adjuster {
	a := &Adjuster{set: set}
	for _, title := range titles {
		i, ok := byTitle[title]
		if !ok {
			i = -1
		}
		a.hidden = append(a.hidden, i)
	}
	return a
}

// Holds lists the adjustments that hold for ev, by number, in order.
func (a *Adjuster) Holds(ev sigma.Event) []int {
	if a == nil {
		return nil
	}
	var out []int
	for n, rule := range a.hidden {
		if rule >= 0 && a.set.Holds(rule, ev) {
			out = append(out, n)
		}
	}
	return out
}

// AppendHeld appends what Holds gives, as a byte for each adjustment.
func (a *Adjuster) AppendHeld(dst []byte, ev sigma.Event) []byte {
	for _, rule := range a.hidden {
		held := byte(0)
		if rule >= 0 && a.set.Holds(rule, ev) {
			held = 1
		}
		dst = append(dst, held)
	}
	return dst
}
