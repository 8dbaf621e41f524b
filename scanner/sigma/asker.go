package sigma

// An asker answers all predicates on one field at once, through an index of
// their literals: most values are none of them, and that shows in one walk over
// the value, however many literals there are.
type asker struct {
	index  index
	vector []uint64 // of answers, by place in the list of predicates
	sc     *Scratch // its own: what is remembered of an event elsewhere stays right
}

// newAsker makes an asker for preds, all of which ask field.
func newAsker(s *Set, field int, preds []int32) *asker {
	a := &asker{index: index{known: make([]bool, len(s.preds))}, sc: newScratch(s)}
	ids := make([]int32, len(preds))
	for i, p := range preds {
		// The rules of a witness are bits to be set, here places of predicates.
		a.index.witnesses = append(a.index.witnesses, witness{pred: p, rules: []int32{int32(i)}})
		ids[i] = int32(i)
	}
	a.index.fields = []fieldIndex{a.index.buildField(s, field, ids)}
	a.vector = make([]uint64, (len(preds)+63)/64)
	a.sc.hits = a.vector
	return a
}

// ask returns the answers for an event; false, if one is missing for lack of
// budget. They are valid until the next call.
func (a *asker) ask(ev Event) ([]uint64, bool) {
	sc, f := a.sc, &a.index.fields[0]
	clear(a.vector)
	sc.begin(ev)
	for _, v := range sc.fold(sc.column(f.field)) {
		if v != nil {
			a.index.find(f, v, sc)
		}
	}
	for _, w := range f.each {
		if sc.holds(a.index.witnesses[w].pred) {
			a.index.hit(w, sc)
		}
	}
	sc.end()
	return a.vector, !sc.blown
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
		if len(t.needs) > 0 {
			return 5
		}
		return 50
	case *wild:
		return 5
	}
	return 1
}
