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

// required are the fields that must have a value for e to hold.
func (e *expr) required() map[string]bool {
	return needs{}.of(e, false)
}

// needs remembers what expressions, and their negations, require: searches
// are shared.
type needs map[need]map[string]bool

type need struct {
	e       *expr
	negated bool
}

func (n needs) of(e *expr, negated bool) map[string]bool {
	key := need{e, negated}
	out, ok := n[key]
	if !ok {
		out = n.find(e, negated)
		n[key] = out
	}
	return out
}

func (n needs) find(e *expr, negated bool) map[string]bool {
	switch {
	case e.op == opNot:
		return n.of(e.kids[0], !negated)
	case e.op == opItem:
		return e.item.required(negated)
	}
	all := (e.op == opAnd) != negated // what any of them needs, else what every one does
	out := map[string]bool{}
	for i, k := range e.kids {
		fields := n.of(k, negated)
		if all || i == 0 {
			for f := range fields {
				out[f] = true
			}
			continue
		}
		for f := range out {
			if !fields[f] {
				delete(out, f)
			}
		}
	}
	return out
}

func (it *item) required(negated bool) map[string]bool {
	out := map[string]bool{}
	if it.keyword || it.positive() == negated {
		return out
	}
	out[it.field] = true
	if slices.Contains(it.mods, "fieldref") && len(it.values) == 1 {
		out[it.values[0].text] = true
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
