package auditd

import (
	"bytes"
	"html"
)

// escapes are what programs make of 0x1D that do not hand on control characters:
// rsyslog, which does so with all it receives unless told otherwise, in both its
// styles, what prints for a terminal, and what puts another character or a blank in
// their place.
var escapes = [][]byte{[]byte("#035"), []byte(`\035`), []byte(`\x1d`), []byte(`\x1D`), []byte(`\u001d`), []byte(`\u001D`), []byte("^]"),
	[]byte("\t"), []byte("?"), []byte("\u241d"), []byte("\ufffd"), []byte(" ")}

// escapedSeparator finds an escape that stands for the 0x1D of a record: outside of
// quotes, and before a name of the interpreted part. n is its length, 0 if there is
// none. It stands before the first of those names, or nowhere: blanks are between the
// fields of that part as well.
func escapedSeparator(body []byte) (at, n int) {
	for from := 0; ; {
		next := bytes.IndexByte(body[from:], '=')
		if next < 0 {
			return 0, 0
		}
		eq := from + next
		from = eq + 1
		if eq < 2 || body[eq-1] < 'A' || body[eq-1] > 'Z' {
			continue
		}
		found := false
		for _, known := range gluedNames {
			before, ok := bytes.CutSuffix(body[:eq], known)
			if !ok || bytes.Count(before, []byte{'"'})%2 != 0 || isNested(before) {
				continue
			}
			found = true
			for _, escape := range escapes {
				if head, ok := bytes.CutSuffix(before, escape); ok {
					return len(head), len(escape)
				}
			}
		}
		if found { // glued to a value: the lexer knows that
			return 0, 0
		}
	}
}

// isNested reports whether a body ends within msg='...'.
func isNested(body []byte) bool {
	if !bytes.Contains(body, markNested) { // far quicker than to look from behind
		return false
	}
	i := bytes.LastIndex(body, markNested)
	return bytes.IndexByte(body[i+len(markNested):], '\'') < 0
}

// unescape gives a record that was handed on with an escape in the place of its 0x1D
// a body that has it; false if it is no such record. The record as read stays.
func (g *group) unescape(r *record) bool {
	at, n := escapedSeparator(g.text(r.body))
	if n == 0 {
		return false
	}
	from := uint32(len(g.buf))
	g.buf = withSeparator(g.buf, g.text(r.body), at, n)
	r.body = span{from, uint32(len(g.buf))}
	g.shapes.escapes = true
	return true
}

func withSeparator(dst, body []byte, at, n int) []byte {
	return append(append(append(dst, body[:at]...), separator), body[at+n:]...)
}

// unescaped gives a header such a body before a stencil is looked for, once it is known
// that the log has escapes: records that differ from that in nothing that is told.
func (d *decoder) unescaped(h *header) {
	if !d.rd.shapes.escapes || h.interpreted || len(h.body) > maxStencil || bytes.IndexByte(h.body, separator) >= 0 {
		return
	}
	if at, n := escapedSeparator(h.body); n > 0 {
		d.plainBody = withSeparator(d.plainBody[:0], h.body, at, n)
		h.body, h.spelled = d.plainBody, h.body
	}
}

// respell gives a record whose blanks or quotes something has spelled in another way a
// body as the kernel writes it: tabs between its fields, as awk and tr make them, quotes
// that a table has doubled, and such as stand in a statement of SQL or in XML, where the
// rest of that is no envelope. It reports false if it is no such record. The record as
// read stays.
func (g *group) respell(r *record) bool {
	body := g.text(r.body)
	from := len(g.buf)
	switch {
	case len(body) > 0 && body[0] == '\t' && bytes.IndexByte(body, ' ') < 0: // with a blank as well a tab is of a value
		g.buf = append(g.buf, body...)
		for i, c := range g.buf[from:] {
			if c == '\t' {
				g.buf[from+i] = ' '
			}
		}
	case isDoubled(body):
		g.buf = append(g.buf, bytes.ReplaceAll(body, []byte(`""`), []byte(`"`))...)
	case beginsValue(body, markSlashed) != nil:
		for i := 0; i < len(body); i++ {
			if body[i] == '\\' && i+1 < len(body) && bytes.IndexByte([]byte(`"'\`), body[i+1]) >= 0 {
				i++
			}
			g.buf = append(g.buf, body[i])
		}
	case beginsValue(body, markEntity) != nil:
		g.buf = append(g.buf, html.UnescapeString(string(body))...)
	default:
		return false
	}
	r.body = span{uint32(from), uint32(len(g.buf))}
	return true
}

var markDoubled, markSlashed, markEntity = []byte(`=""`), []byte(`=\"`), []byte("=&quot;")

// isDoubled reports whether a body has a value in doubled quotes. Of the kernel's, which
// has no quotes within, what stands behind an empty one is a blank.
func isDoubled(body []byte) bool {
	behind := beginsValue(body, markDoubled)
	return len(behind) > 0 && (isNameByte(behind[0]) || behind[0] == '"')
}

// beginsValue is what stands behind a mark that begins the value of a field; nil if it
// is not there, or in braces, which hold what they like.
func beginsValue(body, mark []byte) (behind []byte) {
	before, behind, found := bytes.Cut(body, mark)
	if !found || bytes.IndexByte(before, '{') >= 0 {
		return nil
	}
	for len(before) > 0 && isNameByte(before[len(before)-1]) {
		before = before[:len(before)-1]
	}
	if len(before) > 0 && before[len(before)-1] != ' ' && !bytes.HasSuffix(before, markNested) {
		return nil
	}
	return behind
}
