package sigma

import "slices"

// A Match is a value that satisfied a pattern of a rule.
type Match struct {
	Field   string // "" for keywords
	Value   string // as the event has it; "" where the field is absent or null
	Pattern string // as the rule means it, in Sigma's notation
}

// Explain says which values of ev satisfied which patterns of a rule, in the
// order of the rule: what a reader needs to check the match by hand. What the
// rule demands to be absent satisfied nothing and is not listed. It is for
// events that match; for others the result means nothing.
func (s *Set) Explain(rule int, ev Event) []Match {
	sc := s.scratches.Get().(*Scratch)
	defer s.scratches.Put(sc)
	defer sc.end()
	sc.begin(ev)
	x := &explainer{set: s, sc: sc}
	x.code(s.codes[rule])
	return x.out
}

// Holds reports whether ev matches a rule, whatever log source that is for.
// It is for single questions; see Matcher for many.
func (s *Set) Holds(rule int, ev Event) bool {
	sc := s.scratches.Get().(*Scratch)
	defer s.scratches.Put(sc)
	defer sc.end()
	sc.begin(ev)
	return sc.eval(s.plans[rule])
}

type explainer struct {
	set  *Set
	sc   *Scratch
	seen []int32 // predicates
	out  []Match
}

// code explains what the event satisfies. Of an alternative it is asked which.
func (x *explainer) code(c *code) {
	if c.hint {
		return
	}
	switch c.op {
	case opNot:
	case opItem:
		x.predicate(c.pred)
	default:
		for _, k := range c.kids {
			if c.op == opAnd || x.sc.eval(k) {
				x.code(k)
			}
		}
	}
}

func (x *explainer) predicate(id int32) {
	if slices.Contains(x.seen, id) {
		return
	}
	x.seen = append(x.seen, id)
	p := &x.set.preds[id]
	m := Match{Pattern: x.pattern(p)}
	if p.field != keywordField {
		m.Field = x.set.names[p.field]
	}
	if v := x.value(p); v != nil {
		m.Value = string(v)
	}
	x.out = append(x.out, m)
}

// value is the first value of the event that satisfies p.
func (x *explainer) value(p *predicate) []byte {
	c := x.sc.column(p.field)
	switch p.kind {
	case predNull:
		return nil
	case predExists:
		if len(c.raw) == 0 {
			return nil // an event that does not match
		}
		return c.raw[0]
	case predRef:
		return x.referring(p, c)
	}
	values := c.raw
	if p.test.folded() {
		values = x.sc.fold(c)
	}
	for i, v := range values {
		if v != nil && p.test.holds(v, x.sc) {
			return c.raw[i]
		}
	}
	return nil
}

func (x *explainer) referring(p *predicate, c *column) []byte {
	for i := range c.raw {
		one := &column{epoch: c.epoch, raw: c.raw[i : i+1]}
		if x.sc.refers(p, one) {
			return c.raw[i]
		}
	}
	return nil
}

func (x *explainer) pattern(p *predicate) string {
	switch p.kind {
	case predNull:
		return "null"
	case predExists:
		return "exists"
	case predRef:
		star := map[bool]string{true: "*"}
		return star[p.shape == suffix || p.shape == within] + "{" + x.set.names[p.other] + "}" + star[p.shape == prefix || p.shape == within]
	}
	return p.test.String()
}
