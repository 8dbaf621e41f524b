package sigma

// A Matcher is the rules that apply to one kind of event, indexed. It is
// immutable and shared between goroutines.
type Matcher struct {
	set   *Set
	rules []int // ascending
	index *index
	asks  func() *asks
}

// Matcher returns a matcher for events of sources: all of them describe the
// same event, and a rule applies if its log source is contained in at least
// one. Without sources every rule applies.
func (s *Set) Matcher(sources ...LogSource) *Matcher {
	m := &Matcher{set: s, rules: s.selected(sources)}
	m.asks = newAsks(s, m.rules)
	m.index = newIndex(s, m.rules)
	return m
}

// Rules are the indices of the rules that apply, ascending. It belongs to m.
func (m *Matcher) Rules() []int { return m.rules }

// NewScratch returns working memory for one goroutine.
func (m *Matcher) NewScratch() *Scratch {
	sc := newScratch(m.set)
	sc.known = m.index.known
	sc.hits = make([]uint64, (len(m.rules)+63)/64)
	return sc
}

// Match appends to dst the indices of the rules that ev matches, ascending,
// and returns the extended slice. It allocates nothing once sc has grown to
// the size of the events. sc must come from NewScratch of m.
func (m *Matcher) Match(dst []int, ev Event, sc *Scratch) []int {
	sc.begin(ev)
	m.index.mark(sc)
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
	sc.end()
	return dst
}
