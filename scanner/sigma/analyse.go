package sigma

import (
	"maps"
	"slices"
)

// fields adds the fields that e asks for to names.
func (e *expr) fields(names map[string]bool) {
	for name := range e.fieldLines() {
		names[name] = true
	}
}

// fieldLines are the fields below e, with the first line that asks for each.
func (e *expr) fieldLines() map[string]int {
	lines := map[string]int{}
	add := func(name string, line int) {
		if first, ok := lines[name]; !ok || line < first {
			lines[name] = line
		}
	}
	e.walk(map[*expr]bool{}, func(it *item) {
		if !it.keyword {
			add(it.field, it.line)
		}
		if slices.Contains(it.mods, "fieldref") {
			for _, v := range it.values {
				add(v.text, v.line)
			}
		}
	})
	return lines
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

// A lack finds out what expressions, and their negations, cannot do without:
// per side the absent fields for want of which it cannot hold, empty if it can.
// Searches are shared, so answers are remembered.
type lack struct {
	absent func(field string) bool
	known  map[lackOf]map[string]bool
}

type lackOf struct {
	e       *expr
	negated bool
}

func (l *lack) of(e *expr, negated bool) map[string]bool {
	key := lackOf{e, negated}
	out, ok := l.known[key]
	if !ok {
		out = l.find(e, negated)
		l.known[key] = out
	}
	return out
}

func (l *lack) find(e *expr, negated bool) map[string]bool {
	switch {
	case e.op == opNot:
		return l.of(e.kids[0], !negated)
	case e.op == opItem:
		return l.item(e.item, negated)
	}
	all := (e.op == opAnd) != negated // every kid must hold, else one of them
	var out map[string]bool
	for _, k := range e.kids {
		fields := l.of(k, negated)
		if len(fields) == 0 && !all {
			return nil
		}
		if out == nil {
			out = maps.Clone(fields)
			continue
		}
		maps.Copy(out, fields)
	}
	return out
}

func (l *lack) item(it *item, negated bool) map[string]bool {
	var out map[string]bool
	for _, f := range it.required(negated) {
		if l.absent(f) {
			if out == nil {
				out = map[string]bool{}
			}
			out[f] = true
		}
	}
	return out
}

// required are the fields that must have a value for an item, or for its negation,
// to hold: those without which it comes out the other way.
func (it *item) required(negated bool) []string {
	if it.keyword || it.holdsWithout() != negated {
		return nil
	}
	out := []string{it.field}
	if slices.Contains(it.mods, "fieldref") && len(it.values) == 1 {
		out = append(out, it.values[0].text)
	}
	return out
}

// holdsWithout reports whether it holds for events that lack its field: null and
// `exists: false` do, and what neq turns round.
func (it *item) holdsWithout() bool {
	exists := slices.Contains(it.mods, "exists")
	lacks := func(v value) bool {
		is, _ := truth(v.text)
		return v.kind == nullValue || exists && !is
	}
	holds := slices.ContainsFunc(it.values, lacks)
	if slices.Contains(it.mods, "all") {
		holds = !slices.ContainsFunc(it.values, func(v value) bool { return !lacks(v) })
	}
	return holds != slices.Contains(it.mods, "neq")
}
