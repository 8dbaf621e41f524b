package auditd

import (
	"bytes"
	"strconv"
	"time"

	"tideline/parsers"
	"tideline/parsers/internal/jsonfields"
	"tideline/parsers/internal/words"
)

// sniffJSON recognises the JSON forms by the keys that nothing else has.
// jsonKeys are keys of which each of the forms has one.
var jsonKeys = words.New(`"ID"`, `"messages"`, `"auditd`, `"_AUDIT_TYPE"`, `"_AUDIT_ID"`, `"full_log"`, `"columns"`, `"snapshot"`, `"diffResults"`)

func sniffJSON(text []byte) parsers.Confidence {
	switch {
	case !jsonKeys.In(text):
		return parsers.No
	case laurelID(text):
		return parsers.Certain
	case hasKey(text, "sequence") && hasKey(text, "timestamp") && hasKey(text, "messages"):
		return parsers.Certain
	case beatsKey(text), hasKey(text, "_AUDIT_TYPE"), hasKey(text, "_AUDIT_ID"), wazuhLog(text):
		return parsers.Certain
	case osqueryTable(text) != "":
		return parsers.Likely
	}
	return parsers.No
}

// beatsKey reports whether a JSON text has the key under which beats put what they
// read, also with that of a member behind a dot.
func beatsKey(text []byte) bool {
	const mark = `"auditd`
	for {
		i := bytes.Index(text, []byte(mark))
		if i < 0 {
			return false
		}
		text = text[i+len(mark):]
		for _, rest := range []string{`"`, `.message_type"`, `.log.record_type"`} {
			if after, ok := bytes.CutPrefix(text, []byte(rest)); ok && bytes.HasPrefix(bytes.TrimLeft(after, " \t\r\n"), []byte{':'}) {
				return true
			}
		}
	}
}

// hasKey reports whether a JSON text has a key, white space or not.
func hasKey(text []byte, key string) bool {
	_, ok := afterKey(text, key)
	return ok
}

// afterKey returns what stands behind the colon of a key.
func afterKey(text []byte, key string) ([]byte, bool) {
	for {
		i := bytes.Index(text, []byte(key))
		if i < 0 {
			return nil, false
		}
		before, rest := text[:i], text[i+len(key):]
		text = rest
		if !bytes.HasSuffix(before, []byte{'"'}) || !bytes.HasPrefix(rest, []byte{'"'}) {
			continue
		}
		rest = bytes.TrimLeft(rest[1:], " \t\r\n")
		if bytes.HasPrefix(rest, []byte{':'}) {
			return bytes.TrimLeft(rest[1:], " \t\r\n"), true
		}
	}
}

// laurelID looks for "ID":"1740823200.123:42".
func laurelID(text []byte) bool {
	rest, ok := afterKey(text, "ID")
	if !ok || len(rest) < 2 || rest[0] != '"' {
		return false
	}
	id, _, ok := bytes.Cut(rest[1:min(len(rest), 64)], []byte{'"'})
	st, _ := parseStamp(id)
	return ok && st.has == hasTime|hasSerial
}

// decodeJSON reads a record of one of the JSON forms.
func (d *decoder) decodeJSON(rec *parsers.Record, emit func(*parsers.Event) error) error {
	if sniffJSON(rec.Data) == parsers.No {
		return parsers.ErrForeign
	}
	doc, err := d.json.Parse(rec.Data)
	top := doc.Root()
	read := formOf(top)
	if read == nil {
		if err != nil {
			return &parsers.RecordError{Code: "audit.bad_json", Reason: "not readable as JSON", Err: err}
		}
		return parsers.ErrForeign
	}
	b := builder{d: d, rec: rec, emit: emit, top: top}
	if failed := read(&b); failed != nil {
		return failed
	}
	if b.g != nil {
		b.close()
	}
	if err != nil {
		return &parsers.RecordError{Code: "audit.bad_json", Kept: b.g != nil, Reason: "the record's end is missing or damaged; what stood before it was read", Err: err}
	}
	if b.g == nil {
		return parsers.ErrForeign
	}
	return d.note()
}

// formOf finds the reader of a JSON record; nil if it is none of the forms.
func formOf(top jsonfields.Value) func(*builder) error {
	switch {
	case top.Get("_AUDIT_TYPE").Kind() != jsonfields.Absent:
		return readJournal
	case top.Get("messages").Kind() == jsonfields.Array && top.Get("sequence").Kind() != jsonfields.Absent:
		return readGoAudit
	case top.Get("ID").Kind() == jsonfields.String:
		return readLaurel
	case top.Get("auditd").Kind() == jsonfields.Object, top.Get("auditd.message_type").Kind() != jsonfields.Absent, top.Get("auditd.log.record_type").Kind() != jsonfields.Absent:
		return readAuditbeat
	case top.Get("full_log").Kind() == jsonfields.String:
		return readWazuh
	case top.Get("columns").Kind() == jsonfields.Object, top.Get("snapshot").Kind() == jsonfields.Array, top.Get("diffResults").Kind() == jsonfields.Object:
		return readOsquery
	}
	return nil
}

// A builder turns one JSON record into the records of an event. The bytes of
// the JSON parser are copied: they are gone with the next record.
type builder struct {
	d    *decoder
	rec  *parsers.Record
	emit func(*parsers.Event) error
	top  jsonfields.Value
	g    *group
	size int // of g before
}

// open begins the event, or continues it if join is set and it is open.
func (b *builder) open(s stamp, node []byte, join bool) error {
	if s.has&hasTime == 0 && !b.rec.Origin.Time.IsZero() {
		s.set(b.rec.Origin.Time)
	}
	if join {
		b.g = b.d.window.find(s, node)
	}
	if b.g != nil && b.g.tooLong(b.rec) {
		b.d.tell(noteLong)
		b.g = nil
	}
	if b.g == nil {
		if err := b.d.makeRoom(b.emit); err != nil {
			return err
		}
		b.g = b.d.begin(s, b.rec)
	}
	b.size = len(b.g.buf)
	b.g.addRaw(b.rec)
	if b.g.node.len() == 0 && len(node) > 0 {
		b.g.node = b.g.keep(node)
	}
	return nil
}

// close counts the bytes of the event. An event needs a record.
func (b *builder) close() {
	if len(b.g.recs) == 0 {
		b.record([]byte("UNKNOWN"))
	}
	b.d.window.counts(b.g, len(b.g.buf)-b.size)
}

// record adds a record whose fields follow.
func (b *builder) record(kind []byte) *record {
	r := record{raw: int32(len(b.g.raws) - 1), form: readForm, first: int32(len(b.g.fields)), last: int32(len(b.g.fields))}
	r.number, r.kind = lookupType(kind)
	r.name = b.g.keep(kind)
	b.g.recs = append(b.g.recs, r)
	return &b.g.recs[len(b.g.recs)-1]
}

// raw adds a record whose body is as auditd writes it.
func (b *builder) raw(kind, body []byte) {
	r := b.record(kind)
	r.form, r.body, r.first = rawForm, b.g.keep(body), -1
}

// set adds a field to the last record.
func (b *builder) set(name string, value []byte) {
	g := b.g
	if !g.hasRoom() {
		return
	}
	r := &g.recs[len(g.recs)-1]
	f := field{name: g.keep([]byte(name)), value: g.keep(value), how: plain}
	f.id = b.d.rd.names.id([]byte(name))
	g.fields = append(g.fields, f)
	r.last = int32(len(g.fields))
}

// some is set for a value that is there.
func (b *builder) some(name string, v jsonfields.Value) {
	switch v.Kind() {
	case jsonfields.Absent, jsonfields.Null, jsonfields.Object:
	case jsonfields.Array:
		for m := range v.Items {
			b.some(name, m)
		}
	default:
		b.set(name, v.Text())
	}
}

// arguments adds a list as a0, a1, ...
func (b *builder) arguments(args [][]byte) {
	for i, a := range args {
		b.set("a"+strconv.Itoa(i), a)
	}
}

func texts(v jsonfields.Value) (out [][]byte) {
	for m := range v.Items {
		out = append(out, bytes.Clone(m.Text()))
	}
	return out
}

// unixStamp reads seconds, milliseconds or microseconds since 1970 by unit.
func unixStamp(text []byte, unit time.Duration) (s stamp) {
	if n, ok := decimal(text); ok && n < 1<<53 {
		perSecond := uint64(time.Second / unit)
		s.set(time.Unix(int64(n/perSecond), int64(n%perSecond*uint64(unit))))
	}
	return s
}

// textStamp reads RFC 3339.
func textStamp(text []byte) (s stamp) {
	if t, err := time.Parse(time.RFC3339Nano, string(text)); err == nil {
		s.set(t)
	}
	return s
}

// withSerial adds a serial number.
func (s stamp) withSerial(text []byte) stamp {
	if n, ok := decimal(text); ok {
		s.serial = n
		s.has |= hasSerial
	}
	return s
}
