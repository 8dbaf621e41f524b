package kubeaudit

import (
	"bytes"

	"tideline/parsers/internal/cheapjson"
)

// A hole is a place in a stencil where records differ.
type hole uint8

// What stands in the holes, in the order in which API servers write it. That of
// a string is without its quotes.
const (
	holeID       hole = iota // auditID
	holeQuery                // of requestURI: what follows the question mark
	holeName                 // objectRef.name, where the URI does not have it
	holeUID                  // objectRef.uid
	holeVersion              // objectRef.resourceVersion
	holeRequest              // requestObject
	holeResponse             // responseObject
	holeReceived             // requestReceivedTimestamp
	holeStaged               // stageTimestamp
	holeKinds
)

// Holes is a set of holes, as bits.
type holes uint16

const (
	everyHole = holes(1<<holeKinds - 1)
	twoBodies = holes(1<<holeRequest | 1<<holeResponse)
)

func (s holes) has(h hole) bool { return s>>h&1 != 0 }

// end is the position behind what stands in a hole that begins at i; -1: it does
// not belong there.
func (h hole) end(data []byte, i int) int {
	switch h {
	case holeRequest, holeResponse:
		return cheapjson.EndOfRaw(data, i)
	case holeQuery:
		return cheapjson.EndOfEscaped(data, i)
	}
	return cheapjson.EndOfText(data, i)
}

// seenBy is the holes that a field sees into, if there are any, whatever the event.
func seenBy(field string) holes {
	name := canonical(field)
	switch {
	case isCloudField(field), name == "operationName":
		return 0 // of what comes out of a cloud there are no stencils
	case name == "requestURI", name == "k8s.cmd":
		return 1 << holeQuery
	case name == "objectRef.name", name == "k8s.scope":
		return 1 << holeName
	case name == "auditID":
		return 1 << holeID
	case name == "requestReceivedTimestamp":
		return 1 << holeReceived
	case name == "stageTimestamp":
		return 1 << holeStaged
	case bodyOf(name) == slotRequest:
		return 1 << holeRequest
	case bodyOf(name) == slotResponse:
		return 1 << holeResponse
	case name == "k8s.ok", name == "k8s.actor", name == "k8s.src_public", name == "k8s.path":
		return 0 // the path ends where the query begins
	}
	switch _, ok := derived[name]; {
	case below(name, "k8s.pod"), below(name, "k8s.role"), below(name, "k8s.csr"):
		return 0 // of most events they look into no body: they say themselves when they do
	case ok:
		return twoBodies
	}
	if _, ok := byHeadName[name]; ok {
		return 0
	}
	return everyHole
}

// A gap is a hole in one record.
type gap struct {
	hole
	from, to int
}

// gaps appends to out[:0] the holes of a record that the cheap pass has read, in
// order; none if it cannot have a stencil.
func (r *record) gaps(out []gap) []gap {
	id, received, staged := r.text(slotAuditID), r.text(slotReceived), r.text(slotStageTime)
	if _, ok := stamp(received); !ok || len(id) == 0 || len(staged) == 0 {
		return out[:0]
	}
	f := finder{data: r.data, out: out[:0]}
	f.add(holeID, id)
	uri := r.head.Spelled(slotURI)
	if at := bytes.IndexByte(uri, '?'); at >= 0 && !r.head.Has(slotSubresource) {
		f.add(holeQuery, uri[at+1:])
	}
	if name := r.text(slotName); len(name) > 0 && !bytes.Contains(uri, name) {
		f.add(holeName, name)
	}
	f.add(holeUID, unquoted(r.text(slotObjectUID)))
	f.add(holeVersion, unquoted(r.text(slotObjectVersion)))
	f.add(holeRequest, r.text(slotRequest))
	f.add(holeResponse, r.text(slotResponse))
	f.add(holeReceived, received)
	f.add(holeStaged, staged)
	if f.lost {
		return out[:0]
	}
	return f.out
}

// A finder finds where in data its parts lie, one behind the other.
type finder struct {
	data []byte
	at   int // behind the last one
	out  []gap
	lost bool // they stand in another order than API servers write, or are no parts
}

func (f *finder) add(h hole, part []byte) {
	if len(part) == 0 {
		return
	}
	for i := f.at; i < len(f.data); i++ {
		if &f.data[i] == &part[0] {
			f.at = i + len(part)
			f.out = append(f.out, gap{h, i, f.at})
			return
		}
	}
	f.lost = true
}

// unquoted takes the quotes off a string of plain text; nil if raw is none.
func unquoted(raw []byte) []byte {
	if len(raw) < 2 || raw[0] != '"' || cheapjson.EndOfText(raw, 1) != len(raw)-1 {
		return nil
	}
	return raw[1 : len(raw)-1]
}
