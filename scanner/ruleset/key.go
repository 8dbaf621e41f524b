package ruleset

import (
	"strconv"

	"tideline/scanner/block"
	"tideline/scanner/sigma"
)

// Key identifies rule i in hits, reports and states: by its id, or by its title where
// it has none. Documents without an id may have one title, a correlation mostly that
// of the rule it counts: to those behind the first a number is added, in the order
// of the set.
func (rs *Ruleset) Key(i int) string { return rs.keys[i] }

// CorrelationKey is Key for correlation i. No rule has the same.
func (rs *Ruleset) CorrelationKey(i int) string { return rs.corrKeys[i] }

// Rule is the index of the rule with a key; false if that is a correlation's, or of a
// rule that is not in use any more (a partial of another rule set told of it).
func (rs *Ruleset) Rule(key string) (int, bool) {
	i, ok := rs.byKey[key]
	return i, ok
}

// Header is what the rule or the correlation with a key says of itself; nil if neither
// is in use.
func (rs *Ruleset) Header(key string) *sigma.Header {
	if i, ok := rs.byKey[key]; ok {
		return &rs.Set.Rules()[i].Header
	}
	if i, ok := rs.corrByKey[key]; ok {
		return &rs.Set.Correlations()[i].Header
	}
	return nil
}

// BlockOf is the tideline: block of the rule or the correlation with a key; an empty one
// if neither is in use.
func (rs *Ruleset) BlockOf(key string) *block.Block {
	if i, ok := rs.byKey[key]; ok {
		return rs.blocks[i]
	}
	if b := rs.corr[key]; b != nil {
		return b
	}
	return &block.Block{}
}

// name gives everything in the set its key.
func (rs *Ruleset) name() {
	rs.byKey, rs.corrByKey = map[string]int{}, map[string]int{}
	taken := map[string]bool{}
	key := func(h *sigma.Header) string {
		base := h.ID
		if base == "" {
			base = "title:" + h.Title
		}
		out := base
		for n := 2; taken[out]; n++ {
			out = base + "#" + strconv.Itoa(n)
		}
		taken[out] = true
		return out
	}
	for i, r := range rs.Set.Rules() {
		rs.keys = append(rs.keys, key(&r.Header))
		if !rs.Hidden(i) {
			rs.byKey[rs.keys[i]] = i
		}
	}
	for i, r := range rs.Set.Correlations() {
		rs.corrKeys = append(rs.corrKeys, key(&r.Header))
		rs.corrByKey[rs.corrKeys[i]] = i
	}
}
