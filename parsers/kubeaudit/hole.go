package kubeaudit

import (
	"bytes"
	"slices"

	"tideline/parsers/internal/cheapjson"
)

// A hole is a place in a stencil where records differ.
type hole uint8

// What stands in the holes, in the order in which API servers write it. That of
// a string is without its quotes.
const (
	holeID       hole = iota // auditID
	holeSegment              // of the path of requestURI: the object's name
	holeQuery                // of requestURI: what follows the question mark
	holeToken                // the id of a service account token, behind tokenMark
	holeName                 // objectRef.name; where there is a holeSegment, the same
	holeUID                  // objectRef.uid
	holeVersion              // objectRef.resourceVersion
	holeRequest              // requestObject
	holeResponse             // responseObject
	holeReceived             // requestReceivedTimestamp
	holeStaged               // stageTimestamp
	holeStamp                // timestamp, beside requestReceivedTimestamp
	holeShipped              // @timestamp, a value of any type
	holeDate                 // date, the same
	holeKinds
)

// Holes is a set of holes, as bits.
type holes uint16

const (
	everyHole = holes(1<<holeKinds - 1)
	twoBodies = holes(1<<holeRequest | 1<<holeResponse)
	theName   = holes(1<<holeSegment | 1<<holeName)
	looseOnes = holes(1<<holeName | 1<<holeToken) // what stands in them is part of the facts
)

func (s holes) has(h hole) bool { return s>>h&1 != 0 }

// end is the position behind what stands in a hole that begins at i; -1: it does
// not belong there.
func (h hole) end(data []byte, i int) int {
	switch h {
	case holeRequest, holeResponse, holeShipped, holeDate:
		return cheapjson.EndOfRaw(data, i)
	case holeQuery:
		return cheapjson.EndOfEscaped(data, i)
	case holeSegment:
		return endOfSegment(data, i)
	case holeName:
		if i < len(data) && data[i] == '"' {
			return -1 // whether there is a name matters
		}
	}
	return cheapjson.EndOfText(data, i)
}

// endOfSegment is the position behind a segment of a path; -1: that does not end
// within what a name may be long.
func endOfSegment(data []byte, i int) int {
	for n, c := range data[i:min(i+maxObjectName+1, len(data))] {
		if c == '/' || c == '?' || c == '"' {
			return i + n
		}
	}
	return -1
}

// maxObjectName is how long the name of an object may be in bytes (a DNS subdomain,
// RFC 1123).
const maxObjectName = 253

// segmentOf is where a segment of a path is the name of an object; -1: nowhere.
func segmentOf(path, name []byte) int {
	for end := len(path); len(name) > 0 && end > len(name); end-- {
		if at := end - len(name); end == len(path) && path[at-1] == '/' && string(path[at:]) == string(name) {
			return at // as most paths end
		}
		at := bytes.LastIndex(path[:end], name)
		if at <= 0 {
			return -1
		}
		end = at + len(name)
		if path[at-1] == '/' && (end == len(path) || path[end] == '/') {
			return at
		}
	}
	return -1
}

// seenBy is the holes that a field sees into, if there are any, whatever the event.
func seenBy(field string) holes {
	name := canonical(field)
	switch {
	case isCloudField(field), name == "operationName":
		return 0 // of entries, whose fields say themselves that they look; of Azure's there is no hole in it
	case name == "requestURI", name == "k8s.cmd":
		return 1<<holeQuery | 1<<holeSegment
	case name == "k8s.path", name == "k8s.kubeletPod":
		return 1 << holeSegment
	case name == "objectRef.name":
		return theName
	case name == credentialID:
		return 1 << holeToken
	case name == "auditID":
		return 1 << holeID
	case name == "requestReceivedTimestamp":
		return 1 << holeReceived
	case name == "stageTimestamp":
		return 1 << holeStaged
	case name == "timestamp":
		return 1 << holeStamp
	case bodyOf(name) == slotRequest:
		return 1 << holeRequest
	case bodyOf(name) == slotResponse:
		return 1 << holeResponse
	case name == "k8s.ok", name == "k8s.actor", name == "k8s.onBehalf", name == "k8s.ownNamespace", name == "k8s.ownName", name == "k8s.src_public", name == "k8s.scope":
		return 0
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

// The extra attribute of a user that tells his tokens apart, and how it begins: it
// is the JWT ID (Kubernetes, KEP-4193). Tokens of pods are renewed every hour.
const credentialID = "user.extra.authentication.kubernetes.io/credential-id"

var tokenMark = []byte(`"JTI=`)

// A gap is a hole in one record.
type gap struct {
	hole
	from, to int
}

// gaps appends to out[:0] the holes of a record that the cheap pass has read, in the
// order of where they are; none if it cannot have a stencil.
func (r *record) gaps(out []gap) []gap {
	id, received, staged := r.text(slotAuditID), r.text(slotReceived), r.text(slotStageTime)
	if _, ok := stamp(received); !ok || len(id) == 0 || len(staged) == 0 {
		return out[:0]
	}
	f := finder{data: r.data, out: out[:0]}
	f.add(holeID, id)
	path, query, _ := bytes.Cut(r.head.Spelled(slotURI), []byte("?"))
	name := r.text(slotName)
	if commands := r.is(slotSubresource, "exec") || r.is(slotSubresource, "proxy"); !commands && len(name) <= maxObjectName {
		if at := segmentOf(path, name); at >= 0 && bytes.IndexByte(name, '/') < 0 {
			f.add(holeSegment, path[at:at+len(name)])
		}
		f.add(holeQuery, query)
	}
	segment := slices.ContainsFunc(f.out, func(g gap) bool { return g.hole == holeSegment })
	if token, ok := bytes.CutPrefix(r.first(slotCredential), tokenMark[1:]); ok {
		f.add(holeToken, token)
	}
	if segment || !bytes.Contains(path, name) {
		f.add(holeName, name)
	}
	f.add(holeUID, unquoted(r.text(slotObjectUID)))
	f.add(holeVersion, unquoted(r.text(slotObjectVersion)))
	f.bodies(r.text(slotRequest), r.text(slotResponse))
	f.add(holeReceived, received)
	f.add(holeStaged, staged)
	f.add(holeStamp, r.text(slotTimestamp))
	f.add(holeShipped, r.text(slotShipped))
	f.add(holeDate, r.text(slotDate))
	if f.lost {
		return out[:0]
	}
	slices.SortFunc(f.out, func(a, b gap) int { return a.from - b.from })
	return f.out
}

// A finder finds where in data its parts lie: one behind the other as API servers
// write them, or in any order.
type finder struct {
	data []byte
	at   int // behind the last one
	out  []gap
	lost bool // a part is none
}

func (f *finder) add(h hole, part []byte) {
	if len(part) == 0 {
		return
	}
	for n := range f.data {
		i := f.at + n
		if i >= len(f.data) {
			i -= len(f.data)
		}
		if &f.data[i] == &part[0] {
			f.at = i + len(part)
			f.out = append(f.out, gap{h, i, f.at})
			return
		}
	}
	f.lost = true
}

// bodies adds what was asked and what was answered. The other way round nobody is known
// to write them: see fitting.end.
func (f *finder) bodies(request, response []byte) {
	f.add(holeRequest, request)
	asked := f.at
	f.add(holeResponse, response)
	f.lost = f.lost || len(request) > 0 && len(response) > 0 && f.at < asked
}

// unquoted takes the quotes off a string of plain text; nil if raw is none.
func unquoted(raw []byte) []byte {
	if len(raw) < 2 || raw[0] != '"' || cheapjson.EndOfText(raw, 1) != len(raw)-1 {
		return nil
	}
	return raw[1 : len(raw)-1]
}
