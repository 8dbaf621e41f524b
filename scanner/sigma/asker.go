package sigma

import (
	"slices"
	"sync"
)

// An asker answers all predicates on one field at once, through an index of
// their literals: most values are none of them, and that shows in one walk over
// the value, however many literals there are. It is immutable and shared between
// goroutines.
type asker struct {
	index index
	words int // of the answers: one bit for each predicate, by its place in the list
}

// An askerCell holds the asker of a field, which is made when it is asked for.
type askerCell struct {
	once sync.Once
	*asker
}

// asker returns the one for preds, all of which ask field. They are those of the
// rules of m in the order in which a narrower finds them, so the same every time.
func (m *Matcher) asker(field int, preds []int32) *asker {
	c := &m.askers[field]
	c.once.Do(func() { c.asker = newAsker(m.set, field, preds) })
	return c.asker
}

func newAsker(s *Set, field int, preds []int32) *asker {
	a := &asker{index: index{known: make([]bool, len(s.preds))}, words: (len(preds) + 63) / 64}
	ids := make([]int32, len(preds))
	for i, p := range preds {
		// The rules of a witness are bits to be set, here places of predicates.
		a.index.witnesses = append(a.index.witnesses, witness{pred: p, rules: []int32{int32(i)}})
		ids[i] = int32(i)
	}
	a.index.fields = []fieldIndex{a.index.buildField(s, field, ids)}
	return a
}

// ask returns the answers for an event; false, if one is missing for lack of
// budget. They are in sc, which must be another than the one that the event is
// matched with: what that remembers of it stays right.
func (a *asker) ask(ev Event, sc *Scratch) ([]uint64, bool) {
	f := &a.index.fields[0]
	sc.begin(ev)
	sc.hits = slices.Grow(sc.hits[:0], a.words)[:a.words]
	clear(sc.hits)
	a.index.look(f, sc.column(f.field), sc)
	for _, w := range f.each {
		if sc.holds(a.index.witnesses[w].pred) {
			a.index.hit(w, sc)
		}
	}
	sc.end()
	return sc.hits, !sc.blown
}

// lookCost is what a value not met before costs, whatever is asked of it.
const lookCost = 10

// askCost is what a test costs an asker for a value not met before, relative to
// comparing with a literal. Literals it asks all at once. To answer all
// expressions on a command line, most of which nobody would have asked, takes
// longer than is ever saved.
func askCost(t test) int {
	switch t := t.(type) {
	case *literal:
		if !t.cased {
			return 0
		}
	case *number:
		return 0
	case *expression:
		if len(t.needs()) > 0 {
			return 5
		}
		return 50
	case *wild:
		return 5
	}
	return 1
}
