package auditd

import (
	"encoding/json"
	"fmt"

	"tideline/parsers"
)

// maxPartedBytes is how long an event may be that is read again with records
// from another file. Real ones have a few kilobytes.
const maxPartedBytes = 1 << 20

// A parting finds the events that a rotation may have parted. auditd rotates
// between two records, not between two events, and what is in flight then has
// its end in the next file. Such an event lies among those that were open at
// the end of a stream, or began before any could have been finished, and is not
// whole: the kernel writes SYSCALL (or URINGOP) first or near it and PROCTITLE
// last, behind which user space sees EOE.
type parting struct {
	left   int  // events that have left the window
	ending bool // the stream is at its end: what leaves was open
	again  bool // a parted event is read again: it is not parted any more
	given  *lineage
}

// relate puts what was known of an event when it was first read in the place
// of what its few records tell.
func (p *parting) relate(rd *reading) {
	if p.given != nil {
		rd.lineage = *p.given
	}
}

// of says whether an event may be parted, as it leaves the window.
func (p *parting) of(rd *reading) *parsers.Parted {
	p.left++
	head, tail := p.left <= maxOpen, p.ending
	g := rd.g
	if p.again || !head && !tail || g.size > maxPartedBytes || g.whole() {
		return nil
	}
	out := &parsers.Parted{Head: head, Tail: tail, Key: g.partedKey(), Context: rd.lineage.encode()}
	g.restoreAll()
	for i := range g.raws {
		r := &g.raws[i]
		out.Records = append(out.Records, parsers.Record{Data: g.text(r.data), Raw: g.text(r.text), Pos: g.pos[i], Origin: g.origin})
	}
	return out
}

// partedKey tells the event from all others of a rotation set.
func (g *group) partedKey() []byte {
	return fmt.Appendf(nil, "%d.%09d:%d %s", g.stamp.sec, g.stamp.nsec, g.stamp.serial, g.text(g.node))
}

// whole reports whether no record of the event can be in another file.
func (g *group) whole() bool {
	if g.stamp.has != hasTime|hasSerial {
		return true // nothing would find the others
	}
	if len(g.recs) > len(g.raws) {
		return true // whoever rendered it had all of it
	}
	begun, ended, alone := false, false, true
	for i := range g.recs {
		r := &g.recs[i]
		switch r.number {
		case typeSyscall, typeUringop:
			begun = true
		case typeProctitle, typeEOE:
			ended = true
		}
		alone = alone && r.number.single() && r.form != interpretedForm
	}
	return alone || begun && ended
}

// single reports whether records of a type come alone: those that user space
// writes, and those of kernel parts that have no system call at hand (auparse,
// auparse.c, au_check_events; LOGIN has one).
func (t rectype) single() bool {
	return t == 1005 || typeLogin < t && t < typeSyscall || 1406 <= t && t <= 1419 || t >= 2000
}

// A wireLineage is a lineage as Context has it.
type wireLineage struct {
	Known     bool   `json:"known,omitempty"` // of the parent
	Exe       []byte `json:"exe,omitempty"`
	Line      []byte `json:"line,omitempty"`
	HasLine   bool   `json:"hasLine,omitempty"`
	User      []byte `json:"user,omitempty"`
	Inside    bool   `json:"inside,omitempty"`
	Container []byte `json:"container,omitempty"`
}

// encode is nil for a lineage that says nothing.
func (l *lineage) encode() []byte {
	if l.parent == nil && !l.inside && len(l.container) == 0 {
		return nil
	}
	w := wireLineage{Inside: l.inside, Container: l.container}
	if p := l.parent; p != nil {
		w.Known, w.Exe, w.Line, w.HasLine, w.User = true, p.exe, p.line, p.hasLine, p.user
	}
	b, _ := json.Marshal(w) // bytes and booleans always can be
	return b
}

func decodeLineage(b []byte) (*lineage, error) {
	var w wireLineage
	if err := json.Unmarshal(b, &w); err != nil {
		return nil, fmt.Errorf("auditd: what was known of a parted event: %w", err)
	}
	l := &lineage{inside: w.Inside, container: w.Container}
	if w.Known {
		l.parent = &guise{exe: w.Exe, line: w.Line, hasLine: w.HasLine, user: w.User}
	}
	return l, nil
}

// rejoin implements parsers.Format.Rejoin.
func rejoin(o parsers.Options, parts []parsers.Parted, emit func(*parsers.Event) error) error {
	d := newDecoder(o).(*decoder)
	d.parting.again = true
	d.stencils, d.routines = nil, nil // for one event
	for _, p := range parts {
		if len(p.Context) == 0 || d.parting.given != nil {
			continue
		}
		l, err := decodeLineage(p.Context)
		if err != nil {
			return err
		}
		d.parting.given = l
	}
	// What the decoder remarks on was said when the records were first read.
	refused := error(nil)
	keep := func(ev *parsers.Event) error {
		refused = emit(ev)
		return refused
	}
	for _, p := range parts {
		for i := range p.Records {
			_ = d.Decode(&p.Records[i], keep)
			if refused != nil {
				return refused
			}
		}
	}
	_ = d.Flush(keep)
	return refused
}
