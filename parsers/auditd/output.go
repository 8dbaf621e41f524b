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

// An output is the event that is handed out, and its memory.
type output struct {
	ev      parsers.Event
	records []recordView
	events  []eventView
}

// build makes an event of a reading. It is good until the next build.
func (o *output) build(rd *reading, columns []column) *parsers.Event {
	g := rd.g
	ev := &o.ev
	*ev = parsers.Event{Time: g.stamp.time(), Pos: ev.Pos[:0], Raw: ev.Raw[:0], Origin: g.origin, Views: ev.Views[:0],
		Facts: parsers.Facts{Details: ev.Facts.Details[:0], Addresses: ev.Facts.Addresses[:0]}}
	for i := range g.raws {
		ev.Pos = append(ev.Pos, g.raws[i].pos)
		ev.Raw = append(ev.Raw, g.text(g.raws[i].text))
	}
	ev.Decisive = rd.decisive()
	rd.fillOrigin(&ev.Origin)
	rd.fillFacts(&ev.Facts)
	o.recordViews(rd, columns)
	o.eventViews(rd, columns)
	for i := range o.records {
		ev.Views = append(ev.Views, parsers.View{Kind: kindRecord, Fields: &o.records[i]})
	}
	for i := range o.events {
		ev.Views = append(ev.Views, parsers.View{Kind: o.events[i].kind, Fields: &o.events[i]})
	}
	return ev
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
		o.Host = string(n)
	}
	if id := rd.lineage.container; len(id) > 0 && o.ID == "" {
		o.ID = string(id)
	}
	for _, part := range []struct {
		id nameID
		to *string
	}{{idContainerName, &o.Name}, {idContainerImage, &o.Image}, {idContainerPod, &o.Pod}, {idContainerNS, &o.Namespace}} {
		if rd.lineage.inside && *part.to == "" {
			if v := rd.sysValue(part.id); len(v) > 0 {
				*part.to = string(v)
			}
		}
	}
}

func (o *output) recordViews(rd *reading, columns []column) {
	o.records = o.records[:0]
	for i := range rd.g.recs {
		o.records = append(o.records, recordView{rd, columns, &rd.g.recs[i]})
	}
}

func (o *output) eventViews(rd *reading, columns []column) {
	o.events = o.events[:0]
	view := func(kind int, path []byte) {
		o.events = append(o.events, eventView{rd: rd, columns: columns, kind: kind, path: path})
	}
	if rd.started() {
		view(kindProcess, nil)
	}
	if rd.makesFiles() {
		for _, p := range rd.pathItems() {
			if string(p.nametype) == "CREATE" && p.absolute != nil {
				view(kindFile, p.absolute)
			}
		}
	}
	if rd.syscall == "connect" && rd.socket().inet() {
		view(kindNetwork, nil)
	}
	view(kindEvent, nil)
}

// makesFiles reports whether a PATH record says CREATE, without cutting it into
// fields: nearly all say NORMAL.
func (rd *reading) makesFiles() bool {
	for i := range rd.g.recs {
		r := &rd.g.recs[i]
		if r.is(typePath) && (r.form == readForm || bytes.Contains(rd.g.text(r.body), markCreate)) {
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
