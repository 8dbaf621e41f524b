package sigma

import (
	"slices"
	"strings"
)

// filter reads a filter document. The searches stand beside `rules:` in the
// filter section, and the filter keeps what its condition says: to drop
// known-good activity it says `not selection`.
func (p *parser) filter(d *node) error {
	h, err := p.header(d, "logsource", "filter")
	if err != nil {
		return err
	}
	f := &Filter{Header: h}
	if d.get("logsource") != nil {
		if f.LogSource, err = parseLogSource(d); err != nil {
			return err
		}
	}
	n := d.get("filter")
	if n.kind != mapping {
		return fault(n.line, "write `rules:`, a search and `condition:` below it", "filter is not a map")
	}
	rules := n.get("rules")
	if rules == nil || rules.isNull() || rules.kind == mapping { // misspelled, it must not drop what all rules find
		return fault(n.line, "add `rules:` with a list of ids or names, or `rules: any`", "the filter does not say for which rules it is")
	}
	f.Rules = rules.texts()
	f.Any = len(f.Rules) == 0 || len(f.Rules) == 1 && (strings.EqualFold(f.Rules[0], "any") || strings.EqualFold(f.Rules[0], "all"))
	if f.detection, err = parseSearches(n, "condition", "rules"); err != nil {
		return err
	}
	f.hasNot = f.detection.root.negates(map[*expr]bool{})
	for _, w := range f.detection.warnings {
		p.warn(h.Title, w)
	}
	if !f.hasNot {
		p.warn(h.Title, fault(n.line, "write `condition: not selection` to drop what the selection describes",
			"the condition of the filter has no `not`: it keeps only what it describes and drops everything else"))
	}
	p.out.Filters = append(p.out.Filters, f)
	return nil
}

// negates reports whether anything in e is negated.
func (e *expr) negates(seen map[*expr]bool) bool {
	if seen[e] {
		return false
	}
	seen[e] = true
	if e.op == opNot {
		return true
	}
	if e.op == opItem {
		if slices.Contains(e.item.mods, "neq") {
			return true
		}
	}
	for _, k := range e.kids {
		if k.negates(seen) {
			return true
		}
	}
	return false
}

// isCalled reports whether a filter or correlation that refers to ref means h.
func (h *Header) isCalled(ref string) bool {
	return h.ID != "" && strings.EqualFold(h.ID, ref) || h.Name != "" && h.Name == ref
}

// applies reports whether f is to be added to r.
func (f *Filter) applies(r *Rule) bool {
	if !f.LogSource.Contains(r.LogSource) {
		return false
	}
	if f.Any {
		return true
	}
	return slices.ContainsFunc(f.Rules, r.isCalled)
}

// checkFilters warns of filters that name rules which are not there or have
// another log source: they would silently do nothing.
func checkFilters(c *Collection) []*Problem {
	var out []*Problem
	for _, f := range c.Filters {
		if f.Any {
			continue
		}
		for _, ref := range f.Rules {
			if w := f.misses(ref, c.Rules); w != "" {
				out = append(out, &Problem{Path: f.Path, Line: f.Line, Rule: f.Title, Warning: true,
					Reason: "the filter does nothing for " + quote(ref) + ": " + w,
					Mend:   "name rules by id or name, and give the filter their logsource or none"})
			}
		}
	}
	return out
}

func (f *Filter) misses(ref string, rules []*Rule) string {
	why := "no rule has this id or name"
	for _, r := range rules {
		if r.isCalled(ref) {
			if f.LogSource.Contains(r.LogSource) {
				return ""
			}
			why = "the rule has another log source than the filter"
		}
	}
	return why
}
