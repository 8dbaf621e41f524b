package kubeaudit

import (
	"strings"

	"tideline/parsers/internal/cheapjson"
)

// A bodySchema is the fields of one body that rules ask for. Walking a body for
// them takes a tenth of the time of parsing the event, and most bodies that are
// asked have none of them, or one that is plain text.
type bodySchema struct {
	slot   int // of the body in the head
	fields []cheapjson.Field
	slots  map[string]int // by field name
	schema *cheapjson.Schema
}

// maxBodyFields is how many fields of a body have a slot.
const maxBodyFields = 60

// compileBodies makes the schemas of the fields that names ask for.
func compileBodies(names []string) [2]*bodySchema {
	out := [...]*bodySchema{{slot: slotRequest, slots: map[string]int{}}, {slot: slotResponse, slots: map[string]int{}}}
	for _, name := range names {
		name = canonical(name)
		for _, b := range out {
			if bodyOf(name) == b.slot {
				b.add(name)
			}
		}
	}
	for _, b := range out {
		b.schema = cheapjson.Compile(b.fields...)
	}
	return out
}

// add gives a field a slot, unless it lies below another, or another below it.
func (b *bodySchema) add(name string) {
	_, path, _ := strings.Cut(name, ".")
	if _, twice := b.slots[name]; twice || len(b.fields) == maxBodyFields || strings.Contains("."+path+".", "..") {
		return
	}
	for _, f := range b.fields {
		other := strings.Join(f.Keys, ".")
		if below(path, other) || below(other, path) {
			return
		}
	}
	b.slots[name] = len(b.fields)
	b.fields = append(b.fields, cheapjson.Field{Type: cheapjson.Raw, Slot: len(b.fields), Keys: strings.Split(path, ".")})
}

// A bodyWalk is what a walk of the body of the event at hand found.
type bodyWalk struct {
	*bodySchema
	done, ok bool
	found    cheapjson.Record
}

// walkBody walks a body, once per event. It reports whether what it found is
// sure.
func (r *record) walkBody(w *bodyWalk) bool {
	if !w.done {
		w.done = true
		w.ok = r.cheap && r.doc == nil && !r.head.Stranger() && w.schema.Walk(r.head.Text(w.slot), &w.found)
	}
	return w.ok
}

// compileBodyPath is the accessor of a field that may have a slot in a body.
func (p *plan) compileBodyPath(name string) accessor {
	slow := bodyPath(name)
	for i, body := range p.bodies {
		slot, ok := body.slots[name]
		if !ok {
			continue
		}
		return func(r *record, dst [][]byte) [][]byte {
			w := &r.walks[i]
			if !r.head.Has(w.slot) || !r.walkBody(w) {
				return slow(r, dst)
			}
			if !w.found.Has(slot) {
				return dst
			}
			if text, ok := plainString(w.found.Text(slot)); ok {
				return append(dst, text)
			}
			return slow(r, dst)
		}
	}
	return slow
}

// plainString takes the quotes off a string of ASCII text without escapes.
func plainString(raw []byte) ([]byte, bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return nil, false
	}
	text := raw[1 : len(raw)-1 : len(raw)-1]
	for _, c := range text {
		if c < ' ' || c == '\\' || c >= 0x80 {
			return nil, false
		}
	}
	return text, true
}
