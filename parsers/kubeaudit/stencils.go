package kubeaudit

import (
	"bytes"
	"hash/maphash"
	"slices"

	"tideline/parsers"
)

// stencils are the stencils of one decoder, found by hash. They cost up to
// stencilWays x stencilSets x what the facts repeat of a record, 12 MiB of usual ones.
type stencils struct {
	off  bool // for tests: there are none
	met  int  // records, up to worthStencils
	idAt int  // where the audit ID stood the last time
	*stencilTables
}

// stencilTables are made when a log turns out to be long enough.
type stencilTables struct {
	sets    [stencilSets][stencilWays]slot
	seen    [stencilSets * stencilWays]uint64 // hashes met when there was no room
	classes [stencilClasses]class             // by hash
	class   *class                            // of the record at hand; nil: the path does not name its object
}

// A class is the records of one verb and path but for the name of the object. It
// tells whether that name helps to find their stencils: where somebody looks at
// names there is a stencil for each, and else one for all.
type class struct {
	hash       uint64
	open, shut uint32 // stencils made with a hole for the name, and without
}

// learn counts a stencil that was made.
func (c *class) learn(open bool) {
	if open {
		c.open++
	} else {
		c.shut++
	}
}

func (c *class) named() bool { return c.shut > c.open+c.open/2+2 }

// A slot is a stencil with its hash; the zero value is an empty one. Records of
// one hash may have several: what was asked and what was answered differ.
type slot struct {
	hash   uint64
	fitted int // records that fitted this stencil
	missed int // others of the hash that fitted none
	used   int // fitted, of late
	*stencil
}

const (
	stencilSets    = 4096
	stencilClasses = 4096
	stencilWays    = 4
	maxStencil     = 2048 // bytes of a record around its holes
	hashed         = 384  // bytes that decide where to look: who asks, and for what
	unhashed       = 320  // at the end, where the times stand

	worthStencils = 64 // records of a log that is worth having any
)

var (
	auditIDKey   = []byte(`"auditID":"`)
	verbKey      = []byte(`","verb":"`)
	objectRefKey = []byte(`,"objectRef":{`)
	refKeys      = [...][]byte{[]byte(`"resource":"`), []byte(`,"namespace":"`), []byte(`,"name":"`)}
)

const (
	auditIDSize = 36 // a UUID (RFC 9562, section 4)
	tokenSize   = 36 // the same
)

// hashOf is where to look for the stencils of a record; 0: it can have none. It
// is of what stands before the object, without the query, and without the name of
// the object as long as nobody looks at that.
func (s *stencils) hashOf(rec *parsers.Record, data []byte) uint64 {
	if s.off || rec.Cut || len(data) < 256 {
		return 0
	}
	from := s.behindID(data)
	if from < 0 {
		return 0
	}
	path, who, ref := headParts(data[from:])
	if path == nil {
		return 0
	}
	if s.met++; s.met < worthStencils {
		return 0
	}
	if s.stencilTables == nil {
		s.stencilTables = new(stencilTables)
	}
	s.class = nil
	name, rest := nameIn(ref), []byte(nil)
	if at := segmentOf(path, name); at >= 0 {
		path, rest = path[:at], path[at+len(name):]
	} else {
		name = nil
	}
	h := maphash.Bytes(hashSeed, path)
	if name != nil {
		h = mix(h, rest)
		if s.class = s.classOf(mix(h, verbIn(who))); s.class.named() {
			h = mix(h, name)
		}
	}
	if at := bytes.IndexByte(who, tokenMark[1]); at > 0 && bytes.HasPrefix(who[at-1:], tokenMark) && len(who) > at+len(tokenMark)+tokenSize {
		h = mix(h, who[:at])
		who = who[at+len(tokenMark)+tokenSize:]
	}
	return mix(h, who) | 1
}

// mix adds a text to a hash.
func mix(h uint64, text []byte) uint64 { return h*0x9e3779b97f4a7c15 ^ maphash.Bytes(hashSeed, text) }

// verbIn is the verb of what begins with verbKey, with what follows if it has no end.
func verbIn(who []byte) []byte {
	verb := who[len(verbKey):]
	if end := bytes.IndexByte(verb, '"'); end >= 0 {
		return verb[:end]
	}
	return verb
}

// Which stencils are found changes no report, and so may the seed differ from run to
// run: who writes a log cannot make his records meet.
var hashSeed = maphash.MakeSeed()

// behindID is the position behind the audit ID, -1 if that does not stand where API
// servers write it.
func (s *stencils) behindID(data []byte) int {
	at := s.idAt
	if !bytes.HasPrefix(data[at:], auditIDKey) {
		if at = bytes.Index(data[:160], auditIDKey); at < 0 {
			return -1
		}
		s.idAt = at
	}
	if at += len(auditIDKey) + auditIDSize; data[at] != '"' {
		return -1
	}
	return at
}

// headParts are what stands behind the audit ID: up to the path of the URI, from the
// verb to the reference to the object, and that. path is nil if they do not stand
// where API servers write them; ref is nil if there is none.
func headParts(data []byte) (path, who, ref []byte) {
	verb := bytes.Index(data[:min(len(data), hashed)], verbKey)
	if verb < 0 {
		return nil, nil, nil
	}
	path, who = data[:verb], data[verb:]
	if query := bytes.IndexByte(path, '?'); query >= 0 {
		path = path[:query]
	}
	for from := 0; ; {
		// Where no object is, the times must not be hashed.
		at := bytes.IndexByte(who[from:min(len(who), hashed)], objectRefKey[rare])
		if at < 0 {
			return path, who[:max(0, min(len(who)-unhashed, hashed))], nil
		}
		if at += from; at >= rare && bytes.HasPrefix(who[at-rare:], objectRefKey) {
			return path, who[:at-rare], who[at-rare+len(objectRefKey):]
		}
		from = at + 1
	}
}

// rare is where in objectRefKey a letter stands that is rare before it.
const rare = len(`,"object`)

// classOf returns the class of a hash.
func (s *stencils) classOf(hash uint64) *class {
	c := &s.classes[hash>>20%stencilClasses]
	if c.hash != hash {
		*c = class{hash: hash}
	}
	return c
}

// nameIn is the name of an object in a reference as API servers write it, nil if it
// has none.
func nameIn(ref []byte) []byte {
	for _, key := range refKeys {
		if !bytes.HasPrefix(ref, key) {
			continue
		}
		ref = ref[len(key):]
		end := bytes.IndexByte(ref[:min(len(ref), maxObjectName+1)], '"')
		if end <= 0 {
			return nil
		}
		if &key[0] == &refKeys[len(refKeys)-1][0] {
			return ref[:end]
		}
		ref = ref[end+1:]
	}
	return nil
}

// find returns the stencil that the record at hand fits, and its number; nil if
// there is none.
func (d *decoder) find(data []byte) (*stencil, int) {
	set := &d.stencils.sets[d.hash>>32%stencilSets]
	for way := range set {
		t := &set[way]
		if t.hash == d.hash && t.stencil != nil && t.fits(data, &d.cuts, &d.around) && sameOrigin(t.origin, &d.rec.Origin) {
			t.fitted++
			t.used++
			return t.stencil, int(d.hash>>32%stencilSets)*stencilWays + way + 1
		}
	}
	for way := range set {
		t := &set[way]
		if t.hash != d.hash {
			continue
		}
		t.missed++
		if c := d.stencils.class; c != nil && t.stencil != nil && !t.open.has(holeName) {
			c.shut++ // of another name, as it seems
		}
	}
	return nil, 0
}

// learn marks the event at hand as one that later ones may be like. Whether there
// will be any is for keep to say, when it is known what was looked at.
func (d *decoder) learn() {
	s, hash := &d.stencils, d.hash
	d.learning = nil
	if hash == 0 || !d.r.cheap || len(d.event.Views) != 1 || d.r.is(slotTruncated, "true") {
		return
	}
	t, number := s.way(hash)
	if t == nil {
		return
	}
	if d.gaps = d.r.gaps(d.gaps); len(d.gaps) == 0 {
		return
	}
	d.learning = t
	d.event.Like = parsers.Likeness{Number: number, First: true, Loose: slices.ContainsFunc(d.gaps, func(g gap) bool { return looseOnes.has(g.hole) })}
	d.r.seen = 0
}

// keep makes a stencil of the record at hand, with those holes that nobody looked
// into.
func (d *decoder) keep() {
	t, r := d.learning, &d.r
	if t == nil {
		return
	}
	if d.learning = nil; r.doc != nil {
		return // what the parse says of it must be said of each
	}
	if !d.event.Like.Loose {
		r.seen |= theName | looseOnes // whoever got the event wants the same of all
	}
	if r.seen.has(holeSegment) && slices.ContainsFunc(d.gaps, func(g gap) bool { return g.hole == holeSegment }) {
		r.seen |= theName
	}
	if c := d.stencils.class; c != nil {
		c.learn(!r.seen.has(holeName))
	}
	open, size := d.gaps[:0], len(r.data)
	for _, g := range d.gaps {
		if !r.seen.has(g.hole) {
			open = append(open, g)
			size -= g.to - g.from
		}
	}
	if r.seen.has(holeID) || r.seen.has(holeReceived) || r.seen.has(holeStaged) || size > maxStencil {
		return // no two records are alike
	}
	t.stencil = newStencil(r.data, open, &d.event, d.shared(&d.event.Origin), &d.around)
}

// way returns where a new stencil of a hash goes, and its number; nil: it is not
// worth the work yet, since records of that hash differ, or because another would
// have to go for a hash that is met for the first time.
func (s *stencils) way(hash uint64) (*slot, int) {
	at := int(hash >> 32 % stencilSets)
	set := &s.sets[at]
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
			return nil, 0 // but try again after twice as many
		}
		if t.stencil == nil {
			empty = same
		}
	}
	if empty < 0 {
		if first := &s.seen[hash>>16%uint64(len(s.seen))]; *first != hash {
			*first = hash
			return nil, 0
		}
		empty = leastUsed(set)
	}
	set[empty] = history // without a stencil: keep decides
	return &set[empty], at*stencilWays + empty + 1
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
