package containerlog

import (
	"bytes"
	"time"

	"tideline/parsers"
)

type decoder struct {
	asked  []field
	entry  entry
	held   [2]partial   // of stdout and whatever is not stderr, and of stderr
	pieces []*piecewise // of journals, the oldest first
	loose  bool         // the writer ends no line with a newline
	broken bool         // the stream ended within a line
	who    identity
	whose  parsers.Container // of the section of a cluster dump
	origin parsers.Origin    // of the record in hand

	event parsers.Event
	pos   []parsers.Pos
	raw   [][]byte
	views [1]parsers.View
	view  view
}

func newDecoder(o parsers.Options) parsers.Decoder {
	return &decoder{asked: compile(o.Fields)}
}

// Decode implements parsers.Decoder.
func (d *decoder) Decode(rec *parsers.Record, emit func(*parsers.Event) error) error {
	e := &d.entry
	if d.section(rec.Data) {
		return errSection
	}
	if rec.Origin.Container == (parsers.Container{}) && isRemark(rec.Data) {
		return errRemark
	}
	if d.whose != (parsers.Container{}) {
		named := *rec
		named.Origin.Container = d.whose
		rec = &named
	}
	if taken, err := d.journalled(rec, emit); taken || err != nil {
		return err
	}
	damage := e.read(rec)
	if damage == parsers.ErrForeign {
		return damage
	}
	d.origin = d.who.origin(rec, e)
	origin := &d.origin
	if e.time.IsZero() && damage == nil && !rec.Origin.Time.IsZero() {
		e.time = rec.Origin.Time.UTC()
	}
	if !e.partial {
		d.loose = false
	} else if d.loose && e.short {
		e.partial = false
	}
	held := &d.held[0]
	if origin.Stream == "stderr" {
		held = &d.held[1]
	}
	if held.stale(e.time) {
		if err := d.emitHeld(held, emit); err != nil {
			return err
		}
	}
	if held.open() || e.partial {
		return d.join(held, rec, origin, damage, emit)
	}
	if err := d.emitOne(rec, origin, emit); err != nil {
		return err
	}
	return damage
}

// join adds a record to a line in pieces, and emits the line if it is whole or
// may grow no more.
func (d *decoder) join(held *partial, rec *parsers.Record, origin *parsers.Origin, damage error, emit func(*parsers.Event) error) error {
	held.add(rec, &d.entry, origin)
	switch {
	case !d.entry.partial:
	case held.loose():
		d.loose = true
		return first(d.emitEach(held, emit), damage)
	case !held.full():
		return damage
	default:
		damage = first(damage, &parsers.RecordError{Code: "container.line_too_long", Note: true, Kept: true,
			Reason: "a line of more than 16 MiB was searched in pieces"})
	}
	return first(d.emitHeld(held, emit), damage)
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// Flush implements parsers.Decoder.
func (d *decoder) Flush(emit func(*parsers.Event) error) error {
	for len(d.pieces) > 0 {
		d.broken = true
		if err := d.endPiece(0, emit); err != nil {
			return err
		}
	}
	for i := range d.held {
		if d.held[i].open() {
			d.broken = true
			if err := d.emitHeld(&d.held[i], emit); err != nil {
				return err
			}
		}
	}
	return nil
}

// emitOne emits a line that is one record.
func (d *decoder) emitOne(rec *parsers.Record, origin *parsers.Origin, emit func(*parsers.Event) error) error {
	e := &d.entry
	d.pos, d.raw = append(d.pos[:0], rec.Pos), append(d.raw[:0], rec.Raw)
	d.view = view{asked: d.asked, message: e.message, stream: e.stream, attrs: e.attrs, doc: e.doc, memo: d.view.memo}
	return d.emit(e.time, origin, emit)
}

// emitHeld emits a line that was put together.
func (d *decoder) emitHeld(p *partial, emit func(*parsers.Event) error) error {
	defer p.reset()
	d.pos, d.raw = p.records(d.pos[:0], d.raw[:0], 0, len(p.parts))
	d.view = view{asked: d.asked, message: p.text, stream: p.stream, memo: d.view.memo}
	return d.emit(p.parts[0].time, &p.origin, emit)
}

// emitEach emits the parts of a line each on its own.
func (d *decoder) emitEach(p *partial, emit func(*parsers.Event) error) error {
	defer p.reset()
	for i, one := range p.parts {
		d.pos, d.raw = p.records(d.pos[:0], d.raw[:0], i, i+1)
		d.view = view{asked: d.asked, message: p.text[p.textStart(i):one.text], stream: p.stream, memo: d.view.memo}
		if err := d.emit(one.time, &p.origin, emit); err != nil {
			return err
		}
	}
	return nil
}

var output, containerKind = []byte("output"), []byte("container")

func (d *decoder) emit(at time.Time, origin *parsers.Origin, emit func(*parsers.Event) error) error {
	ev := &d.event
	*ev = parsers.Event{Time: at, Pos: d.pos, Raw: d.raw, Origin: *origin}
	ev.Facts = parsers.Facts{
		Actor: parsers.ContainerProcess, Name: d.who.name(origin),
		Action: output, Kind: containerKind, Namespace: d.who.namespace, Target: d.who.target, Outcome: parsers.Allowed,
	}
	d.view.memo.reset()
	d.view.origin = &ev.Origin
	if d.view.stream == nil && origin.Stream != "" {
		d.view.stream = d.who.stream
	}
	d.views[0] = parsers.View{Kind: 0, Fields: &d.view}
	ev.Views = d.views[:]
	return emit(ev)
}

var errSection = &parsers.RecordError{Code: "container.section", Note: true,
	Reason: "a line that kubectl cluster-info dump puts around the log of a container"}

var errRemark = &parsers.RecordError{Code: "container.section", Note: true,
	Reason: "a line of compose itself, between those of its containers"}

var sectionStart, sectionEnd = []byte("==== START logs for container "), []byte("==== END logs for container ")

// section reads the lines that part the logs of several containers:
//
//	==== START logs for container C of pod NS/POD ====
func (d *decoder) section(line []byte) bool {
	if len(line) < len(sectionEnd) || line[0] != '=' {
		return false
	}
	if bytes.HasPrefix(line, sectionEnd) {
		d.whose = parsers.Container{}
		return true
	}
	rest, ok := bytes.CutPrefix(trimEnd(line), sectionStart)
	if !ok {
		return false
	}
	name, pod, _ := bytes.Cut(bytes.TrimSuffix(rest, []byte(" ====")), []byte(" of pod "))
	namespace, pod, _ := bytes.Cut(pod, []byte("/"))
	d.whose = parsers.Container{Name: string(name), Pod: string(pod), Namespace: string(namespace)}
	return true
}
