package auditd

import (
	"bytes"

	"tideline/parsers"
)

// A line may hold more than one record. Wazuh reads audit.log event by event: what it
// keeps, in archives.log, alerts.json or archives.json, are the records of an event in
// one line, parted by blanks; shippers that know when an event ends make one message of
// it, in which they are parted by newlines.
//
//	type=SYSCALL msg=audit(1.5:9): arch=c000003e ... type=EXECVE msg=audit(1.5:9): argc=3 ...
//
// And a line that was not written to its end, because the disk was full or the machine
// went down, is followed by the next record in the same line.
//
//	type=SYSCALL msg=audit(1.5:9): arch=c000003e sysctype=SYSCALL msg=audit(2.5:1): arch= ...
//
// Nothing that a process chooses looks so: the kernel writes what has a blank in it as
// a code, without quotes. What user space puts between msg=' and its end is not cut, and
// neither is what stands behind that, because nothing but an apostrophe ends it; but it
// is told.

var (
	markNext   = []byte(" msg=audit(")
	markNested = []byte(" msg='")
)

// errBroken tells of a record whose end is not there.
var errBroken = &parsers.RecordError{Code: "line.broken", Kept: true,
	Reason: "an audit record breaks off where the next one begins; both were read, as far as they go"}

// errNested tells of what may be another record, and is not taken for one.
var errNested = &parsers.RecordError{Code: "audit.nested_record", Kept: true,
	Reason: "in what a program reported, or behind it in the same line, stands what looks like another audit record; it was not taken for one",
	Lift:   "look at the record: if a newline is missing before type=, put it there and scan again"}

// nextRecord finds where another record begins in a body: at is -1 if none does. same:
// it has the stamp of the record that the body is of. nested: there is one of which that
// cannot be known.
func nextRecord(body, stamp []byte) (at int, same, nested bool) {
	for from := 0; ; {
		n := bytes.Index(body[from:], markNext)
		if n < 0 {
			return -1, false, nested
		}
		msg := from + n
		from = msg + len(markNext)
		start := typeStart(body, msg)
		if start <= 0 {
			continue
		}
		if rest := body[from:]; len(stamp) > 0 && len(rest) > len(stamp) && string(rest[:len(stamp)]) == string(stamp) && rest[len(stamp)] == ')' {
			return start, true, false
		}
		if _, ok := new(recordStamp).plain(body[from:]); ok {
			if nested = bytes.Contains(body[:start], markNested); !nested {
				return start, false, false
			}
		}
	}
}

// recordStamp is stamp, where that is the name of a text.
type recordStamp = stamp

// typeStart is where the "type=" stands of which the type ends at end, or the "node="
// before it; -1 if there is none.
func typeStart(body []byte, end int) int {
	start := end
	for start > 0 && isTypeByte(body[start-1]) {
		start--
	}
	if number, _ := lookupType(body[start:end]); number == 0 || !bytes.HasSuffix(body[:start], markType) {
		return -1
	}
	start -= len(markType)
	if before := body[:start]; bytes.HasSuffix(before, []byte(" ")) {
		if node := bytes.LastIndex(before, markNode); node >= 0 && bytes.IndexByte(before[node:len(before)-1], ' ') < 0 {
			return node
		}
	}
	return start
}

func isTypeByte(c byte) bool {
	return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '[' || c == ']'
}

// addMany adds a line to g that holds more than one record; false, and nothing was
// done, if it is no such line. Of records of another event only the first is added,
// and d.behind is set to what stands behind it.
func (d *decoder) addMany(g *group, rec *parsers.Record, h *header) bool {
	if h.interpreted {
		return false
	}
	body, spelled := h.body, h.spelled
	if spelled != nil {
		h.body, h.spelled = spelled, nil // what else stands in the line is told by where
	}
	at, same, nested := nextRecord(h.body, d.stamp.text[:d.stamp.n])
	switch {
	case at < 0:
		h.body, h.spelled = body, spelled
		if nested {
			d.tell(errNested)
		}
		return false
	case same:
		d.addJoined(g, rec, h, at)
		return true
	}
	first := *rec
	first.Data = d.cut(rec, h.body, at)
	if sameMemory(rec.Raw, rec.Data) {
		first.Raw, first.Pos.Length = first.Data, int64(len(first.Data))
	}
	head := *h
	head.body = bytes.TrimRight(h.body[:at], "\x00")
	var kind typeName
	kind.number, kind.name = d.types.lookup(h.kind)
	g.addLine(&first, &head, kind)
	return true
}

// isBetween reports whether c may stand between two records of a line.
func isBetween(c byte) bool { return c == ' ' || c == '\n' }

// cut puts off what stands in rec from at on, which counts from the beginning of
// body, and returns what stands before it.
func (d *decoder) cut(rec *parsers.Record, body []byte, at int) (before []byte) {
	if !isBetween(body[at-1]) {
		d.tell(errBroken)
	}
	n := cap(rec.Data) - cap(body) + at // its place in the record
	d.behind = *rec
	d.behind.Data = rec.Data[n:]
	if sameMemory(rec.Raw, rec.Data) {
		d.behind.Raw = d.behind.Data
		d.behind.Pos.Offset, d.behind.Pos.Length = rec.Pos.Offset+int64(n), rec.Pos.Length-int64(n)
	}
	return rec.Data[:n]
}

// addJoined adds the records of a line that are of one event; at is where the second
// begins in the body of the first. What stands behind them, or for which the event
// has no room, is put off.
func (d *decoder) addJoined(g *group, rec *parsers.Record, h *header, at int) {
	stamp := d.stamp.text[:d.stamp.n]
	data := g.addRaw(rec)
	if g.node.len() == 0 && len(h.node) > 0 {
		g.node = within(data, rec.Data, h.node)
	}
	for one, same, ok := *h, true, true; ok; {
		r := record{raw: int32(len(g.raws) - 1), first: -1, name: within(data, rec.Data, one.kind), body: within(data, rec.Data, one.body)}
		r.number, r.kind = d.types.lookup(one.kind)
		if at >= 0 {
			if c := one.body[at-1]; same && !isBetween(c) && c != '\r' {
				d.tell(errBroken)
			}
			r.body.end = r.body.at + uint32(at)
			for r.body.end > r.body.at && (one.body[r.body.end-r.body.at-1] == '\n' || one.body[r.body.end-r.body.at-1] == '\r') {
				r.body.end-- // it would be taken for a part of the last value
			}
		}
		g.recs = append(g.recs, r)
		if at >= 0 && (!same || len(g.recs) >= maxEventRecords) {
			d.cut(rec, one.body, at)
			break
		}
		if at < 0 {
			break
		}
		if one, ok = parseHeader(one.body[at:], &d.stamp); ok {
			at, same, _ = nextRecord(one.body, stamp)
		}
	}
}
