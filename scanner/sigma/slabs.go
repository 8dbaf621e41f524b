package sigma

import "sync"

// slabs hand out runs of values from few allocations, and all of it anew once
// they are emptied.
type slabs[T any] struct {
	all  [][]T
	slab int // of all, to take from next
	used int // of that slab
}

// slabSize is how many values are allocated at once.
const slabSize = 512

// take returns n values, which hold whatever was left in them, for as long as s is
// not emptied.
func (s *slabs[T]) take(n int) []T {
	if n > slabSize {
		return make([]T, n)
	}
	if s.slab < len(s.all) && s.used+n > slabSize {
		s.slab, s.used = s.slab+1, 0
	}
	if s.slab == len(s.all) {
		s.all = append(s.all, make([]T, slabSize))
	}
	out := s.all[s.slab][s.used : s.used+n : s.used+n]
	s.used += n
	return out
}

func (s *slabs[T]) empty() { s.slab, s.used = 0, 0 }

// An arena is what the nodes of one file are made of. Rules keep texts and lines
// and no nodes, so that the next file can have it: with hundreds of rules, nodes
// were a third of what loading them allocates.
type arena struct {
	nodes slabs[node]
	lists slabs[*node]
	bytes []byte // scratch of digests
}

var arenas = sync.Pool{New: func() any { return new(arena) }}

// node returns a copy of n that lives in a.
func (a *arena) node(n node) *node {
	out := &a.nodes.take(1)[0]
	*out = n
	return out
}

// list returns a copy of nodes that lives in a, nil if there are none.
func (a *arena) list(nodes []*node) []*node {
	if len(nodes) == 0 {
		return nil
	}
	out := a.lists.take(len(nodes))
	copy(out, nodes)
	return out
}

// pairs sets the keys and the values of n to those that alternate in nodes.
func (a *arena) pairs(n *node, nodes []*node) {
	if len(nodes) == 0 {
		return
	}
	n.keys, n.items = a.lists.take(len(nodes)/2), a.lists.take(len(nodes)/2)
	for i := range n.keys {
		n.keys[i], n.items[i] = nodes[2*i], nodes[2*i+1]
	}
}

// release gives a back to the next file.
func (a *arena) release() {
	a.nodes.empty()
	a.lists.empty()
	arenas.Put(a)
}
