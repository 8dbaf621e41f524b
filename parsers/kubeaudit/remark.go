package kubeaudit

import (
	"bytes"
	"fmt"

	"tideline/parsers"
	"tideline/parsers/internal/jsonfields"
)

// remark is what has to be said of an event after it was emitted, the gravest
// first, or nil. It asks what was parsed; a body that nobody looked at was not.
func (d *decoder) remark() error {
	r := &d.r
	if r.doc != nil {
		if err := d.parseRemark(); err != nil {
			return err
		}
	}
	if r.is(slotTruncated, "true") {
		return &parsers.RecordError{Code: "source.truncated", Note: true, Kept: true,
			Reason: "the API server left request and response out of an event that was too large (annotation audit.k8s.io/truncated)",
			Lift:   "raise --audit-log-truncate-max-event-size"}
	}
	return nil
}

func (d *decoder) parseRemark() error {
	r := &d.r
	if r.damage != nil {
		return &parsers.RecordError{Code: d.damageCode(), Kept: true, Reason: "the event was kept as far as it could be read: " + d.damageReason()}
	}
	if err := docRemark(r.doc); err != nil {
		return err
	}
	if !r.deep {
		return nil
	}
	if key := caseVariant(r.doc.Root()); key != nil {
		return note("json.case_key", "the key %.100q differs from one of an audit event in case only; it was not read as such", key)
	}
	if r.mismatch != "" {
		return note("json.type_mismatch", "the value of %.100q has another type than in an audit event", r.mismatch)
	}
	if odd := r.doc.Lenient(); odd != "" {
		return note("json.lenient", "not JSON by RFC 8259, but readable: %s", odd)
	}
	return nil
}

// docRemark is what has to be said of any JSON that was parsed in full.
func docRemark(doc *jsonfields.Doc) error {
	switch key, twice := doc.Duplicate(); {
	case doc.Dropped():
		return &parsers.RecordError{Code: "json.values", Kept: true,
			Reason: fmt.Sprintf("more than %d values in one event: its outermost members were read, the rest in part", jsonfields.MaxValues)}
	case doc.Deep():
		return &parsers.RecordError{Code: "json.depth", Kept: true,
			Reason: fmt.Sprintf("values nested deeper than %d were not looked at", jsonfields.MaxDepth)}
	case twice:
		return note("json.dup_key", "the key %.100q occurs twice in one object; rules were shown every occurrence", key)
	}
	return nil
}

func note(code, format string, arg any) *parsers.RecordError {
	return &parsers.RecordError{Code: code, Note: true, Kept: true, Reason: fmt.Sprintf(format, arg)}
}

// truncated is what CloudWatch writes at the end of a message it cut.
var truncated = []byte("[Truncated...]")

func (d *decoder) damageCode() string {
	switch {
	case bytes.HasSuffix(bytes.TrimRight(d.rec.Data, " \r\n"), truncated):
		return "source.cut"
	case d.rec.Cut:
		return "line.truncated_tail"
	}
	return "json.damaged"
}

func (d *decoder) damageReason() string {
	if d.r.damage == nil {
		return "its end is missing"
	}
	return d.r.damage.Error()
}
