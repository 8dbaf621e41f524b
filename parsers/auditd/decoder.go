package auditd

import (
	"bytes"
	"errors"
	"fmt"

	"tideline/parsers"
	"tideline/parsers/internal/intern"
	"tideline/parsers/internal/jsonfields"
)

// A decoder groups the records of one stream into events.
type decoder struct {
	*room
	columns []column
	stamp   stampMemo
	types   typeMemo
	serials serialWatch
	rd      reading
	out     output
	json    jsonfields.Parser
	notes   []*parsers.RecordError // not told yet, oldest first
	dropped int                    // notes beyond maxNotes
	local   bool                   // the note on local time was given
	parting parting
	journal journalTail
	behind  parsers.Record // what stands behind a record in its line, if it has data

	rec       parsers.Record // of Run
	plainBody []byte         // scratch: see unescaped
	stencils  *stencils      // nil: records are not compared
	routines  *routines
}

// maxNotes is how many notes may wait for a record to be told with.
const maxNotes = 64

func newDecoder(o parsers.Options) parsers.Decoder {
	d := &decoder{room: rooms.Get().(*room)}
	d.rd.shapes, d.rd.texts = new(shapes), make(intern.Table)
	d.columns, d.rd.names = compile(o.Fields)
	d.out.brief = o.Brief
	asked := o.Fields[:o.Asking()]
	if d.stencils = newStencils(d.rd.names, asked); d.stencils != nil {
		d.routines = &routines{asks: asksOf(o.Fields), stencils: d.stencils, varies: newVariations(d.columns, d.rd.names)}
	}
	return d
}

var (
	errSeparator = &parsers.RecordError{Code: "audit.separator", Note: true,
		Reason: "a line that ausearch or grep puts between records; it holds none"}
	errLost = &parsers.RecordError{Code: "audit.lost", Note: true,
		Reason: "the kernel says that it dropped audit records here (backlog or rate limit exceeded): what they told is in no log"}
	errHeader = &parsers.RecordError{Code: "audit.bad_header",
		Reason: "an audit record whose time and serial number cannot be found: msg=audit( without its closing parenthesis"}
	errCrowded = &parsers.RecordError{Code: "audit.too_many_fields", Kept: true,
		Reason: fmt.Sprintf("one event has more than %d fields, which no kernel writes; those behind were not searched", maxFields)}
	noteStamp = &parsers.RecordError{Code: "audit.incomplete_stamp", Note: true, Kept: true,
		Reason: "an audit record without type, time or serial number: it was read as an event of its own"}
	noteLocal = &parsers.RecordError{Code: "audit.local_time", Note: true, Kept: true,
		Reason: "times were printed by ausearch in a local zone that is not told; they are taken for UTC, and of dates like 01/02 the first part for the month, as long as it can be",
		Lift:   "collect the raw audit.log, or run ausearch --raw"}
	noteLong = &parsers.RecordError{Code: "audit.event_split", Note: true, Kept: true,
		Reason: "one event has more records than are kept together; its later records were read as further events"}
	noteDup = &parsers.RecordError{Code: "audit.dup_field", Note: true, Kept: true,
		Reason: "a SYSCALL record names one of its fields twice, which the kernel never does; both values were searched"}
)

// Decode implements parsers.Decoder.
func (d *decoder) Decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	data := rec.Data
	if len(data) > 0 && data[0] == '{' {
		return d.decodeJSON(rec, emit)
	}
	if isSeparator(data) || string(data) == "--" && d.window.count > 0 {
		return errSeparator
	}
	h, ok := parseHeader(data, &d.stamp)
	if !ok {
		h, ok = bareHeader(rec)
	}
	if !ok {
		if json := embedded(data); json >= 0 {
			inner := *rec
			inner.Data = data[json:]
			return d.decodeJSON(&inner, emit)
		}
		if saysLost(data) {
			return errLost
		}
		if damaged(data, rec.Cut) && !isForEnvelopes(data) {
			return errHeader
		}
		return parsers.ErrForeign
	}
	if h.stamp.has&hasTime == 0 && !rec.Origin.Time.IsZero() {
		h.stamp.set(rec.Origin.Time)
	}
	if bytes.HasPrefix(h.kind, auomsMark) {
		return d.addAUOMS(rec, &h, emit)
	}
	if err := d.add(rec, &h, emit); err != nil {
		return err
	}
	for d.behind.Data != nil {
		next := d.behind
		d.behind = parsers.Record{}
		if h, ok = parseHeader(next.Data, &d.stamp); !ok {
			break
		}
		if err := d.add(&next, &h, emit); err != nil {
			return err
		}
	}
	return d.note()
}

// add puts a line into its event.
func (d *decoder) add(rec *parsers.Record, h *header, emit func(*parsers.Event) error) error {
	if h.before != nil {
		d.place(h)
	}
	g := d.window.find(h.stamp, h.node)
	if g != nil && h.stamp.has&guessed != 0 && !d.journal.backward {
		if t, _ := d.types.lookup(h.kind); !g.takes(t) {
			g = nil // of the next call of the same process in the same second
		}
	}
	if g != nil && g.tooLong(rec) {
		d.tell(noteLong)
		g = nil
	}
	if g == nil {
		if err := d.makeRoom(emit); err != nil {
			return err
		}
		g = d.begin(h.stamp, rec)
		if h.stamp.has&(hasSerial|guessed) == 0 || len(h.kind) == 0 || h.stamp.has == hasSerial {
			d.tell(noteStamp)
		}
	}
	d.addTo(g, rec, h)
	if h.local && !d.local {
		d.local = true
		d.tell(noteLocal)
	}
	return nil
}

// begin opens the event of a stamp, of which rec is the first record. Others may
// follow in another form: what writes JSON and what writes plain records both run on
// some systems, and their logs are joined.
func (d *decoder) begin(s stamp, rec *parsers.Record) *group {
	g := d.window.open(s)
	g.origin, g.names, g.shapes = rec.Origin, d.rd.names, d.rd.shapes
	return g
}

// addTo puts a line into g. Of one that fits a stencil it keeps no more than what
// is in the holes, if the rest can be made again.
func (d *decoder) addTo(g *group, rec *parsers.Record, h *header) {
	var kind typeName
	kind.number, kind.name = d.types.lookup(h.kind)
	if d.stencils == nil {
		before := len(g.buf)
		if !d.addMany(g, rec, h) {
			g.addLine(rec, h, kind)
		}
		d.window.counts(g, len(g.buf)-before)
		return
	}
	d.unescaped(h)
	found := d.stencils.match(g, kind.number, h)
	if found.stencil != nil && found.stencil.makes(g, rec, h, &d.stamp) {
		d.stencils.addGhost(g, found.stencil, h.body, found.holes, d.stamp.text[:d.stamp.n], rec.Pos)
		d.window.counts(g, len(rec.Raw))
		return
	}
	before := len(g.buf)
	if found.stencil == nil && d.addMany(g, rec, h) {
		d.window.counts(g, len(g.buf)-before)
		return
	}
	g.addLine(rec, h, kind)
	d.window.counts(g, len(g.buf)-before)
	if found.stencil != nil {
		d.stencils.fit(g, &g.recs[len(g.recs)-1], found.stencil, found.holes)
		return
	}
	d.stencils.learn(g, h, found)
}

// makeRoom finishes the oldest events until one can be begun.
func (d *decoder) makeRoom(emit func(*parsers.Event) error) error {
	for d.window.full() {
		if err := d.finish(d.window.pop(), emit); err != nil {
			return err
		}
	}
	return nil
}

// Flush implements parsers.Decoder.
func (d *decoder) Flush(emit func(*parsers.Event) error) error {
	d.parting.ending = true
	for d.window.count > 0 {
		if err := d.finish(d.window.pop(), emit); err != nil {
			return err
		}
	}
	return d.lastNotes()
}

// finish emits an event.
func (d *decoder) finish(g *group, emit func(*parsers.Event) error) error {
	if gap := d.serials.leave(g, d.window); gap != nil {
		d.tell(gap)
	}
	ev := d.event(g)
	err := emit(ev)
	if g.crowded {
		d.tell(errCrowded)
	}
	d.window.free(g)
	return err
}

// event makes an event of a group. What is known of events like it is not
// worked out again.
func (d *decoder) event(g *group) *parsers.Event {
	rd := &d.rd
	rd.begin(g)
	node := fingerprint(rd.host())
	r, hash := d.routines.find(g)
	if r == nil {
		rd.ready()
		if rd.hasTwice() {
			d.tell(noteDup)
		}
		do := rd.procFacts()
		rd.observe(&d.procs, node, &do)
	} else {
		rd.observe(&d.procs, node, &r.facts)
		k := d.routines.kin(rd)
		if l := r.like(&k, &g.origin); l != nil {
			ev := d.out.again(l, rd, d.parting.of(rd))
			if r.loose {
				d.out.akin(ev, rd, d.columns)
				d.routines.varies.mark(r, ev.Views, g)
			}
			return ev
		}
		rd.ready()
	}
	d.parting.relate(rd)
	ev := d.out.build(rd, d.columns)
	if ev.Parted = d.parting.of(rd); ev.Parted != nil || hash == 0 {
		return ev
	}
	if r == nil {
		d.routines.learn(rd, &d.procs, hash)
	} else {
		k := d.routines.kin(rd)
		d.routines.remember(r, &k, rd, ev)
	}
	return ev
}

// hasTwice reports whether the SYSCALL record has two values of a field that
// says who did what.
func (rd *reading) hasTwice() bool {
	if rd.sys == nil || rd.sys.form != rawForm {
		return false
	}
	if rd.sys.stencil != nil {
		return false // no record with such is made a stencil
	}
	fields := rd.g.of(rd.sys)
	if s := rd.sys.shape; s != nil && !s.repeated {
		return false
	}
	seen := uint64(0)
	for _, f := range fields {
		if f.part == outer && f.id >= idArch && f.id <= idKey {
			if seen&(1<<f.id) != 0 {
				return true
			}
			seen |= 1 << f.id
		}
	}
	return false
}

// host is the machine that the event happened on, as far as told.
func (rd *reading) host() []byte {
	if rd.g.node.len() > 0 {
		return rd.g.text(rd.g.node)
	}
	return rd.text(rd.g.origin.Host)
}

// tell keeps a note until a record can carry it.
func (d *decoder) tell(e *parsers.RecordError) {
	if len(d.notes) == maxNotes {
		d.dropped++
		return
	}
	d.notes = append(d.notes, e)
}

// note takes out the oldest note; a nil error if there is none.
func (d *decoder) note() error {
	if len(d.notes) == 0 {
		return nil
	}
	e := d.notes[0]
	d.notes = d.notes[:copy(d.notes, d.notes[1:])]
	return e
}

// lastNotes gives what notes are left at the end.
func (d *decoder) lastNotes() error {
	var all []error
	for _, e := range d.notes {
		all = append(all, e)
	}
	if n := len(all); n > 0 && d.dropped > 0 {
		last := *d.notes[n-1]
		last.Reason += fmt.Sprintf("; and %d more remarks", d.dropped)
		all[n-1] = &last
	}
	d.notes = nil
	if len(all) == 1 {
		return all[0]
	}
	return errors.Join(all...)
}
