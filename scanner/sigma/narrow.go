package sigma

import (
	"encoding/binary"
	"slices"
)

// A narrower remembers, for one goroutine, what the values that events have in
// common decide about the rules. It is a graph: a branch asks one field, and what
// the values of it mean to the rules, their class, leads on; on the way rules that
// can no longer match fall away, and what is left of the others gets shorter. An
// event that no rule matches ends where no rule is left, after a handful of fields and without
// an index or a rule being looked at: a tenth of the time of the index on
// Kubernetes events.
//
// Nothing is guessed: a class stands for the answers of all predicates on its
// field, given by the same code that answers them otherwise.
type narrower struct {
	m        *Matcher
	fields   []*fieldClasses // by field; nil: not asked
	reducer  *reducer
	scratch  *Scratch // of askers
	root     *branch
	branches map[string]*branch // by what is left of the rules: see appendLeft
	key      []byte
	votes    []int // by field, scratch of choose
	costs    []int // of looking a field up, up to maxCost
	built    int   // residuals that branches hold or were made from, see maxBuilding
	akin     []akinSlot
}

// A branch is a point in the graph.
type branch struct {
	field   int           // to ask next; noField at a leaf
	classes *fieldClasses // of field
	left    []residual    // rules that may still match, ascending
	open    []int         // fields that were asked and not put in, ascending: see anyClass
	looks   fieldSet      // where the index finds the rules that are left
	kids    []*branch     // by class of the field's values
	seen    []uint8       // by class: how often it was met without a branch of its own
}

// A residual is what is left of a rule. Without a term it matches.
type residual struct {
	rule int32 // position in Matcher.rules
	term *term
}

const (
	noField = -1

	// perLooked is up to how many rules are evaluated one by one, for each field
	// that the index would look at; of more the index says which are worth it.
	perLooked = 2
	// maxBuilding bounds the work that goes into a graph, and so its memory.
	maxBuilding = 1 << 19
	// maxCost bounds what is made of the costs of fields: what they tell counts too.
	maxCost = 4
	// worthBranching is how often a class must be met to get a branch.
	worthBranching = 2
)

func newNarrower(m *Matcher) *narrower {
	n := &narrower{m: m, fields: make([]*fieldClasses, len(m.set.names)), votes: make([]int, len(m.set.names))}
	n.reducer, n.scratch = newReducer(m.set), newScratch(m.set)
	n.scratch.full = m.budget
	for _, name := range m.set.names {
		n.costs = append(n.costs, min(max(1, m.set.cost(name)), maxCost))
	}
	for _, r := range m.rules {
		n.declare(n.reducer.intern(m.set.plans[r]))
	}
	return n
}

// declare makes the fields that t asks for, of which classes are kept.
func (n *narrower) declare(t *term) {
	if t.declared {
		return
	}
	t.declared = true
	for _, k := range t.kids {
		n.declare(k)
	}
	if t.field == noField {
		return
	}
	f := n.fields[t.field]
	if f == nil {
		f = newFieldClasses(t.field)
		n.fields[t.field] = f
	}
	n.reducer.slots[t.code.pred] = int32(len(f.preds))
	f.preds = append(f.preds, t.code.pred)
	f.cost += askCost(n.m.set.preds[t.code.pred].test)
}

// walk leads the event of sc through the graph, from b on. It returns nil where
// remembering does not pay.
func (n *narrower) walk(b *branch, sc *Scratch) *branch {
	for b != nil && b.field != noField {
		b = n.kid(b, b.classes.classOf(n, sc, sc.column(b.field)))
	}
	return b
}

// kid is the branch that a class leads to from b; nil if there is none.
func (n *narrower) kid(b *branch, class int) *branch {
	if class < len(b.kids) && b.kids[class] != nil {
		return b.kids[class]
	}
	return n.next(b, class)
}

// next grows the branch that a class leads to from b, if that is worth while;
// else nil.
func (n *narrower) next(b *branch, class int) *branch {
	for len(b.kids) <= class {
		b.kids, b.seen = append(b.kids, nil), append(b.seen, 0)
	}
	if b.seen[class]++; b.seen[class] < worthBranching || n.built > maxBuilding {
		b.seen[class] = min(b.seen[class], worthBranching)
		return nil
	}
	b.kids[class] = n.grow(b, class)
	return b.kids[class]
}

// start is the root, made if need be: all rules as they are.
func (n *narrower) start() *branch {
	if n.root != nil {
		return n.root
	}
	n.branches = map[string]*branch{}
	var left []residual
	for i, r := range n.m.rules {
		left = append(left, residual{int32(i), n.reducer.intern(n.m.set.plans[r])})
	}
	n.root = n.branch(left, nil)
	return n.root
}

// grow is the branch for events of b whose field has the class.
func (n *narrower) grow(b *branch, class int) *branch {
	n.built += len(b.left)
	if class == anyClass {
		open := append(slices.Clone(b.open), b.field)
		slices.Sort(open)
		return n.branch(b.left, open)
	}
	var left []residual
	n.reducer.put(b.field, class, n.fields[b.field].vectors[class])
	for _, x := range b.left {
		if x.term == nil {
			left = append(left, x)
			continue
		}
		switch out := n.reducer.reduce(x.term); out.answer {
		case yes:
			left = append(left, residual{x.rule, nil})
		case unknown:
			left = append(left, residual{x.rule, out.term})
		}
	}
	return n.branch(left, b.open)
}

// branch is the one branch with these rules left and these fields open.
func (n *narrower) branch(left []residual, open []int) *branch {
	n.key = appendLeft(n.key[:0], left)
	for _, f := range open {
		n.key = binary.LittleEndian.AppendUint16(n.key, uint16(f))
	}
	n.key = binary.LittleEndian.AppendUint16(n.key, uint16(len(open)))
	if b := n.branches[string(n.key)]; b != nil {
		return b
	}
	n.built += len(left)
	b := &branch{left: slices.Clone(left), open: open, field: n.choose(left, open)}
	for _, x := range left {
		b.looks |= n.m.index.byRule[x.rule]
	}
	if b.field != noField {
		b.classes = n.fields[b.field]
	}
	n.branches[string(n.key)] = b
	return b
}

func appendLeft(dst []byte, left []residual) []byte {
	for _, x := range left {
		id := int32(-1)
		if x.term != nil {
			id = x.term.id
		}
		dst = binary.LittleEndian.AppendUint32(dst, uint32(x.rule))
		dst = binary.LittleEndian.AppendUint32(dst, uint32(id))
	}
	return dst
}

// choose picks the field that most rules ask for, counting double where the
// answer decides a part of a rule, and less where fields are dear; noField if none
// that can be asked is left.
func (n *narrower) choose(left []residual, open []int) int {
	clear(n.votes)
	for _, x := range left {
		if x.term == nil {
			continue
		}
		for _, v := range x.term.votes {
			n.votes[v.field] += v.weight
		}
	}
	for _, f := range open {
		n.votes[f] = 0
	}
	best := noField
	for f, v := range n.votes {
		if v > 0 && (best == noField || v*n.costs[best] > n.votes[best]*n.costs[f]) {
			best = f
		}
	}
	return best
}
