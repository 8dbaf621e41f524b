package ruleset

import (
	"slices"

	"tideline/parsers"
	"tideline/scanner/block"
)

// Makings are the fields that a hit of one rule is made of, as indices.
type Makings struct {
	Fields []int
	Given  []int // of those: which of several values is given away depends on whatever the rule asks
	All    []AllOf
	Masked bool  // it depends on what cannot be foretold: such hits are made
	reads  []int // all fields that it depends on, with those that adjustments of its score ask
}

// An AllOf is a credential that a rule may name "all of": then it matters what a
// request narrowed that to, and what it brought.
type AllOf struct {
	Field  int // that names it; -1: it is always all of them
	Limit  string
	Secret bool
}

// madeOf lists what hits of rule i depend on.
func (rs *Ruleset) madeOf(i int) Makings {
	var m Makings
	add := func(names ...string) {
		for _, name := range names {
			if block.IsWord(name) {
				continue // of the event, not of its fields: see look
			}
			if at, ok := rs.Set.FieldIndex(name); ok && !slices.Contains(m.Fields, at) {
				m.Fields = append(m.Fields, at)
			}
		}
	}
	add(rs.blocks[i].Fields()...)
	add(rs.keep[i]...)
	for _, e := range rs.blocks[i].AllExposes() {
		if at, ok := rs.Set.FieldIndex(e.Name.Field()); ok && !block.IsWord(e.Name.Field()) {
			m.Given = append(m.Given, at)
		}
		if e.Kind != "secret" && e.Kind != "configmap" {
			continue
		}
		a := AllOf{Field: -1, Limit: e.Certainty, Secret: e.Kind == "secret"}
		name, plain := e.Name.Literal()
		switch field := e.Name.Field(); {
		case plain && (name == "" || name == "*"):
		case plain:
			continue
		case field != "":
			at, ok := rs.Set.FieldIndex(field)
			if !ok || block.IsWord(field) {
				m.Masked = true
			}
			a.Field = at
		default:
			m.Masked = true
		}
		m.All = append(m.All, a)
	}
	m.reads = rs.readBy(i, &m)
	return m
}

// readBy lists the fields that hits of rule i, made of m, depend on.
func (rs *Ruleset) readBy(i int, m *Makings) []int {
	reads := slices.Clone(m.Fields)
	for _, a := range m.All {
		reads = append(reads, a.Field)
	}
	if a := rs.adjusts[i]; a != nil {
		for _, hidden := range a.hidden {
			if hidden >= 0 {
				reads = append(reads, rs.Set.Reads(hidden)...)
			}
		}
	}
	return reads
}

// Differs reports whether a hit may differ from that of an event akin to its own, of
// which one view varies so.
func (m *Makings) Differs(varies *parsers.Variation) bool {
	if m.Masked || varies == nil {
		return m.Masked
	}
	return slices.ContainsFunc(m.reads, func(f int) bool { return slices.Contains(varies.Fields, f) || slices.Contains(varies.Numbers, f) })
}
