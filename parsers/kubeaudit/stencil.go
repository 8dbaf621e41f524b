package kubeaudit

import (
	"bytes"
	"hash/maphash"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/cheapjson"
	"tideline/parsers/internal/frame"
)

// Most of an audit log is the same few requests over and over: leases renewed,
// probes, caches that are filled again, the status of what runs written anew. Such
// records differ in the id and in two times, in the version of the object, in the
// query of a watch, in bodies that no rule asks for. A stencil is a record with
// holes where those stand. A record that fits it, which is the same around the
// holes, says what the first one said as far as anybody looked at that; it needs no
// pass of its own, and whoever gets the event is told that it is like one before
// (parsers.Likeness).
//
// Nothing is guessed. What is around the holes was read by the cheap pass, and in
// the holes stand values that it would read, which neither end early nor hide
// anything: so the record is the same JSON but for those values. And a hole is
// open only if nobody looked into it when the first of these events was judged:
// who decides by what he saw decides the same of an event in which he would see
// the same.
type stencil struct {
	text   uint64 // see textOf
	pieces [holeKinds + 1]piece
	open   holes
	object bool // the text looks like one object: see frame.IsObject
	azure  bool // the event has the view of Azure as well
	entry  bool // it is spelled out of an entry of Cloud Logging

	// What the event is but for what Likeness excepts. Its bytes are the stencil's
	// own.
	origin *parsers.Origin // without a time; others have it too
	facts  packedFacts
	stage  []byte
}

// A piece of a stencil is the text up to a hole. The last one has none.
type piece struct {
	to   uint16 // end in the text
	hole hole
}

// A cut is where what stands in a hole of a record begins and ends.
type cut struct{ from, to int }

// A fitting is what is found out of a record that may fit a stencil.
type fitting struct {
	cuts   [holeKinds]cut
	around [maxStencil]byte // scratch: the record without what stands in the holes
	trail  cheapjson.Trail  // through its requestObject
}

// end is that of a hole of t. Two bodies of a record are much alike.
func (f *fitting) end(t *stencil, h hole, data []byte, i int) int {
	if t.entry {
		switch h {
		case holeName:
			return endOfResourceName(data, i)
		case holeRequest, holeResponse:
			if i < len(data) && data[i] != '{' {
				return -1 // no body: see entry.level
			}
		}
	}
	if t.open&twoBodies == twoBodies {
		switch h {
		case holeRequest:
			return cheapjson.EndOfTrailed(data, i, &f.trail)
		case holeResponse:
			return cheapjson.EndOfTwin(data, i, &f.trail)
		}
	}
	return h.end(data, i)
}

// newStencil makes the stencil of a record and its event, with the given holes; nil
// if there can be none. Its text goes through scratch.
func newStencil(data []byte, gaps []gap, ev *parsers.Event, origin *parsers.Origin, scratch *[maxStencil]byte) *stencil {
	facts, ok := pack(&ev.Facts)
	if !ok {
		return nil
	}
	t := &stencil{origin: origin, facts: facts, stage: ownStage(ev.Request.Stage)}
	text, from := scratch[:0], 0
	for i, g := range gaps {
		text = append(text, data[from:g.from]...)
		t.pieces[i] = piece{uint16(len(text)), g.hole}
		t.open |= 1 << g.hole
		from = g.to
	}
	text = append(text, data[from:]...)
	t.pieces[len(gaps)] = piece{uint16(len(text)), holeKinds}
	t.text = textOf(text)
	t.object = frame.IsObject(text)
	return t
}

// ownStage is a stage in bytes that nobody else uses.
func ownStage(stage []byte) []byte {
	if string(stage) == string(stageComplete) {
		return stageComplete
	}
	return bytes.Clone(stage)
}

var stageComplete = []byte("ResponseComplete")

// fits reports whether data is what t was made of but for the holes, and what
// stands there belongs there. That the times are times is for the caller, who
// finds in f where they are.
func (t *stencil) fits(data []byte, f *fitting) bool {
	text, i, cuts := f.around[:0], 0, &f.cuts
	for n := range t.pieces {
		p := &t.pieces[n]
		next := i + int(p.to) - len(text)
		if next > len(data) {
			return false
		}
		text, i = append(text, data[i:next]...), next
		if p.hole == holeKinds {
			break
		}
		end := f.end(t, p.hole, data, i)
		if end < 0 {
			return false
		}
		cuts[p.hole] = cut{i, end}
		i = end
	}
	if t.open&theName == theName {
		if a, b := cuts[holeSegment], cuts[holeName]; string(data[a.from:a.to]) != string(data[b.from:b.to]) {
			return false
		}
	}
	return i == len(data) && textOf(text) == t.text
}

// textOf stands for the text of a record without what stood in the holes, which
// would be most of a stencil, were it kept. It is 64 bits of hash, whose seed nobody
// knows who writes a log. A record is compared with the few stencils that its place
// has: that one of them has the same by chance is not to be expected in 10^18 of them.
func textOf(text []byte) uint64 { return maphash.Bytes(hashSeed, text) }

// shared is an origin without its time, one for all stencils in a row that have it.
func (d *decoder) shared(o *parsers.Origin) *parsers.Origin {
	if d.origin == nil || !d.origin.Same(o) {
		c := *o
		c.Time = time.Time{}
		d.origin = &c
	}
	return d.origin
}

// again emits the event of a record that fits t; false: it is to be read like
// any other.
func (d *decoder) again(t *slot, data []byte) (ok bool, err error) {
	id, got := d.fitting.cuts[holeID], d.fitting.cuts[holeReceived]
	received, ok := stamp(data[got.from:got.to])
	if !ok || id.from == id.to {
		return false, nil
	}
	r := &d.r
	r.reset(data)
	r.unread, r.azure = true, t.azure
	if t.entry {
		r.entry = &d.entry
	}
	d.place()
	d.event = parsers.Event{
		Time: received, Pos: d.pos[:], Raw: d.raw[:], Origin: d.rec.Origin, Views: d.viewsOf(kindAudit),
		Request: parsers.Request{ID: data[id.from:id.to], Received: received, Stage: t.stage},
		Like:    parsers.Likeness{Number: int(t.number), Loose: t.open&looseOnes != 0},
	}
	if t.entry {
		d.entry.nameCluster(&d.event.Origin)
	}
	d.listed = t.facts.unpack(&d.event.Facts, d.listed[:0])
	if t.open.has(holeName) {
		name := d.fitting.cuts[holeName]
		d.event.Facts.Target = data[name.from:name.to]
	}
	if t.open.has(holeToken) {
		token := d.fitting.cuts[holeToken]
		d.event.Facts.Session = data[token.from-len(tokenMark)+1 : token.to]
	}
	if err := d.emit(&d.event); err != nil {
		return true, err
	}
	if r.unread = false; t.entry {
		if err := d.entryRemark(); err != nil {
			return true, err
		}
	}
	if r.doc != nil {
		return true, d.parseRemark()
	}
	return true, nil
}
