package auditd

import "bytes"

// A lexer cuts the body of one raw record into fields. It allocates nothing
// but room in group.fields.
type lexer struct {
	g     *group
	names *nameTable
	text  []byte // of the body
	base  uint32 // its place in g.buf
	part  part
	// torn: the record has no 0x1D, so that the interpreted part may stand
	// glued to a value.
	torn bool
	free int // start of a run of words without "=", -1: none
}

const separator = 0x1d

// lex cuts a record into fields.
func (g *group) lex(r *record) {
	g.restore(r)
	r.first = int32(len(g.fields))
	switch {
	case r.stencil != nil && len(g.fields)+len(r.stencil.cuts) <= maxFields:
		g.lexStencil(r)
	case r.form == interpretedForm:
		lexInterpreted(g, r, g.names)
	default:
		g.lexRaw(r)
	}
	r.last = int32(len(g.fields))
}

// lexRaw cuts a record as auditd writes it, with a guess at its shape.
func (g *group) lexRaw(r *record) {
	body := g.text(r.body)
	l := lexer{g: g, names: g.names, text: body, base: r.body.at, free: -1}
	slot := g.shapes.slot(r.number, body)
	if slot != nil {
		if r.shape = slot.fitted(&l); r.shape != nil {
			return
		}
	}
	if l.torn = bytes.IndexByte(body, separator) < 0; l.torn && g.unescape(r) || g.respell(r) {
		g.lexRaw(r)
		return
	}
	l.run(0, len(body))
	if slot == nil {
		return
	}
	if slot.tries == maxTries {
		return
	}
	slot.tries++
	if made := g.shapes.learn(&l, g.fields[r.first:]); made != nil {
		copy(slot.shapes[1:], slot.shapes[:])
		slot.shapes[0], r.shape = made, made
	}
}

// run cuts text[i:end].
func (l *lexer) run(i, end int) {
	for i < end && l.g.hasRoom() {
		switch c := l.text[i]; c {
		case ' ', '\t', ',':
			i++
		case separator:
			l.endFree(i)
			l.part = enriched
			i++
		default:
			i = l.pair(i, end)
		}
	}
	l.endFree(end)
}

// pair reads name=value, or a word that is no pair, and returns what follows.
func (l *lexer) pair(i, end int) int {
	eq := i
	for eq < end && isNameByte(l.text[eq]) {
		eq++
	}
	if eq == i || eq >= end || l.text[eq] != '=' {
		return l.skipWord(i, end)
	}
	start := i
	if l.free >= 0 && eq-i <= 4 { // "old auid=0 new auid=1", "old ses=1 new ses=2"
		if w := l.text[l.free:i]; string(w) == "old " || string(w) == "new " {
			start, l.free = l.free, -1
		}
	}
	l.endFree(i)
	return l.value(start, eq, end)
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '_' || c == '-' || c == '[' || c == ']' || c == '.' || c == '/'
}

// skipWord goes past a word without "=".
func (l *lexer) skipWord(i, end int) int {
	if l.free < 0 {
		l.free = i
	}
	for i < end && l.text[i] != ' ' && l.text[i] != separator {
		i++
	}
	return min(i+1, end)
}

// endFree adds a run of free words as a field without a name: keyword searches
// look through it ("avc: denied { read } for").
func (l *lexer) endFree(i int) {
	if l.free < 0 {
		return
	}
	run := bytes.TrimRight(l.text[l.free:min(i, len(l.text))], " ,\x1d")
	if len(run) > 1 {
		l.add(field{value: l.span(l.free, l.free+len(run)), how: plain, part: l.part})
	}
	l.free = -1
}

func (l *lexer) span(from, to int) span { return span{l.base + uint32(from), l.base + uint32(to)} }

func (l *lexer) add(f field) { l.g.fields = append(l.g.fields, f) }

// value reads the value behind the "=" at eq.
func (l *lexer) value(name, eq, end int) int {
	f := field{name: l.span(name, eq), id: l.names.id(l.text[name:eq]), part: l.part}
	i := eq + 1
	if i >= end {
		f.value = l.span(i, i)
		l.add(f)
		return i
	}
	switch l.text[i] {
	case '"':
		return l.quotedValue(f, i+1, end)
	case '\'':
		if f.id == idMsg && l.part == outer {
			return l.nested(f, i+1, end)
		}
		return l.until(f, '\'', i+1, end)
	case '{':
		if l.part == enriched {
			return l.braces(f, i, end)
		}
	}
	return l.bareValue(f, i, end)
}

// quotedValue reads up to the closing quote. A record cut off has none.
func (l *lexer) quotedValue(f field, i, end int) int {
	f.how = quoted
	return l.until(f, '"', i, end)
}

func (l *lexer) until(f field, quote byte, i, end int) int {
	n := bytes.IndexByte(l.text[i:end], quote)
	if n < 0 {
		n = end - i
	}
	f.how = quoted
	f.value = l.span(i, i+n)
	l.add(f)
	i = min(i+n+1, end)
	if l.torn && i < end && 'A' <= l.text[i] && l.text[i] <= 'Z' {
		l.part = enriched
	}
	return i
}

// nested reads msg='...' of user-space records: its pairs are fields too. The
// text inside may hold apostrophes, so the last one closes.
func (l *lexer) nested(f field, i, end int) int {
	stop := l.nestedEnd(i, end)
	f.how, f.value = plain, l.span(i, stop)
	l.add(f)
	l.part = inner
	l.run(i, stop)
	l.part = outer
	i = min(stop+1, end)
	if l.torn && i < end && 'A' <= l.text[i] && l.text[i] <= 'Z' {
		l.part = enriched
	}
	return i
}

// nestedEnd is where what msg='...' holds ends, from i on.
func (l *lexer) nestedEnd(i, end int) int {
	if n := bytes.IndexByte(l.text[i:end], separator); n >= 0 {
		end = i + n
	}
	if n := bytes.LastIndexByte(l.text[i:end], '\''); n >= 0 {
		return i + n
	}
	return end
}

// braces reads SADDR={ ... }: a path inside may hold braces, so the last one
// closes.
func (l *lexer) braces(f field, i, end int) int {
	n := bytes.LastIndexByte(l.text[i:end], '}')
	if n < 0 {
		n = end - i - 1
	}
	f.how, f.value = plain, l.span(i, i+n+1)
	l.add(f)
	return min(i+n+1, end)
}

// bareValue reads a value without quotes, up to a blank.
func (l *lexer) bareValue(f field, i, end int) int {
	start, glued := i, -1
	for i < end && l.text[i] != ' ' && l.text[i] != separator {
		if l.text[i] == '=' && l.torn && l.part != enriched && glued < 0 {
			glued = l.gluedName(start, i)
		}
		i++
	}
	if glued > 0 {
		i = glued
	}
	f.value = l.span(start, l.stripped(start, i, f.part))
	l.add(f)
	if glued > 0 {
		l.part = enriched
	}
	return i
}

// stripped is the end of text[start:stop] without the mark that ends a clause.
func (l *lexer) stripped(start, stop int, p part) int {
	if stop > start+1 && p != enriched && l.text[start] != '(' && trailing(l.text[stop-1]) {
		stop--
	}
	return stop
}

// trailing are the marks that end a clause in user-space messages.
func trailing(c byte) bool { return c == ',' || c == ')' || c == ':' || c == '\'' }

// gluedNames are names of the interpreted part, longest first among those that
// end alike (auditd's ENRICHED format; auparse/interpret.c).
var gluedNames = [][]byte{
	[]byte("SYSCALL"), []byte("OLD-AUID"), []byte("OLD_AUID"), []byte("NEW_GID"), []byte("FSUID"), []byte("FSGID"), []byte("OAUID"),
	[]byte("SAUID"), []byte("SADDR"), []byte("AUID"), []byte("EUID"), []byte("EGID"), []byte("SUID"), []byte("SGID"),
	[]byte("OUID"), []byte("OGID"), []byte("IUID"), []byte("IGID"), []byte("INODE_UID"), []byte("INODE_GID"),
	[]byte("ARCH"), []byte("UID"), []byte("GID"), []byte("ID"),
}

// gluedName finds the name of an interpreted field between start, where a value
// begins, and the "=" at eq; -1 if there is none.
func (l *lexer) gluedName(start, eq int) int {
	for _, name := range gluedNames {
		if at := eq - len(name); at > start && bytes.Equal(l.text[at:eq], name) {
			return at
		}
	}
	return -1
}
