package sigma

import "math/bits"

func trailingZeros(w uint64) int { return bits.TrailingZeros64(w) }

// An index says which rules an event may match.
type index struct {
	rules int
	known []bool // per predicate: answered by the index
}

func newIndex(_ *Set, rules []int) *index { return &index{rules: len(rules)} }

// mark sets the bits of the candidates.
func (x *index) mark(sc *Scratch) {
	clear(sc.hits)
	for i := range x.rules {
		sc.hits[i>>6] |= 1 << (i & 63)
	}
}
