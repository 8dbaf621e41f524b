package kubeaudit

import (
	"bytes"
	"time"

	"tideline/parsers"
)

// Most of an audit log is the same few requests over and over: leases renewed,
// probes, caches that are filled again, the status of what runs written anew. Such
// records differ in the id and in two times, in the version of the object, in the
// query of a watch, in bodies that no rule asks for. A stencil is a record with
// holes where those stand. A record that fits it, byte for byte around the holes,
// says what the first one said as far as anybody looked at that; it needs no pass
// of its own, and whoever gets the event is told that it is like one before
// (parsers.Likeness).
//
// Nothing is guessed. What is around the holes was read by the cheap pass, and in
// the holes stand values that it would read, which neither end early nor hide
// anything: so the record is the same JSON but for those values. And a hole is
// open only if nobody looked into it when the first of these events was judged:
// who decides by what he saw decides the same of an event in which he would see
// the same.
type stencil struct {
	text   []byte // the record without what stood in the holes
	pieces [holeKinds + 1]piece
	loose  bool // there is a holeName

	// What the event is but for what Likeness excepts. Its bytes are the stencil's
	// own.
	origin parsers.Origin // without a time
	facts  parsers.Facts
	stage  []byte
}

// A piece of a stencil is the text up to a hole. The last one has none.
type piece struct {
	to   uint16 // end in text
	hole hole
}

// A cut is where what stands in a hole of a record begins and ends.
type cut struct{ from, to int }

// newStencil makes the stencil of a record and its event, with the given holes,
// around which there are so many bytes.
func newStencil(data []byte, gaps []gap, size int, ev *parsers.Event) *stencil {
	t := &stencil{text: make([]byte, 0, size), origin: ev.Origin, facts: ev.Facts.Clone(), stage: bytes.Clone(ev.Request.Stage)}
	t.origin.Time = time.Time{}
	from := 0
	for i, g := range gaps {
		t.text = append(t.text, data[from:g.from]...)
		t.pieces[i] = piece{uint16(len(t.text)), g.hole}
		t.loose = t.loose || g.hole == holeName
		from = g.to
	}
	t.text = append(t.text, data[from:]...)
	t.pieces[len(gaps)] = piece{uint16(len(t.text)), holeKinds}
	return t
}

// fits reports whether data is what t was made of but for the holes, and what
// stands there belongs there. That the times are times is for the caller, who
// finds in cuts where they are.
func (t *stencil) fits(data []byte, cuts *[holeKinds]cut) bool {
	i, from := 0, 0
	for n := range t.pieces {
		p := &t.pieces[n]
		text := t.text[from:p.to]
		if len(data)-i < len(text) || string(data[i:i+len(text)]) != string(text) {
			return false
		}
		i, from = i+len(text), int(p.to)
		if p.hole == holeKinds {
			break
		}
		end := p.hole.end(data, i)
		if end < 0 {
			return false
		}
		cuts[p.hole] = cut{i, end}
		i = end
	}
	return i == len(data)
}

// sameOrigin compares origins without their times.
func sameOrigin(a, b *parsers.Origin) bool {
	return a.Host == b.Host && a.Envelope == b.Envelope && a.Cluster == b.Cluster && a.Stream == b.Stream && a.Container == b.Container
}

// again emits the event of a record that fits t; false: it is to be read like
// any other.
func (d *decoder) again(t *stencil, number int, data []byte) (ok bool, err error) {
	id, got := d.cuts[holeID], d.cuts[holeReceived]
	received, ok := stamp(data[got.from:got.to])
	if !ok || id.from == id.to {
		return false, nil
	}
	r := &d.r
	r.reset(data)
	r.unread, r.azure = true, false
	d.place()
	d.views[0] = parsers.View{Kind: kindAudit, Fields: r}
	d.event = parsers.Event{
		Time: received, Pos: d.pos[:], Raw: d.raw[:], Origin: d.rec.Origin, Views: d.views[:1], Facts: t.facts,
		Request: parsers.Request{ID: data[id.from:id.to], Received: received, Stage: t.stage},
		Like:    parsers.Likeness{Number: number, Loose: t.loose},
	}
	if t.loose {
		name := d.cuts[holeName]
		d.event.Facts.Target = data[name.from:name.to]
	}
	if err := d.emit(&d.event); err != nil {
		return true, err
	}
	if r.unread = false; r.doc != nil {
		return true, d.parseRemark()
	}
	return true, nil
}
