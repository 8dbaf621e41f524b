package sigma

import (
	"math/bits"
	"slices"
)

// An index says which rules of a Matcher an event may match: those of which a
// witness holds, and those that have none.
type index struct {
	always    []uint64 // bit set of rules without witnesses
	fields    []fieldIndex
	witnesses []witness
	known     []bool     // per predicate: mark answers it, yes or no
	byRule    []fieldSet // where the witnesses of each rule are looked for
}

// A fieldSet is a bit set of positions in index.fields; what is behind shares the
// last bit.
type fieldSet uint64

// len is how many positions are in the set.
func (s fieldSet) len() int { return bits.OnesCount64(uint64(s)) }

// onlyField is the set of one position.
func onlyField(at int) fieldSet { return 1 << min(at, 63) }

// A witness is a predicate that the index looks for.
type witness struct {
	pred  int32
	rules []int32 // positions in Matcher.rules
}

// A fieldIndex finds the witnesses in the values of one field. Its numbers
// are indices into index.witnesses.
type fieldIndex struct {
	field    int
	exact    map[string][]int32 // by folded value
	lengths  uint64             // of the keys of exact, in bytes; the last bit means that or more
	firsts   [4]uint64          // bit set of their first bytes
	numbers  map[string][]int32 // by value as appendDecimal writes it
	prefixes *automaton
	suffixes *automaton // of reversed literals
	within   *automaton
	anywhere bool    // witnesses are looked for by within alone
	each     []int32 // asked one by one
}

// newIndex indexes the codes of rules by their witnesses.
func newIndex(s *Set, codes []*code) *index {
	x := &index{always: make([]uint64, (len(codes)+63)/64), known: make([]bool, len(s.preds)), byRule: make([]fieldSet, len(codes))}
	at := map[int32]int32{}
	for i, c := range chooseWitnesses(s, codes) {
		if len(c) == 0 {
			x.always[i>>6] |= 1 << (i & 63)
		}
		for _, p := range c {
			w, ok := at[p]
			if !ok {
				w = int32(len(x.witnesses))
				at[p] = w
				x.witnesses = append(x.witnesses, witness{pred: p})
			}
			x.witnesses[w].rules = append(x.witnesses[w].rules, int32(i))
		}
	}
	x.buildFields(s)
	return x
}

// buildFields sorts the witnesses by field and by how they are found.
func (x *index) buildFields(s *Set) {
	byField := map[int][]int32{}
	var fields []int
	for i, w := range x.witnesses {
		f := s.preds[w.pred].field
		if byField[f] == nil {
			fields = append(fields, f)
		}
		byField[f] = append(byField[f], int32(i))
	}
	slices.SortFunc(fields, func(a, b int) int {
		return (s.cost(s.fieldName(a)) - s.cost(s.fieldName(b)))
	})
	for i, f := range fields {
		x.fields = append(x.fields, x.buildField(s, f, byField[f]))
		for _, w := range byField[f] {
			for _, r := range x.witnesses[w].rules {
				x.byRule[r] |= onlyField(i)
			}
		}
	}
}

// buildField indexes those witnesses, by number, that ask one field: literals and numbers
// by what they are, everything else to be asked one by one.
func (x *index) buildField(s *Set, field int, ids []int32) fieldIndex {
	f := fieldIndex{field: field, exact: map[string][]int32{}, numbers: map[string][]int32{}}
	var edges [3]automatonBuilder // by shape, whole left out
	for _, w := range ids {
		pred := x.witnesses[w].pred
		x.known[pred] = true
		switch t := s.preds[pred].test.(type) {
		case *number:
			f.numbers[string(t.text)] = append(f.numbers[string(t.text)], w)
			continue
		case *literal:
			switch {
			case t.cased:
			case t.shape == whole:
				f.addExact(t.text, w)
				continue
			default:
				text := t.text
				if t.shape == suffix {
					text = reversed(text)
				}
				if edges[t.shape-1].add(text, w) {
					continue
				}
			}
		}
		x.known[pred] = false
		f.each = append(f.each, w)
	}
	f.prefixes = edges[prefix-1].build(false)
	f.suffixes = edges[suffix-1].build(false)
	f.within = edges[within-1].build(true)
	f.anywhere = f.within != nil && f.prefixes == nil && f.suffixes == nil && len(f.exact)+len(f.numbers) == 0
	return f
}

func (f *fieldIndex) addExact(text []byte, w int32) {
	f.exact[string(text)] = append(f.exact[string(text)], w)
	f.lengths |= 1 << min(len(text), 63)
	if len(text) > 0 {
		f.firsts[text[0]>>6] |= 1 << (text[0] & 63)
	}
}

// lookUp finds v among the whole values; two bit sets spare most look-ups.
func (f *fieldIndex) lookUp(v []byte) []int32 {
	if f.lengths>>min(len(v), 63)&1 == 0 || len(v) > 0 && f.firsts[v[0]>>6]>>(v[0]&63)&1 == 0 {
		return nil
	}
	return f.exact[string(v)]
}

func reversed(s []byte) []byte {
	out := slices.Clone(s)
	slices.Reverse(out)
	return out
}

func (s *Set) fieldName(field int) string {
	if field == keywordField {
		return ""
	}
	return s.names[field]
}

// everyField is the set of all positions.
const everyField = ^fieldSet(0)

// mark sets the bits of the rules that the event of sc may match, as far as their
// witnesses are looked for in some of the fields. Rules with others are not to be
// asked about.
func (x *index) mark(sc *Scratch, fields fieldSet) {
	copy(sc.hits, x.always)
	for i := range x.fields {
		f := &x.fields[i]
		if fields&onlyField(i) == 0 {
			continue
		}
		c := sc.column(f.field)
		if len(c.raw) == 0 {
			continue // no predicate that can be a witness holds for an absent field
		}
		x.look(f, c, sc)
		for _, w := range f.each {
			if sc.holds(x.witnesses[w].pred) || sc.blown {
				x.hit(w, sc)
				sc.blown = false
			}
		}
	}
}

// look marks the rules of the witnesses that hold for the values of a field.
func (x *index) look(f *fieldIndex, c *column, sc *Scratch) {
	for i, v := range c.raw {
		switch {
		case v == nil:
		case f.anywhere && isASCII(v):
			x.search(f.within, v, sc)
		default:
			x.find(f, sc.fold(c)[i], sc)
		}
	}
}

// find marks the rules of the witnesses that hold for one folded value.
func (x *index) find(f *fieldIndex, v []byte, sc *Scratch) {
	if found := f.lookUp(v); found != nil {
		x.yes(found, sc)
	}
	if len(f.numbers) > 0 && len(v) > 0 && (v[0]-'0' < 10 || v[0] == '-') {
		x.yes(f.lookUpNumber(v, sc), sc)
	}
	if a := f.prefixes; a != nil {
		for at, i := uint32(0), 0; i < len(v); i++ {
			if at = a.step(at, v[i]); at == 0 {
				break
			}
			if at&hasOutput != 0 {
				x.yes(a.output(at), sc)
			}
		}
	}
	if a := f.suffixes; a != nil {
		for at, i := uint32(0), len(v)-1; i >= 0; i-- {
			if at = a.step(at, v[i]); at == 0 {
				break
			}
			if at&hasOutput != 0 {
				x.yes(a.output(at), sc)
			}
		}
	}
	if a := f.within; a != nil {
		x.search(a, v, sc)
	}
}

// search marks the rules of the witnesses that stand anywhere in a value, which is
// folded or ASCII. Each step waits for the one before, so that a long value is
// walked in four places at once.
func (x *index) search(a *automaton, v []byte, sc *Scratch) {
	const places = 4
	n := len(v) / places
	if n < minPlace {
		x.walk(a, 0, v, sc)
		return
	}
	// a.step is written out: half the time of Match is spent here.
	next, class := a.next, &a.class
	p0, p1, p2, p3 := v[:n], v[n:][:n], v[2*n:][:n], v[3*n:][:n]
	var s0, s1, s2, s3 uint32
	for i := range p0 {
		s0 = next[s0&^hasOutput+uint32(class[p0[i]])]
		s1 = next[s1&^hasOutput+uint32(class[p1[i]])]
		s2 = next[s2&^hasOutput+uint32(class[p2[i]])]
		s3 = next[s3&^hasOutput+uint32(class[p3[i]])]
		if (s0|s1|s2|s3)&hasOutput != 0 {
			for _, s := range [places]uint32{s0, s1, s2, s3} {
				if s&hasOutput != 0 {
					x.yes(a.output(s), sc)
				}
			}
		}
	}
	x.finish(a, s0, v[n:], sc)
	x.finish(a, s1, v[2*n:], sc)
	x.finish(a, s2, v[3*n:], sc)
	x.walk(a, s3, v[places*n:], sc)
}

// minPlace is how many bytes a place must have, so that it is worth to go on behind
// its end.
const minPlace = 16

// walk goes on from a state.
func (x *index) walk(a *automaton, at uint32, v []byte, sc *Scratch) {
	next, class := a.next, &a.class
	for _, b := range v {
		if at = next[at&^hasOutput+uint32(class[b])]; at&hasOutput != 0 {
			x.yes(a.output(at), sc)
		}
	}
}

// finish goes on from a state as long as a literal may be under way that began
// before rest.
func (x *index) finish(a *automaton, at uint32, rest []byte, sc *Scratch) {
	for i, b := range rest {
		if a.depth(at) <= uint32(i) {
			return
		}
		if at = a.step(at, b); at&hasOutput != 0 {
			x.yes(a.output(at), sc)
		}
	}
}

func (f *fieldIndex) lookUpNumber(v []byte, sc *Scratch) []int32 {
	if isPlain(v) {
		return f.numbers[string(v)]
	}
	d, ok := appendDecimal(sc.decimal[:0], v)
	sc.decimal = d
	if !ok {
		return nil
	}
	return f.numbers[string(d)]
}

// yes notes that witnesses hold.
func (x *index) yes(found []int32, sc *Scratch) {
	for _, w := range found {
		p := x.witnesses[w].pred
		if answer := sc.epoch<<2 | yes; sc.memo[p] != answer {
			sc.memo[p] = answer
			x.hit(w, sc)
		}
	}
}

func (x *index) hit(w int32, sc *Scratch) {
	for _, r := range x.witnesses[w].rules {
		sc.hits[r>>6] |= 1 << (r & 63)
	}
}

// lowest is the position of the lowest bit of a word that is not zero.
func lowest(word uint64) int { return bits.TrailingZeros64(word) }
