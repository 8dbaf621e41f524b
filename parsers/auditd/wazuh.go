package auditd

import "bytes"

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
		at, same, _ := nextRecord(h.body, stamp)
		if at < 0 || !same {
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
