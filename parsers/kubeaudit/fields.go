package kubeaudit

import (
	"bytes"
	"strings"

	"tideline/parsers"
	"tideline/parsers/internal/cheapjson"
)

// An accessor appends the values of one field of the event r holds.
type accessor func(r *record, dst [][]byte) [][]byte

// aliases are names under which public Sigma rules ask for members of the
// event (sigma.md section 4.4: those of SigmaHQ's kubernetes rules, and of
// pySigma's ecs_kubernetes pipeline).
var aliases = map[string]string{
	"apiGroup":     "objectRef.apiGroup",
	"resource":     "objectRef.resource",
	"subresource":  "objectRef.subresource",
	"namespace":    "objectRef.namespace",
	"name":         "objectRef.name",
	"username":     "user.username",
	"hostPath":     "k8s.pod.hostPaths",
	"capabilities": "k8s.pod.caps",
	"privileged":   "k8s.pod.privileged",
}

// canonical takes a field name to the one it stands for.
func canonical(name string) string {
	name = strings.TrimPrefix(name, "kubernetes.audit.")
	// Elastic's ingest pipeline takes the dots out of the keys of annotations.
	name = strings.Replace(name, "annotations.authorization_k8s_io/", "annotations.authorization.k8s.io/", 1)
	if to, ok := aliases[name]; ok {
		return to
	}
	return name
}

// A plan is what the fields that rules ask for come to. Nothing in it changes.
type plan struct {
	fields []accessor // by index into Options.Fields
	sees   []holes    // that each of the fields sees into
	bodies [2]*bodySchema
}

// planOf is the plan of o. Who has many streams to read has it made once.
func planOf(o *parsers.Options) *plan {
	return o.Plan(formatName, func() any { return compile(o.Fields) }).(*plan)
}

func compile(names []string) *plan {
	p := &plan{fields: make([]accessor, len(names)), sees: make([]holes, len(names)), bodies: compileBodies(names)}
	for i, name := range names {
		p.fields[i], p.sees[i] = p.compileField(name), seenBy(name)
	}
	return p
}

func (p *plan) compileField(name string) accessor {
	if a := cloudField(name); a != nil {
		return a
	}
	name = canonical(name)
	if a, ok := derived[name]; ok {
		return a
	}
	i, ok := byHeadName[name]
	if !ok {
		return p.compileBodyPath(name)
	}
	head := &headPaths[i]
	switch head.Slot {
	case slotGroup:
		return func(r *record, dst [][]byte) [][]byte { return r.groupValues(dst, head) }
	case slotCode:
		return func(r *record, dst [][]byte) [][]byte { return r.codeValues(dst, head) }
	}
	return func(r *record, dst [][]byte) [][]byte { return r.headValues(dst, head) }
}

// headValues are the values of a member of the head. Of a head that the cheap
// pass could not read with certainty rules see every occurrence.
func (r *record) headValues(dst [][]byte, h *headPath) [][]byte {
	switch {
	case r.deep:
		return r.full().Values(dst, h.path)
	case h.Type == cheapjson.Texts:
		list := r.head.List(h.Slot)
		if len(list) == 0 && r.head.Has(h.Slot) {
			return append(dst, nil) // as of any array without members
		}
		return append(dst, list...)
	case r.head.Has(h.Slot):
		return append(dst, r.head.Text(h.Slot))
	}
	return dst
}

// groupValues is objectRef.apiGroup, which old events have in the version.
func (r *record) groupValues(dst [][]byte, h *headPath) [][]byte {
	n := len(dst)
	if dst = r.headValues(dst, h); len(dst) == n {
		if g := r.group(); g != nil {
			dst = append(dst, g)
		}
	}
	return dst
}

// codeValues is responseStatus.code, and, as a second value, the decision of
// the authoriser in capitals: a public rule asks for the code ALLOW
// (597a7e84-...), which no API server writes (sigma.md section 4.4).
func (r *record) codeValues(dst [][]byte, h *headPath) [][]byte {
	n := len(dst)
	dst = r.headValues(dst, h)
	for i := range dst[n:] {
		dst[n+i] = whole(dst[n+i])
	}
	switch d := r.text(slotDecision); {
	case bytes.EqualFold(d, []byte("allow")):
		dst = append(dst, textAllow)
	case bytes.EqualFold(d, []byte("forbid")):
		dst = append(dst, textForbid)
	}
	return dst
}

var (
	textAllow  = []byte("ALLOW")
	textForbid = []byte("FORBID")
)

// Values implements parsers.Fields.
func (r *record) Values(dst [][]byte, field int) [][]byte {
	if field < 0 || field >= len(r.fields) {
		return dst
	}
	if r.unread {
		r.read()
	}
	r.seen |= r.sees[field]
	return r.fields[field](r, dst)
}

// Keywords implements parsers.Fields: every value of the record, and the
// decoded command, which is not spelled out in it.
func (r *record) Keywords(dst [][]byte) [][]byte {
	if r.unread {
		r.read()
	}
	r.seen = everyHole
	if r.entry != nil {
		return r.cloudKeys(r.entry.full().Keywords(dst))
	}
	dst = r.full().Keywords(dst)
	if c := r.command(); c != nil {
		dst = append(dst, c)
	}
	return dst
}
