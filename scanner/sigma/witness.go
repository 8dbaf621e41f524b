package sigma

import "slices"

// Costs of a witness, relative to each other: what it takes to ask, and how
// often the answer is yes for events that match no rule. They were settled by
// the benchmarks of this package.
const (
	costExact    = 1   // one look into a hash table
	costEdge     = 2   // some steps along a trie
	costWithin   = 3   // a step per byte, shared by all literals of the field
	costShort    = 8   // a literal below minSelective bytes
	costEach     = 600 // asked on its own for every event
	costPresent  = 900 // holds for most events that have the field
	costShared   = 3   // per further rule: what many rules ask for is common
	maxShared    = 30  // but not without end
	costField    = 12  // looking up a field that no other witness needs
	minSelective = 4
)

// A choice is predicates of which at least one holds whenever a rule does. An
// empty one is no choice: the rule may hold without any predicate that could
// be looked for.
type choice []int32

// A chooser picks the witnesses of rules.
type chooser struct {
	set     *Set
	ids     []int32 // all predicates: a choice of one is a part of it
	shared  []int   // by predicate: rules that ask it
	counted []int   // by predicate: the last rule that asked it, from 1
	looked  []int   // by field, keywords first: rules whose witnesses are in it
	costs   []int   // by predicate, of asking it; 0 if not known yet
	choices map[side]choice
	met     []int // by field, keywords first: the round in which eachField met it
	round   int
	budget  int // predicates that may still be looked at for the rule at hand
}

// maxChoosing bounds the work on one rule, whose searches may be large and
// named many times. A rule beyond it is evaluated for every event.
const maxChoosing = 1 << 22

// A side is a code, or its negation.
type side struct {
	c       *code
	negated bool
}

// chooseWitnesses returns the witnesses of codes of rules, none for those that
// can only be evaluated. It looks twice, since a field that other rules need
// anyway costs little.
func chooseWitnesses(s *Set, codes []*code) []choice {
	w := newChooser(s)
	seen := map[*code]bool{}
	for i, c := range codes {
		clear(seen)
		w.countShared(c, seen, i+1)
	}
	out := make([]choice, len(codes))
	for range 2 {
		for i, c := range codes {
			clear(w.choices)
			w.budget = maxChoosing
			out[i] = w.choose(c, false)
		}
		clear(w.looked)
		for _, c := range out {
			w.eachField(c, func(place int) { w.looked[place]++ })
		}
	}
	return out
}

func newChooser(s *Set) *chooser {
	preds, fields := len(s.preds), len(s.names)+1
	w := &chooser{
		set:     s,
		ids:     make([]int32, preds),
		shared:  make([]int, preds),
		counted: make([]int, preds),
		looked:  make([]int, fields),
		costs:   make([]int, preds),
		choices: map[side]choice{},
		met:     make([]int, fields),
	}
	for i := range w.ids {
		w.ids[i] = int32(i)
	}
	return w
}

// countShared counts what rule, a number from 1 on, asks.
func (w *chooser) countShared(c *code, seen map[*code]bool, rule int) {
	if c.op == opItem {
		if w.counted[c.pred] != rule {
			w.counted[c.pred] = rule
			w.shared[c.pred]++
		}
		return
	}
	if seen[c] {
		return
	}
	seen[c] = true
	for _, k := range c.kids {
		w.countShared(k, seen, rule)
	}
}

// choose returns witnesses for c, or for its negation.
func (w *chooser) choose(c *code, negated bool) choice {
	if c.op == opItem {
		return w.chooseItem(c, negated)
	}
	key := side{c, negated}
	if out, ok := w.choices[key]; ok {
		return out
	}
	out := w.chooseNew(c, negated)
	if w.budget -= len(out); w.budget < 0 {
		out = nil
	}
	w.choices[key] = out
	return out
}

func (w *chooser) chooseItem(c *code, negated bool) choice {
	p := &w.set.preds[c.pred]
	if negated || p.kind == predNull || p.field != keywordField && w.set.dear(c.pred) {
		return nil
	}
	return w.ids[c.pred : c.pred+1 : c.pred+1]
}

// chooseNew is choose of a code that was not met yet; nil where no few predicates will do.
func (w *chooser) chooseNew(c *code, negated bool) choice {
	switch {
	case c.op == opNot:
		return w.choose(c.kids[0], !negated)
	case (c.op == opAnd) != negated: // all kids hold: the best of any
		var best choice
		least := 0
		for _, k := range c.kids {
			x := w.choose(k, negated)
			if w.budget -= len(x); len(x) > 0 && w.budget >= 0 {
				if cost := w.cost(x); best == nil || cost < least {
					best, least = x, cost
				}
			}
		}
		return best
	}
	var all choice // one kid holds: those of every kid
	for _, k := range c.kids {
		x := w.choose(k, negated)
		if w.budget -= len(x); len(x) == 0 || w.budget < 0 {
			return nil
		}
		all = append(all, x...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (w *chooser) cost(c choice) int {
	sum := 0
	for _, p := range c {
		sum += w.predCost(p)
	}
	w.eachField(c, func(place int) { sum += costField * w.fieldCost(place+keywordField) / (1 + w.looked[place]) })
	return sum
}

// eachField calls f once for every field that predicates of c ask, with its place
// in looked.
func (w *chooser) eachField(c choice, f func(place int)) {
	w.round++
	for _, p := range c {
		if place := w.set.preds[p].field - keywordField; w.met[place] != w.round {
			w.met[place] = w.round
			f(place)
		}
	}
}

func (w *chooser) fieldCost(field int) int {
	if field == keywordField {
		return w.set.cost("")
	}
	return w.set.cost(w.set.names[field])
}

func (w *chooser) predCost(id int32) int {
	if c := w.costs[id]; c != 0 {
		return c
	}
	p := &w.set.preds[id]
	c := kindCost(p) + min(costShared*(w.shared[id]-1), maxShared)
	if p.test != nil {
		c += w.set.common(w.set.fieldName(p.field), p.test.String())
	}
	w.costs[id] = c
	return c
}

// kindCost is the cost of a predicate by what it takes to ask it.
func kindCost(p *predicate) int {
	if p.kind == predExists {
		return costPresent
	}
	switch t := p.test.(type) {
	case *number:
		return costExact
	case present:
		return costPresent
	case *literal:
		switch {
		case t.cased:
			return costEach
		case t.shape == whole:
			return costExact
		case len(t.text) < minSelective:
			return costShort
		case t.shape == within:
			return costWithin
		}
		return costEdge
	}
	return costEach
}
