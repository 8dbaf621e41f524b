package auditd

import (
	"bytes"

	"tideline/parsers"
)

// The kinds of view, in the order of Format.Kinds.
const (
	kindRecord = iota
	kindProcess
	kindFile
	kindNetwork
	kindEvent
)

// An output is the event that is handed out, and its memory. Views do not change
// once they are made: they look at whatever the reading is of.
type output struct {
	ev      parsers.Event
	records []recordView // by place of the record
	files   []eventView  // by place of the PATH
	events  [kindEvent + 1]eventView
	rd      *reading // of the event
	brief   bool     // see parsers.Options.Brief
	raw     [][]byte
}

// build makes an event of a reading. It is good until the next build.
func (o *output) build(rd *reading, columns []column) *parsers.Event {
	g := rd.g
	ev := &o.ev
	*ev = parsers.Event{Time: g.stamp.time(), Pos: g.pos, Origin: g.origin, Views: ev.Views[:0],
		Facts: parsers.Facts{Details: ev.Facts.Details[:0], Addresses: ev.Facts.Addresses[:0]}}
	o.show(ev, rd)
	ev.Decisive = rd.decisive()
	rd.fillOrigin(&ev.Origin)
	rd.fillFacts(&ev.Facts)
	ev.Views = o.eventViews(o.recordViews(ev.Views, rd, columns), rd, columns)
	return ev
}

// again is the event at hand, which is like one before. It is good until the next
// one.
func (o *output) again(l *like, rd *reading, parted *parsers.Parted) *parsers.Event {
	g := rd.g
	ev := &l.event
	o.show(ev, rd)
	ev.Pos, ev.Parted = g.pos, parted
	ev.Time, ev.Origin.Time = g.stamp.time(), g.origin.Time
	return ev
}

// akin puts into an event what is in the holes of loose stencils.
func (o *output) akin(ev *parsers.Event, rd *reading, columns []column) {
	rd.ready()
	ev.Facts.Kind, ev.Facts.Target = nil, nil
	rd.fillTarget(&ev.Facts)
	ev.Views = o.eventViews(o.recordViews(ev.Views[:0], rd, columns), rd, columns)
}

// show makes ev tell its records, now or when it is asked for them.
func (o *output) show(ev *parsers.Event, rd *reading) {
	if o.rd = rd; o.brief {
		ev.Raw, ev.Unread = nil, o
		return
	}
	ev.Raw = o.Records()
}

// Records are the records of the event at hand as they stand in the stream.
func (o *output) Records() [][]byte {
	g := o.rd.g
	g.restoreAll()
	o.raw = o.raw[:0]
	for i := range g.raws {
		o.raw = append(o.raw, g.text(g.raws[i].text))
	}
	return o.raw
}

// decisive is the record that an event is shown by.
func (rd *reading) decisive() int {
	for _, t := range [...]rectype{typeExecve, typeSyscall} {
		if r := rd.g.record(t); r != nil {
			return int(r.raw)
		}
	}
	return 0
}

func (rd *reading) fillOrigin(o *parsers.Origin) {
	if n := rd.g.text(rd.g.node); len(n) > 0 && string(n) != o.Host {
		o.Host = rd.texts.Of(n)
	}
	if id := rd.lineage.container; len(id) > 0 && o.ID == "" {
		o.ID = rd.texts.Of(id)
	}
	for _, part := range []struct {
		id nameID
		to *string
	}{{idContainerName, &o.Name}, {idContainerImage, &o.Image}, {idContainerPod, &o.Pod}, {idContainerNS, &o.Namespace}} {
		if rd.lineage.inside && *part.to == "" {
			if v := rd.sysValue(part.id); len(v) > 0 {
				*part.to = rd.texts.Of(v)
			}
		}
	}
}

func (o *output) recordViews(dst []parsers.View, rd *reading, columns []column) []parsers.View {
	for i := range rd.g.recs {
		if i == len(o.records) {
			o.records = append(o.records, recordView{rd, columns, i})
		}
		dst = append(dst, parsers.View{Kind: kindRecord, Fields: &o.records[i]})
	}
	return dst
}

func (o *output) eventViews(dst []parsers.View, rd *reading, columns []column) []parsers.View {
	if rd.started() {
		dst = o.eventView(dst, kindProcess, rd, columns)
	}
	if rd.makesFiles() {
		for i, p := range rd.pathItems() {
			for i >= len(o.files) {
				o.files = append(o.files, eventView{rd, columns, kindFile, len(o.files)})
			}
			if string(p.nametype) == "CREATE" && p.absolute != nil {
				dst = append(dst, parsers.View{Kind: kindFile, Fields: &o.files[i]})
			}
		}
	}
	if rd.syscall == "connect" && rd.socket().inet() {
		dst = o.eventView(dst, kindNetwork, rd, columns)
	}
	return o.eventView(dst, kindEvent, rd, columns)
}

func (o *output) eventView(dst []parsers.View, kind int, rd *reading, columns []column) []parsers.View {
	if o.events[kind].rd == nil {
		o.events[kind] = eventView{rd, columns, kind, 0}
	}
	return append(dst, parsers.View{Kind: kind, Fields: &o.events[kind]})
}

// makesFiles reports whether a PATH record says CREATE, without cutting it into
// fields: nearly all say NORMAL.
func (rd *reading) makesFiles() bool {
	for i := range rd.g.recs {
		r := &rd.g.recs[i]
		switch {
		case !r.is(typePath):
		case r.stencil != nil:
			if r.stencil.creates {
				return true
			}
		case r.form == readForm || bytes.Contains(rd.g.text(r.body), markCreate):
			return true
		}
	}
	return false
}

var markCreate = []byte("nametype=CREATE")

// started reports whether the event is the start of a program: an exec that
// succeeded, or the arguments of one whose SYSCALL record is missing.
func (rd *reading) started() bool {
	if rd.sys == nil {
		return rd.g.record(typeExecve) != nil
	}
	return isExec(rd.syscall) && string(rd.g.value(rd.sys, idSuccess)) == "yes"
}
