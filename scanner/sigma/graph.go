package sigma

import (
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"
)

// A graph is what the values that events have in common decide about the rules of a
// Matcher. A branch asks one field, and what
// the values of it mean to the rules, their class, leads on; on the way rules that
// can no longer match fall away, and what is left of the others gets shorter. An
// event that no rule matches ends where no rule is left, after a handful of fields and without
// an index or a rule being looked at: a tenth of the time of the index on
// Kubernetes events.
//
// It grows as events come. What one goroutine has found out all others have: a branch
// does not change but for the ones behind it.
type graph struct {
	m      *Matcher
	costs  []int       // of looking a field up, up to maxCost
	fields []*meanings // by field; nil: no rule can be told by it
	root   *branch     // all rules as they are
	full   atomic.Bool // it grows no more

	mu       sync.Mutex // of what follows, of meanings, and of seen of each branch
	reducer  *reducer
	branches map[string]*branch // by what is left of the rules: see appendLeft
	key      []byte
	votes    []int // by field, scratch of choose
	built    int   // residuals that branches hold or were made from, see maxBuilding
}

// A branch is a point in the graph.
type branch struct {
	field int                       // to ask next; noField at a leaf
	left  []residual                // rules that may still match, ascending
	open  []int                     // fields that were asked and not put in, ascending: see anyClass
	looks fieldSet                  // where the index finds the rules that are left
	kids  atomic.Pointer[[]*branch] // by class of the field's values
	seen  []uint8                   // by class: how often it was met without a branch of its own
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

func newGraph(m *Matcher) *graph {
	g := &graph{m: m, fields: make([]*meanings, len(m.set.names)), votes: make([]int, len(m.set.names)),
		reducer: newReducer(m.set), branches: map[string]*branch{}}
	for _, name := range m.set.names {
		g.costs = append(g.costs, min(max(1, m.set.cost(name)), maxCost))
	}
	left := make([]residual, len(m.rules))
	for i, r := range m.rules {
		left[i] = residual{int32(i), g.reducer.intern(m.set.plans[r])}
		g.declare(left[i].term)
	}
	g.root = g.branch(left, nil)
	return g
}

// declare makes the fields that t asks for, of which classes are kept.
func (g *graph) declare(t *term) {
	if t.declared {
		return
	}
	t.declared = true
	for _, k := range t.kids {
		g.declare(k)
	}
	if t.field == noField {
		return
	}
	f := g.fields[t.field]
	if f == nil {
		f = newMeanings()
		g.fields[t.field] = f
	}
	g.reducer.slots[t.code.pred] = int32(len(f.preds))
	f.preds = append(f.preds, t.code.pred)
	f.cost += askCost(g.m.set.preds[t.code.pred].test)
}

// kid is the branch that a class leads to; nil if there is none yet.
func (b *branch) kid(class int) *branch {
	if kids := b.kids.Load(); kids != nil && class < len(*kids) {
		return (*kids)[class]
	}
	return nil
}

// next is the branch that a class leads to from b. It is grown if that is worth while;
// else it is nil.
func (g *graph) next(b *branch, class int) *branch {
	if g.full.Load() {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if k := b.kid(class); k != nil {
		return k // another goroutine was quicker
	}
	if g.built > maxBuilding {
		g.full.Store(true)
		return nil
	}
	for len(b.seen) <= class {
		b.seen = append(b.seen, 0)
	}
	if b.seen[class]++; b.seen[class] < worthBranching {
		return nil
	}
	kid := g.grow(b, class)
	var kids []*branch
	if before := b.kids.Load(); before != nil {
		kids = *before
	}
	kids = append(make([]*branch, 0, max(len(kids), class+1)), kids...) // somebody may read the list before
	kids = kids[:cap(kids)]
	kids[class] = kid
	b.kids.Store(&kids)
	return kid
}

// grow is the branch for events of b whose field has the class.
func (g *graph) grow(b *branch, class int) *branch {
	g.built += len(b.left)
	if class == anyClass {
		open := append(slices.Clone(b.open), b.field)
		slices.Sort(open)
		return g.branch(b.left, open)
	}
	var left []residual
	g.reducer.put(b.field, class, g.fields[b.field].vectors[class])
	for _, x := range b.left {
		if x.term == nil {
			left = append(left, x)
			continue
		}
		switch out := g.reducer.reduce(x.term); out.answer {
		case yes:
			left = append(left, residual{x.rule, nil})
		case unknown:
			left = append(left, residual{x.rule, out.term})
		}
	}
	return g.branch(left, b.open)
}

// leftOpen is the branch of b where those fields only are open that do not vary.
func (g *graph) leftOpen(b *branch, varies func(field int) bool) *branch {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.branch(b.left, slices.DeleteFunc(slices.Clone(b.open), varies))
}

// branch is the one branch with these rules left and these fields open.
func (g *graph) branch(left []residual, open []int) *branch {
	g.key = appendLeft(g.key[:0], left)
	for _, f := range open {
		g.key = binary.LittleEndian.AppendUint16(g.key, uint16(f))
	}
	g.key = binary.LittleEndian.AppendUint16(g.key, uint16(len(open)))
	if b := g.branches[string(g.key)]; b != nil {
		return b
	}
	g.built += len(left)
	b := &branch{left: slices.Clone(left), open: open, field: g.choose(left, open)}
	for _, x := range left {
		b.looks |= g.m.index.byRule[x.rule]
	}
	g.branches[string(g.key)] = b
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
func (g *graph) choose(left []residual, open []int) int {
	clear(g.votes)
	for _, x := range left {
		if x.term == nil {
			continue
		}
		for _, v := range x.term.votes {
			g.votes[v.field] += v.weight
		}
	}
	for _, f := range open {
		g.votes[f] = 0
	}
	best := noField
	for f, v := range g.votes {
		if v > 0 && (best == noField || v*g.costs[best] > g.votes[best]*g.costs[f]) {
			best = f
		}
	}
	return best
}
