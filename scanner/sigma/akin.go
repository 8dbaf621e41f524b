package sigma

import "slices"

// An akinSlot is what is known of the events with a number.
type akinSlot struct {
	number uint64
	from   *branch // where they branch off from one another; nil: not known yet
	varied bool    // what varies may decide a rule that is left there
	words  bool    // what varies may decide a rule with keywords
	spoken *[]int  // the rules with keywords that match them; nil: not known yet
}

// The slots of a Scratch grow with the numbers that come.
const (
	minAkin = 1 << 10
	maxAkin = 1 << 14
)

// Akin says that an event has the values of others. Those with one Number differ in the
// named fields only, and in what keywords look through.
type Akin struct {
	Number  uint64 // 0: nothing is known
	Varies  []int  // indices into Set.Fields
	Numbers []int  // of those that differ in numbers only: one value, of up to 64 hexadecimal digits
	Words   bool   // keywords look through other values; if not set, only through other such numbers
}

var noneSpoken []int // shared, not changed

// withHeard is withSpoken for one of the events of a slot, of which it is known what
// they have in common.
func (m *Matcher) withHeard(dst []int, from int, ev Event, slot *akinSlot, sc *Scratch) []int {
	if slot.spoken != nil {
		sc.unsettled = false
		if len(*slot.spoken) > 0 {
			dst = append(dst, *slot.spoken...)
			slices.Sort(dst[from:])
		}
		return dst
	}
	silent := len(dst)
	dst = m.spoken.Match(dst, ev, sc.spoken)
	if !slot.words && !sc.spoken.unsettled && len(sc.spoken.over) == 0 {
		if slot.spoken = &noneSpoken; len(dst) > silent {
			spoken := slices.Clone(dst[silent:])
			slot.spoken = &spoken
		}
	}
	sc.varied = sc.varied || slot.words
	return m.mixed(dst, from, silent, sc)
}

// Varied reports whether the fields that vary may have decided which rules match the
// last event: it is false after MatchAlike only, and where no rule depends on them. Then
// those akin to it are matched by the same rules, unless it is Unsettled. It is valid
// until the next match.
func (sc *Scratch) Varied() bool { return sc.varied }

// Forget gives up what is remembered of events, which is for speed only.
func (sc *Scratch) Forget() {
	if sc.narrow != nil {
		g := sc.narrow.graph
		g.m.graph.CompareAndSwap(g, nil)
		sc.narrow = nil
	}
}

// ForgetAkin is called when numbers of Akin begin to stand for other events.
func (sc *Scratch) ForgetAkin() {
	if sc.narrow != nil {
		clear(sc.narrow.akin)
	}
}

// common is the slot of the event of sc and those akin to it. Its branch is what they
// have in common: of the rules it has what is left when all is put in that does not vary.
func (n *narrower) common(sc *Scratch, akin *Akin) *akinSlot {
	slot := n.slot(akin.Number)
	if slot.from == nil {
		if slot.from = n.fork(sc, akin); slot.from != nil {
			slot.varied, slot.words = n.graph.m.varied(slot.from.left, akin)
		}
	}
	return slot
}

// varied reports whether what differs in events that are akin may decide what is left of
// the rules, or a rule with keywords. Of the keywords of those it is enough here that
// they look through the same but for numbers: see settle.
func (m *Matcher) varied(left []residual, akin *Akin) (varied, words bool) {
	for _, x := range left {
		varied = varied || x.term != nil && m.set.decides(x.term.code, func(p *predicate) bool {
			return akin.decides(p) || p.field == keywordField && p.hitsNumbers()
		})
	}
	if m.spoken != nil {
		for _, r := range m.spoken.rules {
			words = words || m.set.decides(m.set.plans[r], akin.decides)
		}
	}
	return varied, words
}

// decides reports whether a predicate in a code is one that may.
func (s *Set) decides(c *code, may func(*predicate) bool) bool {
	if c.op == opItem {
		return may(&s.preds[c.pred])
	}
	return slices.ContainsFunc(c.kids, func(k *code) bool { return s.decides(k, may) })
}

// decides reports whether what differs may decide a predicate, numbers that keywords look
// through aside.
func (a *Akin) decides(p *predicate) bool {
	switch {
	case p.field == keywordField:
		return a.Words
	case slices.Contains(a.Varies, p.field) || p.kind == predRef && a.varies(p.other):
		return true
	}
	return slices.Contains(a.Numbers, p.field) && p.hitsNumbers()
}

// slot is the slot of a number, made if need be.
func (n *narrower) slot(number uint64) *akinSlot {
	if n.akin == nil {
		n.akin = make([]akinSlot, minAkin)
	}
	slot := akinPlace(n.akin, number)
	if slot.number == number {
		return slot
	}
	if slot.number != 0 && len(n.akin) < maxAkin {
		old := n.akin
		n.akin = make([]akinSlot, 2*len(old))
		for _, s := range old {
			if s.number != 0 {
				*akinPlace(n.akin, s.number) = s
			}
		}
		slot = akinPlace(n.akin, number)
	}
	*slot = akinSlot{number: number}
	return slot
}

func akinPlace(slots []akinSlot, number uint64) *akinSlot {
	return &slots[number*0x9e3779b97f4a7c15>>32&uint64(len(slots)-1)]
}

// fork finds out the branch of common; nil, if it is not known yet.
func (n *narrower) fork(sc *Scratch, akin *Akin) *branch {
	b := n.graph.root
	for b.field != noField {
		class := anyClass
		if !akin.varies(b.field) {
			f := n.classes(b.field)
			if class = f.classOf(n, sc, sc.column(b.field)); class == anyClass && !f.off {
				return nil // it may be known the next time
			}
		}
		if b = n.kid(b, class); b == nil {
			return nil
		}
	}
	return n.graph.leftOpen(b, akin.varies)
}

func (a *Akin) varies(field int) bool {
	return slices.Contains(a.Varies, field) || slices.Contains(a.Numbers, field)
}
