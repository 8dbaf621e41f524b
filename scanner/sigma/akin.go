package sigma

import "slices"

// An akinSlot is where the events with a number branch off from one another.
type akinSlot struct {
	number uint64
	from   *branch // nil: not known yet
}

// maxAkin is how many numbers are kept in mind.
const maxAkin = 1024

// Akin says that an event has the values of others. Those with one Number, which is
// not zero, differ in the fields in Varies only, and perhaps in what keywords look
// through.
type Akin struct {
	Number uint64
	Varies []int // indices into Set.Fields
}

// MatchAkin is MatchAlike for an event that is akin to others. It gives the same. What
// the values that they all have decide is found out once.
func (m *Matcher) MatchAkin(dst []int, ev Event, size int, akin Akin, sc *Scratch) []int {
	if size > m.alike || akin.Number == 0 {
		return m.MatchAlike(dst, ev, size, sc)
	}
	if !sc.narrows(m) {
		return m.Match(dst, ev, sc)
	}
	from := len(dst)
	sc.begin(ev)
	b := sc.narrow.common(sc, akin)
	if b != nil {
		b = sc.narrow.walk(b, sc)
	} else {
		b = sc.narrow.walk(sc.narrow.start(), sc)
	}
	dst = m.left(dst, b, sc)
	sc.end()
	return m.withSpoken(dst, from, ev, sc)
}

// Forget gives up what is remembered of events, which is for speed only.
func (sc *Scratch) Forget() { sc.narrow = nil }

// ForgetAkin is called when numbers of Akin begin to stand for other events.
func (sc *Scratch) ForgetAkin() {
	if sc.narrow != nil {
		clear(sc.narrow.akin)
	}
}

// common is the branch that the event of sc and those akin to it have in common: of
// the rules it has what is left when all is put in that does not vary. It returns nil
// where that is not known.
func (n *narrower) common(sc *Scratch, akin Akin) *branch {
	if n.akin == nil {
		n.akin = make([]akinSlot, maxAkin)
	}
	slot := &n.akin[akin.Number*0x9e3779b97f4a7c15>>32%maxAkin]
	if slot.number != akin.Number {
		*slot = akinSlot{number: akin.Number}
	}
	if slot.from == nil {
		slot.from = n.fork(sc, akin)
	}
	return slot.from
}

// fork finds out what common gives.
func (n *narrower) fork(sc *Scratch, akin Akin) *branch {
	b := n.start()
	for b.field != noField {
		class := anyClass
		if !slices.Contains(akin.Varies, b.field) {
			if class = b.classes.classOf(n, sc, sc.column(b.field)); class == anyClass && !b.classes.off {
				return nil // it may be known the next time
			}
		}
		if b = n.kid(b, class); b == nil {
			return nil
		}
	}
	open := slices.DeleteFunc(slices.Clone(b.open), func(f int) bool { return slices.Contains(akin.Varies, f) })
	return n.branch(b.left, open)
}
