package kubeaudit

import (
	"bytes"
	"encoding/binary"
	"slices"

	"tideline/parsers"
)

// Most of an audit log is the same few requests over and over: leases renewed,
// probes, caches that are filled again. Such records differ in the id and in two
// times, and in nothing else. A stencil is a record with holes where those
// stand. A record that fits it, byte for byte around the holes, says what the
// first one said; it needs no pass of its own, and whoever gets the event is told
// that it is like one before (parsers.Likeness).
//
// Nothing is guessed: what is around the holes was read by the cheap pass, in the
// holes stand strings that neither end early nor hide anything, and so the
// record is the same JSON but for three values that no rule asks for.
type stencil struct {
	data   []byte // the record it was made of
	holes  [3]hole
	origin parsers.Origin // without a time
	fitted int            // records that did fit
	missed int            // others of the same hash
	event  parsers.Event  // but for what Likeness excepts; its bytes are the stencil's own
}

// A hole is where a value stands in the record, without its quotes.
type hole struct{ from, to int }

// stencils are the stencils of one decoder, found by hash. They cost up to
// stencilWays x stencilSets x (maxStencil + what the facts repeat of it).
type stencils struct {
	off  bool  // somebody asks for a field that the holes hold
	met  int   // records, up to worthStencils
	next uint8 // the way that is given up next
	*stencilTables
}

// stencilTables are made when a log turns out to be long enough.
type stencilTables struct {
	sets [stencilSets][stencilWays]slot
	seen [stencilSets * stencilWays]uint64 // hashes met once: a record must come twice to be worth a stencil
}

// A slot is a stencil with its hash; the zero value is an empty one.
type slot struct {
	hash uint64
	*stencil
}

const (
	stencilSets = 512
	stencilWays = 4
	maxStencil  = 2048 // bytes of a record
	hashed      = 384  // bytes that decide where to look: who asks, and for what
	unhashed    = 320  // at the end, where the times stand

	worthStencils = 64 // records of a log that is worth having any
)

// holeSlots are the members in the holes: of a log, no two records have the same.
var holeSlots = [3]int{slotAuditID, slotReceived, slotStageTime}

var holeKeys = [3][]byte{auditIDKey, []byte(`"requestReceivedTimestamp":"`), []byte(`"stageTimestamp":"`)}

// holeFields are names of fields that see into the holes.
var holeFields = []string{"auditID", "requestReceivedTimestamp", "stageTimestamp"}

func newStencils(fields []string) stencils {
	return stencils{off: slices.ContainsFunc(fields, func(f string) bool { return slices.Contains(holeFields, canonical(f)) })}
}

var auditIDKey = []byte(`"auditID":"`)

const auditIDSize = 36 // a UUID (RFC 9562, section 4)

// hashOf is where to look for the stencil of a record; 0: it can have none.
func (s *stencils) hashOf(rec *parsers.Record, data []byte) uint64 {
	if s.off || rec.Cut || len(data) > maxStencil || len(data) < 256 {
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
	a, b := uint64(len(data)), uint64(1)
	for p := data[from:to]; len(p) >= 16; p = p[16:] {
		a = (a ^ binary.LittleEndian.Uint64(p)) * 0x9e3779b97f4a7c15
		b = (b ^ binary.LittleEndian.Uint64(p[8:])) * 0xff51afd7ed558ccd
		a ^= a >> 32
		b ^= b >> 29
	}
	return (a ^ b>>7) | 1
}

// find returns the stencil that a record fits, and its number; nil if there is
// none.
func (s *stencils) find(hash uint64, rec *parsers.Record, data []byte) (*stencil, int) {
	set := hash >> 32 % stencilSets
	for way := range s.sets[set] {
		t := &s.sets[set][way]
		if t.hash != hash {
			continue
		}
		if t.fits(data) && sameOrigin(&t.origin, &rec.Origin) {
			t.fitted++
			return t.stencil, int(set)*stencilWays + way + 1
		}
		t.missed++
		break
	}
	return nil, 0
}

// fits reports whether data is what t was made of but for the holes, and what
// stands there is of their kind. That the times are times is for the caller.
func (t *stencil) fits(data []byte) bool {
	if len(data) != len(t.data) {
		return false
	}
	from := 0
	for i := range t.holes {
		h := &t.holes[i]
		if !bytes.Equal(data[from:h.from], t.data[from:h.from]) || !harmless(data[h.from:h.to]) {
			return false
		}
		from = h.to
	}
	return bytes.Equal(data[from:], t.data[from:])
}

// harmless reports whether b is made of what ids and times are made of, so that
// as a string of JSON it means itself.
func harmless(b []byte) bool {
	for _, c := range b {
		if !harmlessByte[c] {
			return false
		}
	}
	return true
}

var harmlessByte = func() (t [256]bool) {
	for _, c := range []byte("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-:.+_") {
		t[c] = true
	}
	return t
}()

// sameOrigin compares origins without their times.
func sameOrigin(a, b *parsers.Origin) bool {
	return a.Host == b.Host && a.Envelope == b.Envelope && a.Cluster == b.Cluster && a.Stream == b.Stream && a.Container == b.Container
}

// again emits the event of a record that fits t; false: it is to be read like
// any other.
func (d *decoder) again(t *stencil, number int, data []byte) (ok bool, err error) {
	id, got := t.holes[0], t.holes[1]
	received, ok := stamp(data[got.from:got.to])
	if !ok {
		return false, nil
	}
	r := &d.r
	r.reset(data)
	r.unread, r.azure = true, false
	ev := &t.event
	d.place()
	d.views[0] = parsers.View{Kind: kindAudit, Fields: r}
	ev.Pos, ev.Raw, ev.Views = d.pos[:], d.raw[:], d.views[:1]
	ev.Time, ev.Origin.Time = received, d.rec.Origin.Time
	ev.Request.ID, ev.Request.Received = data[id.from:id.to], received
	ev.Like = parsers.Likeness{Number: number}
	if err := d.emit(ev); err != nil {
		return true, err
	}
	if r.unread = false; r.doc != nil {
		return true, d.parseRemark()
	}
	return true, nil
}

// learn makes a stencil of the record that the event at hand was read of, if
// records like it are met for the second time, and marks the event.
func (d *decoder) learn() {
	s, hash := &d.stencils, d.hash
	if hash == 0 || !d.r.cheap || len(d.event.Views) != 1 || d.r.is(slotTruncated, "true") {
		return
	}
	if first := &s.seen[hash>>16%uint64(len(s.seen))]; *first != hash {
		*first = hash
		return
	}
	way := s.way(hash)
	if way < 0 {
		return
	}
	holes, ok := d.r.holes()
	if !ok {
		return
	}
	t := &stencil{data: bytes.Clone(d.r.data), holes: holes, origin: d.event.Origin, event: d.event}
	t.event.Facts = d.event.Facts.Clone()
	t.event.Request.Stage = bytes.Clone(t.event.Request.Stage)
	t.event.Pos, t.event.Raw, t.event.Views = nil, nil, nil
	d.event.Like = parsers.Likeness{Number: s.keep(hash, t, way), First: true}
}

// way is where in its set a stencil of a hash goes, which is in place of one of
// the same hash; -1: not worth the work, since records of that hash differ.
func (s *stencils) way(hash uint64) int {
	set := &s.sets[hash>>32%stencilSets]
	empty := -1
	for way := range set {
		switch t := &set[way]; {
		case t.stencil == nil:
			empty = way
		case t.hash == hash && t.missed > 2*t.fitted+2:
			return -1
		case t.hash == hash:
			return way
		}
	}
	if empty < 0 {
		s.next++
		empty = int(s.next) % stencilWays
	}
	return empty
}

// keep puts t in a way of the set of hash and returns its number.
func (s *stencils) keep(hash uint64, t *stencil, way int) int {
	at := hash >> 32 % stencilSets
	if old := &s.sets[at][way]; old.hash == hash {
		t.fitted, t.missed = old.fitted, old.missed
	}
	s.sets[at][way] = slot{hash, t}
	return int(at)*stencilWays + way + 1
}

// forget takes back the stencil of the event at hand.
func (s *stencils) forget(number int) {
	s.sets[(number-1)/stencilWays][(number-1)%stencilWays] = slot{}
}

// holes finds where the values stand that differ in any two records. A key that
// occurs twice, be it in a body, or that is not followed at once by its value,
// makes it fail: so does another order than that of API servers.
func (r *record) holes() (out [3]hole, ok bool) {
	if _, ok := stamp(r.text(slotReceived)); !ok {
		return out, false
	}
	behind := 0
	for i, slot := range holeSlots {
		key, value := holeKeys[i], r.text(slot)
		at := bytes.Index(r.data, key)
		from := at + len(key)
		if at < behind || value == nil || !harmless(value) || bytes.Contains(r.data[from:], key) ||
			!bytes.HasPrefix(r.data[from:], value) || r.data[from+len(value)] != '"' {
			return out, false
		}
		behind = from + len(value)
		out[i] = hole{from, behind}
	}
	return out, true
}
