package sigma

import "slices"

// fields adds the fields that e asks for to names.
func (e *expr) fields(names map[string]bool) {
	e.walk(map[*expr]bool{}, func(it *item) {
		if !it.keyword {
			names[it.field] = true
		}
		if slices.Contains(it.mods, "fieldref") {
			for _, v := range it.values {
				names[v.text] = true
			}
		}
	})
}

func (e *expr) keywords() (found bool) {
	e.walk(map[*expr]bool{}, func(it *item) { found = found || it.keyword })
	return found
}

// walk visits every item below e once, however often it is shared.
func (e *expr) walk(seen map[*expr]bool, visit func(*item)) {
	if seen[e] {
		return
	}
	seen[e] = true
	if e.op == opItem {
		visit(e.item)
	}
	for _, k := range e.kids {
		k.walk(seen, visit)
	}
}

// required are the fields that must have a value for e to hold, or, when
// negated, for e not to hold.
func (e *expr) required(negated bool) map[string]bool {
	out := map[string]bool{}
	switch {
	case e.op == opNot:
		return e.kids[0].required(!negated)
	case e.op == opItem:
		if !e.item.keyword && e.item.positive() != negated {
			out[e.item.field] = true
			if slices.Contains(e.item.mods, "fieldref") && len(e.item.values) == 1 {
				out[e.item.values[0].text] = true
			}
		}
	case (e.op == opAnd) != negated:
		for _, k := range e.kids {
			for f := range k.required(negated) {
				out[f] = true
			}
		}
	default:
		for i, k := range e.kids {
			need := k.required(negated)
			if i == 0 {
				out = need
				continue
			}
			for f := range out {
				if !need[f] {
					delete(out, f)
				}
			}
		}
	}
	return out
}

// positive reports whether it holds only for events that have its field.
func (it *item) positive() bool {
	if slices.Contains(it.mods, "neq") {
		return false
	}
	if slices.Contains(it.mods, "exists") {
		return truth(it.values[0].text)
	}
	return !slices.ContainsFunc(it.values, func(v value) bool { return v.kind == nullValue })
}
