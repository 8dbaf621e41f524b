package sigma

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxPlainYAML is how large a file the short way takes: below it no limit of a
// file can be reached.
const maxPlainYAML = 64 << 10

// plainYAML reads the YAML that nearly all rules are written in: one document of
// ASCII text with block and flow maps and lists, plain, quoted and block scalars.
// Whatever it is not sure of it leaves to the YAML library, by reporting false;
// what it reads it reads as the library does, which a fuzz target demands. It
// takes a tenth of the library's time, which was half of what a scan needs to
// start. The nodes live in a.
func plainYAML(data []byte, a *arena) (*node, bool) {
	if len(data) > maxPlainYAML || !plainText(data) {
		return nil, false
	}
	y := &plainReader{arena: a, text: string(data), line: 1}
	y.start()
	if y.bad || y.at == len(y.text) {
		return nil, false
	}
	n := y.block(y.indent, 0)
	if y.bad || y.at < len(y.text) {
		return nil, false
	}
	return n, true
}

// plainText reports whether data has but printable ASCII and line feeds.
func plainText(data []byte) bool {
	for _, c := range data {
		if (c < ' ' && c != '\n') || c > '~' {
			return false
		}
	}
	return true
}

// A plainReader reads one document. It stands at the first character of a line
// that is neither empty nor a comment, except while a line is being read.
type plainReader struct {
	*arena
	text   string
	at     int
	line   int     // of at, from 1
	indent int     // of the line that at is on
	kids   []*node // stack: children of the nodes that are being read
	bad    bool
}

// give gives up: the library is to read the document.
func (y *plainReader) give() *node {
	y.bad = true
	return nil
}

func (y *plainReader) push(n *node) { y.kids = append(y.kids, n) }

// asKids takes what was put on the stack from base on off it again, as what n
// consists of.
func (y *plainReader) asKids(n *node, base int) {
	if kids := y.kids[base:]; n.kind == mapping {
		y.pairs(n, kids)
	} else {
		n.items = y.list(kids)
	}
	y.kids = y.kids[:base]
}

// known reports whether the map whose keys and values are on the stack from base
// on has a key already.
func (y *plainReader) known(base int, key string) bool {
	for i := base; i < len(y.kids); i += 2 {
		if y.kids[i].text == key {
			return true
		}
	}
	return false
}

// start goes from the beginning of a line to the first line with content.
func (y *plainReader) start() {
	for y.at < len(y.text) {
		i := y.at
		for i < len(y.text) && y.text[i] == ' ' {
			i++
		}
		if i < len(y.text) && y.text[i] != '\n' && y.text[i] != '#' {
			y.indent = i - y.at
			y.at = i
			if rest := y.text[i:]; y.indent == 0 && (strings.HasPrefix(rest, "---") || strings.HasPrefix(rest, "...") || rest[0] == '%') {
				y.bad = true
			}
			return
		}
		y.skipLine(i)
	}
	y.indent = -1
}

// skipLine goes behind the line that i is on.
func (y *plainReader) skipLine(i int) {
	end := strings.IndexByte(y.text[i:], '\n')
	if end < 0 {
		y.at = len(y.text)
		return
	}
	y.at = i + end + 1
	y.line++
}

// endLine goes on to the next line with content; nothing but a comment may
// follow on this one.
func (y *plainReader) endLine() {
	i := y.at
	for i < len(y.text) && y.text[i] == ' ' {
		i++
	}
	if i < len(y.text) && y.text[i] != '\n' && (y.text[i] != '#' || i == y.at) {
		y.bad = true
		return
	}
	y.skipLine(i)
	y.start()
}

// block reads a map or a list whose lines are indented by indent.
func (y *plainReader) block(indent, depth int) *node {
	switch {
	case y.bad || depth > maxDepth/2:
		return y.give()
	case y.dash():
		return y.blockList(indent, depth)
	case y.text[y.at] == '{' || y.text[y.at] == '[':
		n := y.flow(depth)
		y.endLine()
		return n
	}
	return y.blockMap(indent, depth)
}

// dash reports whether an item of a block list begins here.
func (y *plainReader) dash() bool {
	return y.text[y.at] == '-' && y.at+1 < len(y.text) && y.text[y.at+1] == ' '
}

func (y *plainReader) blockList(indent, depth int) *node {
	n, base := y.node(node{kind: list, line: y.line}), len(y.kids)
	for !y.bad && y.indent == indent && y.dash() {
		from := y.at
		for y.at++; y.at < len(y.text) && y.text[y.at] == ' '; y.at++ {
		}
		if y.at == len(y.text) || y.text[y.at] == '\n' || y.text[y.at] == '#' || y.dash() {
			return y.give()
		}
		if y.keyEnd() >= 0 {
			y.indent = indent + y.at - from
			y.push(y.blockMap(y.indent, depth+1))
		} else {
			y.push(y.value(indent, depth))
		}
	}
	if y.indent > indent {
		return y.give()
	}
	y.asKids(n, base)
	return n
}

func (y *plainReader) blockMap(indent, depth int) *node {
	n, base := y.node(node{kind: mapping, line: y.line}), len(y.kids)
	for !y.bad && y.indent == indent && !y.dash() {
		end := y.keyEnd()
		if end < 0 {
			return y.give()
		}
		key := y.key(end)
		if y.bad || y.known(base, key.text) || key.tag == "!!merge" {
			return y.give()
		}
		y.push(key)
		y.push(y.below(indent, depth))
	}
	if y.indent > indent {
		return y.give()
	}
	y.asKids(n, base)
	return n
}

// maxPlainKey is up to which length a key is read the short way, in bytes: its
// colon must stand within 1,024 characters (YAML 1.2.2, section 7.4.2).
const maxPlainKey = 1000

// keyEnd returns where the colon behind a key stands, -1 if there is no key that
// is read the short way.
func (y *plainReader) keyEnd() int {
	end := y.colon()
	if end-y.at > maxPlainKey {
		return -1
	}
	return end
}

func (y *plainReader) colon() int {
	i := y.at
	if c := y.text[i]; c == '\'' || c == '"' {
		end := strings.IndexByte(y.text[i+1:], c)
		if end < 0 || strings.IndexByte(y.text[i+1:i+1+end], '\n') >= 0 {
			return -1 // a key ends on the line it begins on (YAML 1.2.2, section 7.4.2)
		}
		if i += end + 2; i < len(y.text) && y.text[i] == ':' && y.breaks(i+1) {
			return i
		}
		return -1
	}
	for ; i < len(y.text) && y.text[i] != '\n'; i++ {
		switch {
		case y.text[i] == ':' && y.breaks(i+1):
			return i
		case y.text[i] == '#' && y.text[i-1] == ' ', i == y.at && strings.IndexByte("[{", y.text[i]) >= 0:
			return -1
		}
	}
	return -1
}

// breaks reports whether a word ends before i.
func (y *plainReader) breaks(i int) bool {
	return i == len(y.text) || y.text[i] == ' ' || y.text[i] == '\n'
}

// key reads the key before the colon at end, and goes behind the colon.
func (y *plainReader) key(end int) *node {
	text := y.text[y.at:end]
	n := y.node(node{kind: scalar, line: y.line})
	switch c := text[:min(1, len(text))]; c {
	case "'", `"`:
		n.text, n.tag = text[1:len(text)-1], "!!str"
		if c == `"` && strings.IndexByte(n.text, '\\') >= 0 {
			return y.give()
		}
	default:
		if text == "" || strings.HasSuffix(text, " ") || !plainStart(text) {
			return y.give()
		}
		n.text, n.tag = text, shortTag(text)
	}
	y.at = end + 1
	return n
}

// plainStart reports whether a plain scalar may begin like text.
func plainStart(text string) bool {
	switch text[0] {
	case '-':
		return len(text) > 1 && text[1] != ' '
	case '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '=', '<':
		return false
	}
	return true
}

// shortTag is how the YAML library resolves a plain scalar. Most begin with a
// letter that no number and no word with a meaning begins with, or are longer than
// those words; and a UUID, though it may begin as a number does, is none.
func shortTag(text string) string {
	c := text[0]
	letter := c|0x20 >= 'a' && c|0x20 <= 'z'
	if c == '/' || c == '_' || c == '$' || letter && (len(text) > len("false") || strings.IndexByte("tfnyo", c|0x20) < 0) || isUUID(text) {
		return "!!str"
	}
	return (&yaml.Node{Kind: yaml.ScalarNode, Value: text}).ShortTag()
}

// below reads what a key of a block map stands for: the rest of the line, or
// the lines below it.
func (y *plainReader) below(indent, depth int) *node {
	for y.at < len(y.text) && y.text[y.at] == ' ' {
		y.at++
	}
	if y.at < len(y.text) && y.text[y.at] != '\n' && y.text[y.at] != '#' {
		return y.value(indent, depth)
	}
	if y.at == len(y.text) {
		return y.give()
	}
	y.skipLine(y.at)
	y.start()
	if y.bad || y.at == len(y.text) || y.indent < indent || y.indent == indent && !y.dash() {
		return y.give() // null
	}
	return y.block(y.indent, depth+1)
}

// value reads a scalar or a flow collection to the end of its line. It belongs
// to a block indented by indent.
func (y *plainReader) value(indent, depth int) *node {
	var n *node
	switch c := y.text[y.at]; c {
	case '[', '{':
		n = y.flow(depth + 1)
	case '\'', '"':
		n = y.quoted(true)
	case '>', '|':
		return y.blockScalar(indent)
	default:
		return y.plain(indent)
	}
	if !y.bad {
		y.endLine()
	}
	if y.indent > indent {
		return y.give()
	}
	return n
}
