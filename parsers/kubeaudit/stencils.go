package kubeaudit

import (
	"slices"

	"tideline/parsers"
)

// stencils are the stencils of one decoder, found by hash. They cost up to
// stencilWays x stencilSets x what the facts repeat of a record, 12 MiB of usual ones.
type stencils struct {
	off     bool  // for tests: there are none
	met     int   // records, up to worthStencils
	idAt    int   // where the audit ID stood the last time
	made    int   // stencils
	fits    int   // records that fitted one
	numbers int32 // of slots that were ever used: what is known by them lies close together
	*stencilTables
}

// stencilTables are made when a log turns out to be long enough.
type stencilTables struct {
	sets    [stencilSets][stencilWays]slot
	seen    [stencilSets * stencilWays]uint64 // hashes met when there was no room
	classes [stencilClasses]class             // by hash
	kinds   [classKinds]class                 // of classes, by hash
	class   *class                            // of the record at hand; nil: the path does not name its object
}

// A slot is a stencil with its hash; the zero value is an empty one. Records of
// one hash may have several: what was asked and what was answered differ.
type slot struct {
	hash   uint64
	fitted uint32 // records that fitted this stencil
	missed uint32 // others of the hash that fitted none
	used   uint32 // fitted, of late
	number int32  // for parsers.Likeness; 0: never used
	*stencil
}

const (
	stencilSets = 4096
	stencilWays = 4
	maxStencil  = 2048 // bytes of a record around its holes

	worthStencils = 64 // records of a log that is worth having any

	// Where records differ in who asked from where for what, few stencils are of any
	// use: after so many, if fewer records than so many for each have fitted one, a
	// hash must be met twice to get one.
	manyStencils = 1024
	worthMaking  = 4
)

// Reuse implements parsers.Reuser: an event is made of one record, and nothing but
// stencils is kept of any.
func (d *decoder) Reuse() bool { return true }

// find returns the slot whose stencil the record at hand fits; nil if there is none.
// It remembers the hash, for learn.
func (d *decoder) find(data []byte) *slot {
	if d.hash = d.stencils.hashOf(d.rec, data); d.hash == 0 {
		return nil
	}
	return d.lookup(data)
}

// findRead is find for a record whose members stand in another order than API servers
// write, as most programs have them that took it apart and put it together again. It was
// read by the cheap pass.
func (d *decoder) findRead() *slot {
	data := d.rec.Data
	if r := &d.r; d.hash != 0 || !r.cheap || len(data) == 0 || len(r.data) != len(data) || &r.data[0] != &data[0] {
		return nil
	}
	if d.hash = d.stencils.hashOfHead(d.rec, &d.r); d.hash == 0 {
		return nil
	}
	return d.lookup(data)
}

// lookup is the slot of d.hash that data fits.
func (d *decoder) lookup(data []byte) *slot {
	set := &d.stencils.sets[d.hash>>32%stencilSets]
	for way := range set {
		t := &set[way]
		if t.hash == d.hash && t.stencil != nil && t.fits(data, &d.fitting) && t.origin.Same(&d.rec.Origin) {
			t.fitted++
			t.used++
			d.stencils.fits++
			return t
		}
	}
	for way := range set {
		t := &set[way]
		if t.hash != d.hash {
			continue
		}
		t.missed++
		if c := d.stencils.class; c != nil && t.stencil != nil && !t.open.has(holeName) {
			c.count(false) // of another name, as it seems
		}
	}
	return nil
}

// learn marks the event at hand as one that later ones may be like. Whether there
// will be any is for keep to say, when it is known what was looked at.
func (d *decoder) learn() {
	s, hash := &d.stencils, d.hash
	d.learning = nil
	if hash == 0 || !d.r.cheap || d.r.is(slotTruncated, "true") {
		return
	}
	t := s.way(hash)
	if t == nil {
		return
	}
	if d.r.entry != nil {
		d.gaps = d.r.entry.gaps(d.gaps)
	} else {
		d.gaps = d.r.gaps(d.gaps)
	}
	if len(d.gaps) == 0 {
		return
	}
	d.learning = t
	d.event.Like = parsers.Likeness{Number: int(t.number), First: true, Loose: slices.ContainsFunc(d.gaps, func(g gap) bool { return looseOnes.has(g.hole) })}
	d.r.seen = 0
}

// keep makes a stencil of the record at hand, with those holes that nobody looked
// into.
func (d *decoder) keep() {
	t, r := d.learning, &d.r
	if t == nil {
		return
	}
	data := r.data
	if r.entry != nil {
		data = r.entry.data
	}
	if d.learning = nil; r.doc != nil || r.entry != nil && r.entry.doc != nil {
		return // what the parse says of it must be said of each
	}
	if !d.event.Like.Loose {
		r.seen |= theName | looseOnes // whoever got the event wants the same of all
	}
	if r.seen.has(holeSegment) && (r.entry != nil || slices.ContainsFunc(d.gaps, func(g gap) bool { return g.hole == holeSegment })) {
		r.seen |= theName
	}
	if c := d.stencils.class; c != nil {
		c.count(!r.seen.has(holeName))
	}
	open, size := d.gaps[:0], len(data)
	for _, g := range d.gaps {
		if !r.seen.has(g.hole) {
			open = append(open, g)
			size -= g.to - g.from
		}
	}
	if r.seen.has(holeID) || r.seen.has(holeReceived) || r.seen.has(holeStaged) || size > maxStencil {
		return // no two records are alike
	}
	d.stencils.made++
	t.stencil = newStencil(data, open, &d.event, d.shared(&d.rec.Origin), &d.fitting.around)
	if t.stencil != nil {
		t.azure, t.entry = r.azure, r.entry != nil
	}
}

// way returns where a new stencil of a hash goes; nil: it is not worth the work yet,
// since records of that hash differ, or because another would have to go for a hash
// that is met for the first time.
func (s *stencils) way(hash uint64) *slot {
	set := &s.sets[hash>>32%stencilSets]
	same, empty := -1, -1
	for way := range set {
		switch t := &set[way]; {
		case t.hash == hash && (same < 0 || t.missed > set[same].missed):
			same = way
		case t.stencil == nil && t.hash != hash:
			empty = way
		}
	}
	history := slot{hash: hash}
	if same >= 0 {
		t := &set[same]
		history.fitted, history.missed = t.fitted, t.missed
		if t.missed > 2*t.fitted+2 && t.missed&(t.missed-1) != 0 {
			return nil // but try again after twice as many
		}
		if t.stencil == nil {
			empty = same
		}
	}
	if poor := s.made > manyStencils && s.fits < worthMaking*s.made; empty < 0 || poor && same < 0 {
		if first := &s.seen[hash>>16%uint64(len(s.seen))]; *first != hash {
			*first = hash
			return nil
		}
	}
	if empty < 0 {
		empty = leastUsed(set)
	}
	if history.number = set[empty].number; history.number == 0 {
		s.numbers++
		history.number = s.numbers
	}
	set[empty] = history // without a stencil: keep decides
	return &set[empty]
}

// leastUsed is the way to give up. The others count for half the next time.
func leastUsed(set *[stencilWays]slot) int {
	least := 0
	for way := range set {
		if set[way].used < set[least].used {
			least = way
		}
	}
	for way := range set {
		set[way].used /= 2
	}
	return least
}
