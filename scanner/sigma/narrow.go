package sigma

// A narrower leads the events of one goroutine through a graph, and remembers
// which values were of which class.
//
// Nothing is guessed: a class stands for the answers of all predicates on its
// field, given by the same code that answers them otherwise.
type narrower struct {
	graph   *graph
	fields  []*fieldClasses // by field; nil: not asked yet
	scratch *Scratch        // of askers
	key     []byte
	akin    []akinSlot
}

func newNarrower(m *Matcher) *narrower {
	n := &narrower{graph: m.grown(), fields: make([]*fieldClasses, len(m.set.names)), scratch: newScratch(m.set)}
	n.scratch.full = m.budget
	return n
}

// walk leads the event of sc through the graph, from b on. It returns nil where
// remembering does not pay.
func (n *narrower) walk(b *branch, sc *Scratch) *branch {
	for b != nil && b.field != noField {
		b = n.kid(b, n.classes(b.field).classOf(n, sc, sc.column(b.field)))
	}
	return b
}

// kid is the branch that a class leads to from b; nil if there is none.
func (n *narrower) kid(b *branch, class int) *branch {
	if k := b.kid(class); k != nil {
		return k
	}
	return n.graph.next(b, class)
}

// classes are those of a field that branches ask.
func (n *narrower) classes(field int) *fieldClasses {
	f := n.fields[field]
	if f == nil {
		f = &fieldClasses{field: field, meanings: n.graph.fields[field], byValue: map[string]recent{}}
		n.fields[field] = f
	}
	return f
}
