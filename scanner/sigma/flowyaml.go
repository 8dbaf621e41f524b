package sigma

import "strings"

// flow reads a collection in brackets, which may go over several lines.
func (y *plainReader) flow(depth int) *node {
	n, base := y.node(node{kind: list, line: y.line}), len(y.kids)
	end := byte(']')
	if y.text[y.at] == '{' {
		n.kind, end = mapping, '}'
	}
	if depth > maxDepth/2 {
		return y.give()
	}
	y.at++
	for first := true; ; first = false {
		if y.gap(); y.bad {
			return nil
		}
		if y.text[y.at] == end && first {
			break
		}
		if n.kind == mapping && !y.flowKey(base) {
			return y.give()
		}
		item := y.flowValue(depth)
		if y.bad {
			return nil
		}
		y.push(item)
		if y.gap(); y.bad {
			return nil
		}
		if y.text[y.at] == end {
			break
		}
		if y.text[y.at] != ',' {
			return y.give()
		}
		y.at++
	}
	y.at++
	y.asKids(n, base)
	return n
}

// gap goes over blanks and ends of lines to what follows, which exists.
func (y *plainReader) gap() {
	for ; y.at < len(y.text); y.at++ {
		switch y.text[y.at] {
		case ' ':
		case '\n':
			// What begins at the left edge would end the document.
			if y.line++; y.at+1 < len(y.text) && y.text[y.at+1] != ' ' {
				y.bad = true
				return
			}
		case '#':
			y.bad = true
			return
		default:
			return
		}
	}
	y.bad = true
}

// flowKey reads a key of a flow map, which is on the stack from base on, and what
// parts it from its value.
func (y *plainReader) flowKey(base int) bool {
	quoted := y.text[y.at] == '"' || y.text[y.at] == '\''
	line, from := y.line, y.at
	key := y.flowScalar()
	if y.bad || y.at-from > maxPlainKey || y.known(base, key.text) || key.tag == "!!merge" || y.line != line ||
		y.at == len(y.text) || y.text[y.at] != ':' {
		return false
	}
	y.at++
	if !quoted && !y.breaks(y.at) {
		return false
	}
	y.push(key)
	y.gap()
	return !y.bad
}

func (y *plainReader) flowValue(depth int) *node {
	switch y.text[y.at] {
	case '[', '{':
		return y.flow(depth + 1)
	}
	n := y.flowScalar()
	if !y.bad && y.at < len(y.text) && y.text[y.at] == ':' {
		return y.give() // a map of one, without brackets
	}
	return n
}

// flowScalar reads a scalar of one line.
func (y *plainReader) flowScalar() *node {
	if c := y.text[y.at]; c == '\'' || c == '"' {
		return y.quoted(false)
	}
	from := y.at
	for ; y.at < len(y.text); y.at++ {
		c := y.text[y.at]
		if c == ',' || c == ']' || c == '}' || c == '[' || c == '{' || c == '\n' || c == '#' || c == '?' {
			break
		}
		if c == ':' {
			if y.breaks(y.at + 1) {
				break
			}
			if y.at+1 < len(y.text) && strings.IndexByte(",[]{}", y.text[y.at+1]) >= 0 {
				return y.give()
			}
		}
	}
	text := strings.TrimRight(y.text[from:y.at], " ")
	if text == "" || !plainStart(text) || y.at == len(y.text) || strings.IndexByte("#?[{", y.text[y.at]) >= 0 ||
		y.text[y.at] == ':' && text != y.text[from:y.at] {
		return y.give()
	}
	if y.text[y.at] == '\n' { // it could go on on the next line
		line, at := y.line, y.at
		if y.gap(); y.bad || strings.IndexByte(",]}", y.text[y.at]) < 0 {
			return y.give()
		}
		y.line, y.at = line, at
	}
	return y.node(node{kind: scalar, tag: shortTag(text), text: text, line: y.line})
}
