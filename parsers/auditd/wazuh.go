package auditd

import (
	"bytes"

	"tideline/parsers"
)

// Wazuh reads audit.log event by event: what it keeps, in archives.log, alerts.json
// or archives.json, are the records of an event in one line, parted by blanks.
//
//	type=SYSCALL msg=audit(1.5:9): arch=c000003e ... type=EXECVE msg=audit(1.5:9): argc=3 ...

var markNext = []byte(" msg=audit(")

// nextRecord finds where another record of the same stamp begins in a body; -1 if
// there is none. Blanks stand in no value that a record could be forged in: the kernel
// writes such values as a code.
func nextRecord(body, stamp []byte) int {
	for from := 0; ; {
		n := bytes.Index(body[from:], markNext)
		if n < 0 || len(stamp) == 0 {
			return -1
		}
		at := from + n
		from = at + len(markNext)
		if rest := body[from:]; len(rest) <= len(stamp) || string(rest[:len(stamp)]) != string(stamp) || rest[len(stamp)] != ')' {
			continue
		}
		start := bytes.LastIndexByte(body[:at], ' ') + 1
		if !bytes.HasPrefix(body[start:at], markType) || start == 0 {
			continue
		}
		if before := bytes.TrimRight(body[:start], " "); len(before) > 0 {
			if node := bytes.LastIndexByte(before, ' ') + 1; bytes.HasPrefix(before[node:], markNode) {
				return node
			}
		}
		return start
	}
}

// addJoined adds the records of a line that holds several of one event; false, and
// nothing was done, if it is no such line.
func (d *decoder) addJoined(g *group, rec *parsers.Record, h *header) bool {
	stamp := d.stamp.text[:d.stamp.n]
	at := nextRecord(h.body, stamp)
	if at < 0 || h.interpreted {
		return false
	}
	data := g.addRaw(rec)
	if g.node.len() == 0 && len(h.node) > 0 {
		g.node = within(data, rec.Data, h.node)
	}
	for one, ok := *h, true; ok; {
		r := record{raw: int32(len(g.raws) - 1), first: -1, name: within(data, rec.Data, one.kind), body: within(data, rec.Data, one.body)}
		r.number, r.kind = d.types.lookup(one.kind)
		if at >= 0 {
			r.body.end = r.body.at + uint32(at)
		}
		g.recs = append(g.recs, r)
		if at < 0 || len(g.recs) >= maxEventRecords {
			break
		}
		if one, ok = parseHeader(one.body[at:], &d.stamp); ok {
			at = nextRecord(one.body, stamp)
		}
	}
	return true
}

// wazuhLog reports whether a JSON text is what Wazuh keeps of an audit event.
func wazuhLog(text []byte) bool {
	log, ok := afterKey(text, "full_log")
	return ok && bytes.Contains(log[:min(len(log), headLen)], []byte("msg=audit("))
}

// readWazuh reads a line of Wazuh's alerts.json or archives.json.
func readWazuh(b *builder) error {
	line := bytes.Clone(b.top.Get("full_log").Text())
	h, ok := parseHeader(line, &b.d.stamp)
	if !ok {
		return nil
	}
	node := h.node
	if len(node) == 0 {
		node = bytes.Clone(b.first("agent.name").Text())
	}
	if err := b.open(h.stamp, node, false); err != nil {
		return err
	}
	stamp := bytes.Clone(b.d.stamp.text[:b.d.stamp.n])
	for {
		at := nextRecord(h.body, stamp)
		if at < 0 {
			b.raw(bytes.Clone(h.kind), h.body)
			return nil
		}
		rest := h.body[at:]
		b.raw(bytes.Clone(h.kind), h.body[:at])
		if h, ok = parseHeader(rest, &b.d.stamp); !ok {
			return nil
		}
	}
}
