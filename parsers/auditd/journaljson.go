package auditd

import (
	"bytes"
	"time"

	"tideline/parsers/internal/jsonfields"
)

// readJournal reads a record of "journalctl -o json" (systemd.journal-fields(7)).
// Its records are grouped as those of a log are.
func readJournal(b *builder) error {
	s := unixStamp(b.top.Get("_SOURCE_REALTIME_TIMESTAMP").Text(), time.Microsecond)
	if s.has == 0 {
		s = unixStamp(b.top.Get("__REALTIME_TIMESTAMP").Text(), time.Microsecond)
	}
	s = s.withSerial(b.top.Get("_AUDIT_ID").Text())
	node := bytes.Clone(textOf(b.top.Get("_HOSTNAME")))
	if err := b.open(s, node, s.has&hasSerial != 0); err != nil {
		return err
	}
	kind := bytes.Clone(b.top.Get("_AUDIT_TYPE").Text())
	for _, message := range journalTexts(b.top.Get("MESSAGE")) {
		first, body := word(message)
		if n, _ := lookupType(first); n == 0 {
			body = message
		}
		b.raw(kind, body)
	}
	return nil
}

// journalTexts are the values of a field of "journalctl -o json": a text, an array
// of the bytes of one that is not UTF-8, or an array of several of these.
func journalTexts(v jsonfields.Value) (out [][]byte) {
	if v.Kind() != jsonfields.Array {
		return [][]byte{bytes.Clone(v.Text())}
	}
	var text []byte
	for m := range v.Items {
		if n, ok := decimal(m.Text()); ok && n < 256 && m.Kind() == jsonfields.Number {
			text = append(text, byte(n))
			continue
		}
		out = append(out, journalTexts(m)...)
	}
	if text != nil {
		out = append(out, text)
	}
	return out
}
