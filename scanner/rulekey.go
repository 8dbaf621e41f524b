package scanner

import (
	"strconv"

	"tideline/scanner/sigma"
)

// Key identifies rule i in hits, reports and states: by its id, or by its title where
// it has none. Documents without an id may have one title, a correlation mostly that
// of the rule it counts: to those behind the first a number is added, in the order
// of the set.
func (rs *Ruleset) Key(i int) string { return rs.keys[i] }

// CorrelationKey is Key for correlation i. No rule has the same.
func (rs *Ruleset) CorrelationKey(i int) string { return rs.corrKeys[i] }

// correlation is the one with a key, or nil.
func (rs *Ruleset) correlation(key string) *sigma.Correlation {
	if i, ok := rs.byKey[key]; ok {
		return rs.Set.Correlations()[i]
	}
	return nil
}

// name gives everything in the set its key.
func (rs *Ruleset) name() {
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
	for _, r := range rs.Set.Rules() {
		rs.keys = append(rs.keys, key(&r.Header))
	}
	for _, r := range rs.Set.Correlations() {
		rs.corrKeys = append(rs.corrKeys, key(&r.Header))
	}
}
