package sigma

import "slices"

// A planner orders what a code asks: the cheap questions before the dear ones,
// which are then mostly not asked. The answer stays the same.
type planner struct {
	set  *Set
	made map[*code]planned // codes are shared, and stay so
}

type planned struct {
	code *code
	cost int // of the dearest question
}

// plan returns c with the operands of every AND and OR in order of cost; the
// order of equals is kept. c stays as it is: Explain follows the rule's text.
func (p *planner) plan(c *code) planned {
	if out, ok := p.made[c]; ok {
		return out
	}
	out := planned{c, 0}
	if c.op == opItem {
		out.cost = p.set.planCost(c.pred)
		c.dear = p.set.dear(c.pred)
	} else {
		kids := make([]planned, len(c.kids))
		for i, k := range c.kids {
			kids[i] = p.plan(k)
			out.cost = max(out.cost, kids[i].cost)
		}
		slices.SortStableFunc(kids, func(a, b planned) int { return a.cost - b.cost })
		out.code = &code{op: c.op, pred: c.pred, hint: c.hint, kids: make([]*code, len(kids))}
		for i, k := range kids {
			out.code.kids[i] = k.code
		}
		out.code.weigh()
	}
	p.made[c] = out
	return out
}

// planCost is what a predicate costs to ask: its fields, and the work on them.
func (s *Set) planCost(id int32) int {
	p := &s.preds[id]
	cost := s.cost(s.fieldName(p.field))
	if p.kind == predRef {
		cost = max(cost, s.cost(s.fieldName(p.other)))
	}
	switch p.test.(type) {
	case *expression, *wild:
		cost += costEach
	}
	return cost
}

// costDear is from which cost on a field is dear.
const costDear = 1000

// Dear reports whether a rule asks a field that costs a full parse.
func (s *Set) Dear(rule int) bool { return s.plans[rule].dear }

// dear reports whether a predicate asks a field for which an event has to be
// parsed in full: the keywords, or one that costs as much. Such a field is
// looked up if, and only if, the cheap fields leave a rule open: it depends on
// the event alone, and not on how rules are found, whether an event is parsed in
// full, and with it what is said of that parse in the ledger.
func (s *Set) dear(id int32) bool {
	p := &s.preds[id]
	return s.dearField(p.field) || p.kind == predRef && s.dearField(p.other)
}

func (s *Set) dearField(field int) bool {
	return field == keywordField || s.cost(s.names[field]) >= costDear
}
