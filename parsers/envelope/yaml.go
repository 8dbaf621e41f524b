package envelope

import (
	"bytes"
	"strconv"

	"tideline/parsers"
)

// yamlDocument is a log entry as a YAML document, which is what "gcloud logging
// read" prints. It is turned into JSON; anchors, tags and complex keys, which no
// logging tool writes, are not known.
var yamlDocument = Envelope{Name: "yaml", Open: openYAML}

func openYAML(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	first, _, many := bytes.Cut(rec.Data, []byte("\n"))
	if !many || rec.Context != nil {
		return false, nil
	}
	item := bytes.HasPrefix(first, []byte("- ")) // of a list of them
	if item {
		first = first[2:]
	}
	if _, _, ok := yamlKey(bytes.TrimSpace(first)); !ok {
		return false, nil
	}
	y := yamlReader{lines: yamlLines(rec.Data)}
	out, ok := y.node(nil, 0)
	in := enter(rec, "yaml")
	switch {
	case !ok || y.at < len(y.lines):
		// What was read before the line that is none is JSON that breaks off there.
		if !hasMark(out) {
			return false, nil
		}
		if item {
			out = bytes.TrimPrefix(out, []byte("["))
		}
		in.Cut = in.Cut || y.atLast()
	case item:
		out = soleElement(out)
	}
	if len(out) < 2 || out[0] != '{' {
		return false, nil
	}
	return payload(in, out, emit)
}

// soleElement is the element of an array of one; nil if there are more, or none.
func soleElement(array []byte) (sole []byte) {
	n := 0
	elements(array, func(value []byte) bool {
		n++
		sole = value
		return n < 2
	})
	if n != 1 {
		return nil
	}
	return sole
}

// A yamlLine is a line without its indentation.
type yamlLine struct {
	indent int
	text   []byte // without white space at its end; empty if blank
}

func yamlLines(doc []byte) []yamlLine {
	var out []yamlLine
	for raw := range bytes.SplitSeq(doc, []byte("\n")) {
		text := bytes.TrimLeft(raw, " ")
		out = append(out, yamlLine{len(raw) - len(text), bytes.TrimRight(text, " \t\r")})
	}
	return out
}

// A yamlReader turns lines into JSON. Its methods append to out and report
// false at a line that they do not understand.
type yamlReader struct {
	lines []yamlLine
	at    int
	depth int
}

// maxYAML bounds the nesting, which is recursed into.
const maxYAML = 100

// atLast reports whether no line is left behind the one that could not be read: the
// document was cut in it.
func (y *yamlReader) atLast() bool {
	y.at++
	return y.next() == nil
}

// next returns the next line that is neither blank nor a comment.
func (y *yamlReader) next() *yamlLine {
	for ; y.at < len(y.lines); y.at++ {
		if l := &y.lines[y.at]; len(l.text) > 0 && l.text[0] != '#' {
			return l
		}
	}
	return nil
}

// node reads the value whose lines are indented by at least min.
func (y *yamlReader) node(out []byte, min int) ([]byte, bool) {
	l := y.next()
	if l == nil || l.indent < min {
		return append(out, "null"...), true
	}
	if y.depth++; y.depth > maxYAML {
		return out, false
	}
	defer func() { y.depth-- }()
	if isItem(l.text) {
		return y.sequence(out, l.indent)
	}
	if _, _, ok := yamlKey(l.text); ok {
		return y.mapping(out, l.indent)
	}
	text := l.text
	y.at++
	return y.scalar(out, text, l.indent-1)
}

func isItem(text []byte) bool { return text[0] == '-' && (len(text) == 1 || text[1] == ' ') }

func (y *yamlReader) sequence(out []byte, indent int) ([]byte, bool) {
	out = append(out, '[')
	for n := 0; ; n++ {
		l := y.next()
		if l == nil || l.indent != indent || !isItem(l.text) {
			return append(out, ']'), l == nil || l.indent <= indent
		}
		if n > 0 {
			out = append(out, ',')
		}
		rest := bytes.TrimLeft(l.text[1:], " ")
		l.indent += len(l.text) - len(rest) // the item begins a line of its own
		l.text = rest
		if len(rest) == 0 {
			l.indent = indent
			y.at++
		}
		var ok bool
		if out, ok = y.node(out, indent+1); !ok {
			return out, false
		}
	}
}

func (y *yamlReader) mapping(out []byte, indent int) ([]byte, bool) {
	out = append(out, '{')
	for n := 0; ; n++ {
		l := y.next()
		if l == nil || l.indent < indent || (l.indent == indent && isItem(l.text)) {
			return append(out, '}'), true
		}
		key, rest, ok := yamlKey(l.text)
		if !ok || l.indent != indent {
			return out, false
		}
		if n > 0 {
			out = append(out, ',')
		}
		out = append(append(out, cellJSON(key, true)...), ':')
		y.at++
		if out, ok = y.member(out, rest, indent); !ok {
			return out, false
		}
	}
}

// member reads the value of a key: what follows it on its line, or the lines
// below.
func (y *yamlReader) member(out, rest []byte, indent int) ([]byte, bool) {
	if len(rest) > 0 {
		return y.scalar(out, rest, indent)
	}
	if l := y.next(); l != nil && l.indent == indent && isItem(l.text) {
		return y.node(out, indent)
	}
	return y.node(out, indent+1)
}

// scalar reads a value that begins with text and may go on in lines indented
// deeper than indent.
func (y *yamlReader) scalar(out, text []byte, indent int) ([]byte, bool) {
	switch text[0] {
	case '|', '>':
		return append(out, cellJSON(y.block(text, indent), true)...), true
	case '"', '\'':
		return y.quoted(out, text)
	case '{', '[':
		if value := cellJSON(text, false); value[0] != '"' {
			return append(out, value...), true
		}
	}
	if i := bytes.Index(text, []byte(" #")); i >= 0 {
		text = bytes.TrimRight(text[:i], " ")
	}
	text = bytes.Clone(text)
	folded := false
	for y.at < len(y.lines) && len(y.lines[y.at].text) > 0 && y.lines[y.at].indent > indent {
		text = append(append(text, ' '), y.lines[y.at].text...)
		y.at++
		folded = true
	}
	return append(out, plainJSON(text, folded)...), true
}

// plainJSON is the JSON value of a plain scalar, by the core schema of YAML 1.2.
func plainJSON(text []byte, folded bool) []byte {
	switch s := string(text); {
	case folded:
	case s == "null" || s == "~":
		return []byte("null")
	case s == "true" || s == "false":
		return text
	case text[0] == '-' || text[0] >= '0' && text[0] <= '9':
		return cellJSON(text, false) // itself, if it is a JSON number
	}
	return cellJSON(text, true)
}

// block reads a literal (|) or folded (>) block.
func (y *yamlReader) block(head []byte, indent int) []byte {
	var lines [][]byte
	base := -1
	for ; y.at < len(y.lines); y.at++ {
		l := y.lines[y.at]
		if len(l.text) > 0 && l.indent <= indent {
			break
		}
		if base < 0 && len(l.text) > 0 {
			base = l.indent
		}
		lines = append(lines, append(bytes.Repeat([]byte(" "), max(0, l.indent-max(base, 0))), l.text...))
	}
	between := []byte("\n")
	if head[0] == '>' {
		between = []byte(" ")
	}
	text := bytes.TrimRight(bytes.Join(lines, between), "\n ")
	if !bytes.ContainsRune(head, '-') {
		text = append(text, '\n')
	}
	return text
}

// quoted reads a scalar in quotes, which may go over lines.
func (y *yamlReader) quoted(out, text []byte) ([]byte, bool) {
	for from := y.at; ; {
		if s, ok := unquote(text); ok {
			return append(out, cellJSON(s, true)...), true
		}
		if y.at == len(y.lines) {
			y.at = from - 1 // where the quote is that none closes
			return out, false
		}
		text = foldQuoted(text, y.lines[y.at].text)
		y.at++
	}
}

// foldQuoted joins the lines of a scalar in quotes: by a space, or, if the first ends in
// a backslash, by nothing (YAML 1.2, 7.3.1); the blanks behind that are escaped as well.
func foldQuoted(text, next []byte) []byte {
	n := len(text)
	if text[0] == '"' && n > 1 && text[n-1] == '\\' && !endsQuoted(append(bytes.Clone(text), '"')) {
		if bytes.HasPrefix(next, []byte(`\ `)) {
			next = next[1:]
		}
		return append(bytes.Clone(text[:n-1]), next...)
	}
	return append(append(bytes.Clone(text), ' '), next...)
}

// unquote returns what a quoted scalar says, if it ends with text.
func unquote(text []byte) ([]byte, bool) {
	n := len(text)
	if n < 2 || text[n-1] != text[0] {
		return nil, false
	}
	inside := text[1 : n-1]
	if text[0] == '\'' {
		single := bytes.ReplaceAll(inside, []byte("''"), nil)
		return bytes.ReplaceAll(inside, []byte("''"), []byte("'")), bytes.IndexByte(single, '\'') < 0
	}
	if skipString(text, 0) != n || !endsQuoted(text) {
		return nil, false
	}
	if s, err := strconv.Unquote(string(text)); err == nil { // knows \x, which JSON does not
		return []byte(s), true
	}
	return unescape(nil, inside), true
}

// yamlKey cuts "key: value" or "key:" apart.
func yamlKey(text []byte) (key, rest []byte, ok bool) {
	if len(text) == 0 {
		return nil, nil, false
	}
	if text[0] == '"' || text[0] == '\'' {
		end := bytes.IndexByte(text[1:], text[0])
		if end < 0 || end+2 >= len(text) || text[end+2] != ':' {
			return nil, nil, false
		}
		return text[1 : end+1], bytes.TrimLeft(text[end+3:], " "), true
	}
	i := bytes.Index(text, []byte(": "))
	if i < 0 && text[len(text)-1] == ':' {
		i = len(text) - 1
	}
	if i <= 0 || bytes.IndexByte([]byte("{[|>&*!%@`#"), text[0]) >= 0 {
		return nil, nil, false
	}
	return text[:i], bytes.TrimLeft(text[i+1:], " "), true
}
