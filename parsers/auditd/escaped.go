package auditd

import "bytes"

// escapes are what programs make of 0x1D that do not hand on control characters:
// rsyslog, which does so with all it receives unless told otherwise, in both its
// styles, and what prints for a terminal.
var escapes = [][]byte{[]byte("#035"), []byte(`\035`), []byte(`\x1d`), []byte(`\x1D`), []byte("^]")}

// escapedSeparator finds an escape that stands for the 0x1D of a record: outside of
// quotes, and before a name of the interpreted part. n is its length, 0 if there is none.
func escapedSeparator(body []byte) (at, n int) {
	for _, escape := range escapes {
		at := bytes.LastIndex(body, escape)
		if at < 0 || bytes.Count(body[:at], []byte{'"'})%2 != 0 {
			continue
		}
		name, _, ok := bytes.Cut(body[at+len(escape):], []byte{'='})
		for _, known := range gluedNames {
			if ok && bytes.Equal(name, known) {
				return at, len(escape)
			}
		}
	}
	return 0, 0
}

// unescape gives a record that was handed on with an escape in the place of its 0x1D
// a body that has it; false if it is no such record. The record as read stays.
func (g *group) unescape(r *record) bool {
	at, n := escapedSeparator(g.text(r.body))
	if n == 0 {
		return false
	}
	from := uint32(len(g.buf))
	g.buf = append(g.buf, g.buf[r.body.at:r.body.at+uint32(at)]...)
	g.buf = append(g.buf, separator)
	g.buf = append(g.buf, g.buf[r.body.at+uint32(at+n):r.body.end]...)
	r.body = span{from, uint32(len(g.buf))}
	return true
}
