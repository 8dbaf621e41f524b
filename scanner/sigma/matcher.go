package sigma

import (
	"slices"
	"sync"
	"sync/atomic"
)

// A Matcher is the rules that apply to one kind of event, indexed. It is shared
// between goroutines, and immutable but for indices that are made when they are
// first needed.
type Matcher struct {
	set    *Set
	rules  []int // ascending; without those of spoken
	index  *index
	budget int // Options.MatchBudget, or more: see bound
	sure   int // see Alike
	alike  int // size of an event above which MatchAlike is Match

	askers  []askerCell           // by field
	growing sync.Mutex            // while graph is made
	graph   atomic.Pointer[graph] // what MatchAlike remembers of all events; nil until it is worth it

	// Rules with keywords look through all of an event, and what events have in
	// common tells nothing of them. They must not make the others as slow.
	spoken *Matcher // Optional
	all    []int    // rules, ascending

	numbers []*code // see withNumbers
}

// Matcher returns a matcher for events of sources: all of them describe the
// same event, and a rule applies if its log source is contained in at least
// one. Without sources every rule applies.
func (s *Set) Matcher(sources ...LogSource) *Matcher {
	all := s.selected(sources)
	var silent, spoken []int
	for _, r := range all {
		if s.spoken[r] {
			spoken = append(spoken, r)
		} else {
			silent = append(silent, r)
		}
	}
	m := s.matcher(silent, all)
	if len(spoken) > 0 {
		m.spoken = s.matcher(spoken, spoken)
	}
	return m
}

// matcher is one of rules; all are those that it has with others.
func (s *Set) matcher(rules, all []int) *Matcher {
	m := &Matcher{set: s, rules: rules, all: all, askers: make([]askerCell, len(s.names))}
	codes := make([]*code, len(m.rules))
	for i, r := range m.rules {
		codes[i] = s.codes[r]
	}
	m.index = newIndex(s, codes)
	m.numbers = s.withNumbers(rules)
	m.bound()
	return m
}

// Rules are the indices of the rules that apply, ascending. It belongs to m.
func (m *Matcher) Rules() []int { return m.all }

// NewScratch returns working memory for one goroutine.
func (m *Matcher) NewScratch() *Scratch {
	sc := newScratch(m.set)
	sc.full = m.budget
	sc.known = m.index.known
	sc.hits = make([]uint64, (len(m.rules)+63)/64)
	if m.spoken != nil {
		sc.spoken = m.spoken.NewScratch()
	}
	return sc
}

// Match appends to dst the indices of the rules that ev matches, ascending,
// and returns the extended slice. It allocates nothing once sc has grown to
// the size of the events. sc must come from NewScratch of m.
func (m *Matcher) Match(dst []int, ev Event, sc *Scratch) []int {
	from := len(dst)
	sc.begin(ev)
	dst = m.indexed(dst, sc)
	sc.settle(m.numbers)
	sc.end()
	return m.withSpoken(dst, from, ev, sc)
}

// withSpoken adds the rules with keywords to the others, which are those behind from.
func (m *Matcher) withSpoken(dst []int, from int, ev Event, sc *Scratch) []int {
	if m.spoken == nil {
		return dst
	}
	silent := len(dst)
	return m.mixed(m.spoken.Match(dst, ev, sc.spoken), from, silent, sc)
}

// mixed puts the rules that were matched last in order: those with keywords are behind
// silent.
func (m *Matcher) mixed(dst []int, from, silent int, sc *Scratch) []int {
	if len(dst) > silent {
		slices.Sort(dst[from:])
	}
	sc.unsettled = sc.spoken.unsettled
	if over := sc.spoken.over; len(over) > 0 {
		sc.over = append(sc.over, over...)
		slices.Sort(sc.over)
	}
	return dst
}

// MatchAlike is Match for one of many events that are alike. It gives the same,
// and remembers in sc what the values that they share decide, which makes it
// several times as fast. size is the number of bytes that ev was made of: what
// is large is not worth remembering. What all events akin to ev decide is found out
// once.
func (m *Matcher) MatchAlike(dst []int, ev Event, size int, akin Akin, sc *Scratch) []int {
	if size > m.alike || !sc.narrows(m) {
		return m.Match(dst, ev, sc)
	}
	from := len(dst)
	sc.begin(ev)
	b, slot := sc.narrow.graph.root, (*akinSlot)(nil)
	if akin.Number != 0 {
		if slot = sc.narrow.common(sc, &akin); slot.from != nil {
			b, sc.varied = slot.from, slot.varied
		}
	}
	dst = m.left(dst, sc.narrow.walk(b, sc), sc)
	sc.end()
	switch {
	case m.spoken == nil:
		return dst
	case slot != nil && slot.from != nil && size <= m.spoken.sure:
		return m.withHeard(dst, from, ev, slot, sc)
	}
	sc.varied = true
	return m.withSpoken(dst, from, ev, sc)
}

// worthNarrowing is how many events must have come before it is worth to prepare
// for what the next have in common.
const worthNarrowing = 8

// narrows reports whether sc has a narrower for the events of m.
func (sc *Scratch) narrows(m *Matcher) bool {
	if sc.narrow != nil {
		return true
	}
	if sc.came++; sc.came <= worthNarrowing {
		return false
	}
	sc.narrow = newNarrower(m)
	return true
}

// grown returns the graph, made if need be.
func (m *Matcher) grown() *graph {
	m.growing.Lock()
	defer m.growing.Unlock()
	g := m.graph.Load()
	if g == nil {
		g = newGraph(m)
		m.graph.Store(g)
	}
	return g
}

// left evaluates what is left of the rules behind b, or all of them, if b is nil.
func (m *Matcher) left(dst []int, b *branch, sc *Scratch) []int {
	if b == nil {
		return m.indexed(dst, sc)
	}
	return m.residuals(dst, b, sc)
}

// Alike is the size of an event up to which every rule can be judged on it, and so
// what comes of one comes of all that have the same values. In larger ones there may be
// values that take too much: see Scratch.OverBudget.
func (m *Matcher) Alike() int {
	if m.spoken != nil {
		return min(m.sure, m.spoken.sure)
	}
	return m.sure
}

// residuals evaluates what the narrower has left, of many rules those that the
// index names.
func (m *Matcher) residuals(dst []int, b *branch, sc *Scratch) []int {
	indexed := len(b.left) > perLooked*b.looks.len()
	if indexed {
		if m.index.mark(sc, b.looks); !slices.ContainsFunc(sc.hits, func(word uint64) bool { return word != 0 }) {
			return dst
		}
	}
	sc.known = nil // the index was not asked about all
	for i := range b.left {
		x := &b.left[i]
		if indexed && sc.hits[x.rule>>6]>>(x.rule&63)&1 == 0 {
			continue
		}
		sc.blown = false
		if x.term == nil || sc.eval(x.term.code) {
			dst = append(dst, m.rules[x.rule])
		}
		if sc.blown {
			sc.over = append(sc.over, m.rules[x.rule])
		}
	}
	sc.known = m.index.known
	return dst
}

// indexed evaluates the rules that the index names.
func (m *Matcher) indexed(dst []int, sc *Scratch) []int {
	m.index.mark(sc, everyField)
	for w, word := range sc.hits {
		for word != 0 {
			i := w<<6 + lowest(word)
			word &= word - 1
			sc.blown = false
			if sc.eval(m.set.plans[m.rules[i]]) {
				dst = append(dst, m.rules[i])
			}
			if sc.blown {
				sc.over = append(sc.over, m.rules[i])
			}
		}
	}
	return dst
}

const (
	// maxAlike is the size of an event above which MatchAlike is Match.
	maxAlike = 64 << 10
	// judgedInFull is the size of an event up to which it is judged in full, whatever
	// its values, unless Options say otherwise: nearly all are smaller, and who writes
	// a log could as well write more of them instead of larger ones.
	judgedInFull = 8 << 10
)

// bound sets the budget of an event, and the largest size of one that cannot use it
// up, whatever its values: only then is it the same in what order rules are asked. The
// four is for values that a parser decodes or joins.
func (m *Matcher) bound() {
	perByte, fixed := m.costs()
	if m.budget = m.set.budget; m.set.roomy {
		m.budget = max(m.budget, fixed+4*perByte*judgedInFull)
	}
	m.sure = min(maxAlike, max(0, m.budget-fixed)/(4*perByte))
	if slices.ContainsFunc(m.index.fields, func(f fieldIndex) bool { return f.field == keywordField }) {
		return // the index has each event parsed in full: see Set.dear
	}
	m.alike = m.sure
}

// costs are the steps that the rules may take for each byte of an event, and besides.
func (m *Matcher) costs() (perByte, fixed int) {
	perByte = 1
	seen := map[*code]bool{}
	var add func(c *code)
	add = func(c *code) {
		if seen[c] {
			return
		}
		seen[c] = true
		fixed += len(c.kids) * len(m.rules)
		for _, k := range c.kids {
			add(k)
		}
		if c.op != opItem {
			return
		}
		switch t := m.set.preds[c.pred].test.(type) {
		case *expression:
			perByte += t.size
		case *wild:
			perByte += t.cost
		}
	}
	for _, r := range m.rules {
		add(m.set.plans[r])
	}
	return perByte, fixed
}
