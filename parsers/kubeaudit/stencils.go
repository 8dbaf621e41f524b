package kubeaudit

import (
	"bytes"
	"encoding/binary"
	"slices"

	"tideline/parsers"
)

// stencils are the stencils of one decoder, found by hash. They cost up to
// stencilWays x stencilSets x what the facts repeat of a record, 12 MiB of usual ones.
type stencils struct {
	off  bool  // for tests: there are none
	met  int   // records, up to worthStencils
	next uint8 // the way that is given up next
	*stencilTables
}

// stencilTables are made when a log turns out to be long enough.
type stencilTables struct {
	sets [stencilSets][stencilWays]slot
	seen [stencilSets * stencilWays]uint64 // hashes met when there was no room
}

// A slot is a stencil with its hash; the zero value is an empty one. Records of
// one hash may have several: what was asked and what was answered differ.
type slot struct {
	hash   uint64
	fitted int // records that fitted this stencil
	missed int // others of the hash that fitted none
	*stencil
}

const (
	stencilSets = 4096
	stencilWays = 4
	maxStencil  = 2048 // bytes of a record around its holes
	hashed      = 384  // bytes that decide where to look: who asks, and for what
	unhashed    = 320  // at the end, where the times stand

	worthStencils = 64 // records of a log that is worth having any
)

var (
	auditIDKey   = []byte(`"auditID":"`)
	verbKey      = []byte(`","verb":"`)
	objectRefKey = []byte(`,"objectRef":`)
)

const auditIDSize = 36 // a UUID (RFC 9562, section 4)

// hashOf is where to look for the stencils of a record; 0: it can have none. It
// is of what stands before the object, without the query.
func (s *stencils) hashOf(rec *parsers.Record, data []byte) uint64 {
	if s.off || rec.Cut || len(data) < 256 {
		return 0
	}
	at := bytes.Index(data[:160], auditIDKey)
	if at < 0 {
		return 0
	}
	from := at + len(auditIDKey) + auditIDSize
	to := min(from+hashed, len(data)-unhashed)
	if data[from] != '"' || to < from+64 {
		return 0
	}
	if s.met++; s.met < worthStencils {
		return 0
	}
	if s.stencilTables == nil {
		s.stencilTables = new(stencilTables)
	}
	head := data[from:to]
	if end := bytes.Index(head, objectRefKey); end >= 0 {
		head = head[:end]
	}
	h := mixed{1, 2}
	if verb := bytes.Index(head, verbKey); verb >= 0 {
		uri := head[:verb]
		if query := bytes.IndexByte(uri, '?'); query >= 0 {
			uri = uri[:query]
		}
		h.add(uri)
		head = head[verb:]
	}
	h.add(head)
	return (h[0] ^ h[1]>>7) | 1
}

// mixed is a hash while it is made. Who writes a log can make others meet in it:
// then they are looked at closely, and do not fit.
type mixed [2]uint64

func (h *mixed) add(p []byte) {
	a, b := h[0]^uint64(len(p)), h[1]
	for ; len(p) >= 16; p = p[16:] {
		a = (a ^ binary.LittleEndian.Uint64(p)) * 0x9e3779b97f4a7c15
		b = (b ^ binary.LittleEndian.Uint64(p[8:])) * 0xff51afd7ed558ccd
		a ^= a >> 32
		b ^= b >> 29
	}
	for _, c := range p {
		a = (a ^ uint64(c)) * 0x9e3779b97f4a7c15
	}
	h[0], h[1] = a^a>>29, b
}

// find returns the stencil that the record at hand fits, and its number; nil if
// there is none.
func (d *decoder) find(data []byte) (*stencil, int) {
	set := &d.stencils.sets[d.hash>>32%stencilSets]
	for way := range set {
		t := &set[way]
		if t.hash == d.hash && t.stencil != nil && t.fits(data, &d.cuts, &d.around) && sameOrigin(t.origin, &d.rec.Origin) {
			t.fitted++
			return t.stencil, int(d.hash>>32%stencilSets)*stencilWays + way + 1
		}
	}
	for way := range set {
		if t := &set[way]; t.hash == d.hash {
			t.missed++
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
	d.event.Like = parsers.Likeness{Number: number, First: true, Loose: slices.ContainsFunc(d.gaps, func(g gap) bool { return g.hole == holeName })}
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
		s.next++
		empty = int(s.next) % stencilWays
	}
	set[empty] = history // without a stencil: keep decides
	return &set[empty], at*stencilWays + empty + 1
}
