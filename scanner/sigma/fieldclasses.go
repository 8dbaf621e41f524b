package sigma

import (
	"encoding/binary"
	"slices"
)

// meanings are what values of one field can mean to the rules of a graph. Values that
// all predicates on the field answer alike are of one class: of most fields there are
// many values and few classes.
type meanings struct {
	preds []int32 // that ask it, and nothing else
	cost  int     // of asking all of them

	vectors [][]uint64     // by class
	byWord  map[string]int // class by vector
}

func newMeanings() *meanings {
	return &meanings{cost: lookCost, vectors: make([][]uint64, 1), byWord: map[string]int{}}
}

// class returns the class of values that the predicates answer so; anyClass if there are too many.
func (m *meanings) class(vector []uint64, key []byte) int {
	class, ok := m.byWord[string(key)]
	if !ok {
		if class = len(m.vectors); class >= maxClasses {
			return anyClass
		}
		m.byWord[string(key)] = class
		m.vectors = append(m.vectors, slices.Clone(vector))
	}
	return class
}

// fieldClasses remember, for one goroutine, of which class the values of a field are.
type fieldClasses struct {
	field int
	*meanings
	byValue map[string]recent // by the values, see appendKey
	last    recent            // of byValue
	recent  [1 << recentBits]recent
	absent  int // class of no values; anyClass until it is known

	met           []uint64 // hashes of values met once, where cost is dear
	looks, misses int
	found         int  // looks that gave a class
	off           bool // its values differ from event to event: only their absence is known
}

// A recent is values met not long ago, and their class. Most values are: to
// compare with them is quicker than any hash.
type recent struct {
	value string
	class int
}

const recentBits = 7

// anyClass is the class of values that are not known: it decides nothing.
const anyClass = 0

// Limits of what is remembered of one field.
const (
	maxClassedValue = 256  // bytes of its values
	maxClassedKept  = 2048 // different values
	maxClasses      = 256
	// A field is given up when values not met before have cost more than so
	// much, and than perLook for each time it was asked: what it saves.
	maxMissed = 1 << 17
	perLook   = 20
	// Values are asked when they come for the second time, if that costs so much.
	costTwice = 100
	maxMet    = 1024
	// Of such a field one look of eight must find a class, when there were
	// so many.
	maxStrange = 1 << 13
)

// classOf returns the class of a column.
func (f *fieldClasses) classOf(n *narrower, sc *Scratch, c *column) int {
	if len(c.raw) == 0 {
		if f.absent == anyClass {
			f.absent = f.classify(n, sc)
		}
		return f.absent
	}
	if f.off {
		return anyClass
	}
	if len(c.raw) > 1 || c.raw[0] == nil {
		return f.remembered(n, sc, c)
	}
	v := c.raw[0]
	r := &f.recent[recentPlace(v)]
	if r.class == anyClass || string(v) != r.value {
		class := f.remembered(n, sc, c)
		if class == anyClass {
			return anyClass
		}
		*r = recent{f.last.value[len(f.last.value)-len(v):], class} // no bytes of its own
	}
	return r.class
}

// recentPlace is the place of a value among the recent ones.
func recentPlace(v []byte) uint64 {
	x := uint64(len(v))
	if len(v) >= 8 {
		x ^= binary.LittleEndian.Uint64(v[len(v)-8:])
	} else {
		for _, b := range v {
			x = x<<8 | uint64(b)
		}
	}
	return x * 0x9e3779b97f4a7c15 >> (64 - recentBits)
}

// remembered returns the class of values that were met before, and finds it
// out if they were not.
func (f *fieldClasses) remembered(n *narrower, sc *Scratch, c *column) int {
	n.key = appendKey(n.key[:0], c.raw)
	if f.last.class != anyClass && string(n.key) == f.last.value {
		return f.last.class
	}
	f.looks++
	known, ok := f.byValue[string(n.key)]
	if !ok {
		if f.cost >= costTwice && !f.metBefore(n.key) {
			if f.looks > maxStrange && f.found < f.looks/8 {
				f.off, f.byValue = true, nil
			}
			return anyClass
		}
		if f.misses++; f.misses*f.cost > maxMissed+perLook*f.looks {
			f.off, f.byValue = true, nil
			return anyClass
		}
		if len(n.key) > maxClassedValue {
			return anyClass
		}
		known.value = string(n.key)
		known.class = f.classify(n, sc)
		if len(f.byValue) >= maxClassedKept {
			clear(f.byValue)
		}
		f.byValue[known.value] = known
	}
	f.found++
	f.last = known
	return known.class
}

// metBefore reports whether a value was met not long ago, which most that are met
// once will not be: a command line with an id in it, beside those that are the
// same every minute.
func (f *fieldClasses) metBefore(key []byte) bool {
	if f.met == nil {
		f.met = make([]uint64, maxMet)
	}
	h := uint64(len(key))
	for ; len(key) >= 8; key = key[8:] {
		h = (h ^ binary.LittleEndian.Uint64(key)) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	for _, c := range key {
		h = (h ^ uint64(c)) * 0x9e3779b97f4a7c15
	}
	at := &f.met[h>>32%maxMet]
	if *at == h {
		return true
	}
	*at = h
	return false
}

// classify finds out the class of values not met before.
func (f *fieldClasses) classify(n *narrower, sc *Scratch) int {
	g := n.graph
	vector, ok := g.m.asker(f.field, f.preds).ask(sc.event, n.scratch)
	if !ok {
		return anyClass
	}
	n.key = n.key[:0]
	for _, w := range vector {
		n.key = binary.LittleEndian.AppendUint64(n.key, w)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return f.class(vector, n.key)
}

// appendKey writes the values of a field so that different ones are written
// differently: with their lengths, null being none.
func appendKey(dst []byte, values [][]byte) []byte {
	for _, v := range values {
		if v == nil {
			dst = append(dst, 0)
			continue
		}
		dst = binary.AppendUvarint(dst, uint64(len(v))+1)
		dst = append(dst, v...)
	}
	return dst
}
