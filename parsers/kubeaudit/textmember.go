package kubeaudit

import (
	"bytes"

	"tideline/parsers/internal/jsonfields"
)

// Stores whose columns are texts give the members of an event that are objects or
// lists as text with JSON in it: "user":"{\"username\":...}". No API server writes
// that. Source: Alibaba Cloud's manual of ACK, "Work with cluster auditing", whose
// events in Simple Log Service are of this form.

// textMembers are the members of an event that are objects or lists.
var textMembers = [...]string{"user", "impersonatedUser", "sourceIPs", "objectRef", "responseStatus", "requestObject", "responseObject", "annotations"}

// isTextMember reports whether a member holds what should be an object or a list as
// text. A body may be any text: AKS has a word for one that is too large.
func isTextMember(key []byte, member jsonfields.Value) bool {
	if member.Kind() != jsonfields.String {
		return false
	}
	for _, name := range textMembers {
		if string(key) == name {
			text := bytes.TrimLeft(member.Text(), " \t\r\n")
			return len(text) > 0 && (text[0] == '{' || text[0] == '[')
		}
	}
	return false
}

// spellOut replaces an event that was parsed in full, and has such members, by one in
// which they are what they say, and reports whether it did. All others stay, also those
// that occur twice.
func (d *decoder) spellOut() bool {
	r := &d.r
	first := ""
	for key, member := range r.doc.Root().Members {
		if first == "" && isTextMember(key, member) {
			first = string(key)
		}
	}
	if first == "" {
		return false
	}
	w := writer{buf: d.r.synth[:0]}
	w.open('{')
	for key, member := range r.doc.Root().Members {
		value := member.Text()
		switch member.Kind() {
		case jsonfields.String:
			if !isTextMember(key, member) || !d.isJSON(value) {
				w.key(string(key))
				w.value(string(value))
				continue
			}
		case jsonfields.Null:
			value = []byte("null")
		}
		w.raw(string(key), value)
	}
	w.close('}')
	d.r.synth = w.buf
	short, damage := r.short, r.damage
	r.reset(d.r.synth)
	r.readFull()
	r.short = short
	if damage != nil {
		r.damage = damage
	}
	r.mismatch = first
	return true
}

// isJSON reports whether text is one JSON value and nothing else.
func (d *decoder) isJSON(text []byte) bool {
	doc, err := d.outer.Parse(text)
	return err == nil && len(bytes.TrimSpace(text[doc.End():])) == 0
}
