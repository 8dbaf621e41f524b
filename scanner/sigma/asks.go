package sigma

import "sync"

// asks are the predicates of the rules of a Matcher, by the field they look at.
type asks struct {
	preds    [][]int32 // by field
	delicate []bool    // by field: asked whether it is there, or compared with another
	keywords bool
}

// newAsks returns a function that works them out when first called.
func newAsks(s *Set, rules []int) func() *asks {
	return sync.OnceValue(func() *asks {
		a := &asks{preds: make([][]int32, len(s.names)), delicate: make([]bool, len(s.names))}
		seen, known := map[*code]bool{}, map[int32]bool{}
		for _, r := range rules {
			a.add(s, s.plans[r], seen, known)
		}
		return a
	})
}

func (a *asks) add(s *Set, c *code, seen map[*code]bool, known map[int32]bool) {
	if seen[c] {
		return
	}
	seen[c] = true
	for _, k := range c.kids {
		a.add(s, k, seen, known)
	}
	if c.op != opItem || known[c.pred] {
		return
	}
	known[c.pred] = true
	p := &s.preds[c.pred]
	if p.field == keywordField {
		a.keywords = true
		return
	}
	a.preds[p.field] = append(a.preds[p.field], c.pred)
	switch p.kind {
	case predExists:
		a.delicate[p.field] = true
	case predRef:
		a.delicate[p.field] = true
		a.delicate[p.other] = true
		a.preds[p.other] = append(a.preds[p.other], c.pred)
	}
}

// Asks reports whether a condition of any rule looks at a field, an index into
// Set.Fields.
func (m *Matcher) Asks(field int) bool { return len(m.asks().preds[field]) > 0 }

// AsksKeywords reports whether any rule searches for keywords.
func (m *Matcher) AsksKeywords() bool { return m.asks().keywords }

// Inert reports that no condition on a field holds for a value that is not
// null, nor asks whether the field is there: events that differ only in such
// values match the same rules. sc must come from NewScratch of m.
func (m *Matcher) Inert(field int, value []byte, sc *Scratch) bool {
	a := m.asks()
	if value == nil || a.delicate[field] {
		return len(a.preds[field]) == 0
	}
	sc.begin(nil)
	defer sc.end()
	folded := value
	if !isFolded(value) {
		sc.buffer = fold(sc.buffer, value)
		folded = sc.buffer
	}
	for _, id := range a.preds[field] {
		p := &sc.set.preds[id]
		if p.kind != predValue {
			continue // null: it does not hold for a value
		}
		v := value
		if p.test.folded() {
			v = folded
		}
		if p.test.holds(v, sc) || sc.blown {
			return false
		}
	}
	return true
}
