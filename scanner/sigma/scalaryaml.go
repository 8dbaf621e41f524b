package sigma

import (
	"slices"
	"strings"
)

// plain reads a plain scalar, which may go on on the lines below.
func (y *plainReader) plain(indent int) *node {
	n := y.node(node{kind: scalar, line: y.line})
	var last bool
	n.text, last = y.plainLine()
	for !y.bad && y.at < len(y.text) {
		was := y.line
		y.skipLine(y.at)
		y.start()
		if y.indent <= indent {
			break
		}
		if y.line != was+1 || last {
			return y.give() // an empty line or a comment within the text
		}
		var more string
		more, last = y.plainLine()
		n.text += " " + more
	}
	if y.at == len(y.text) {
		y.indent = -1
	}
	if y.bad || !plainStart(n.text) && !colonStart(n.text) {
		return y.give()
	}
	n.tag = shortTag(n.text)
	return n
}

// colonStart reports whether text is a word that a colon is part of, as it is where
// nothing else of YAML is meant (YAML 1.2.2, rule 123: ns-plain-first).
func colonStart(text string) bool {
	return len(text) > 1 && text[0] == ':' && text[1] != ' ' && text[1] != ':'
}

// plainLine is the rest of a line, which is text, and whether a comment behind it ends the
// text.
func (y *plainReader) plainLine() (line string, last bool) {
	end := strings.IndexByte(y.text[y.at:], '\n')
	if end < 0 {
		end = len(y.text) - y.at
	}
	line, _, last = strings.Cut(y.text[y.at:y.at+end], " #")
	line = strings.TrimRight(line, " ")
	y.at += end
	if line == "" || strings.Contains(line, ": ") || strings.HasSuffix(line, ":") || line[0] == '#' {
		y.bad = true
	}
	return line, last
}

// quoted reads a quoted scalar. If it may be of several lines, each end of a line
// stands for a space.
func (y *plainReader) quoted(lines bool) *node {
	quote := y.text[y.at]
	n := y.node(node{kind: scalar, tag: "!!str", line: y.line})
	from := y.at + 1
	for i := from; i < len(y.text); i++ {
		switch c := y.text[i]; {
		case c == '\n':
			n.text += strings.TrimRight(y.text[from:i], " ") + " "
			if from = y.goesOn(i); from < 0 || !lines {
				return y.give()
			}
			i = from - 1
		case c == '\\' && quote == '"':
			if i++; i == len(y.text) {
				return y.give()
			}
			at := strings.IndexByte(`"\nrt`, y.text[i])
			if at < 0 {
				return y.give() // a number of a letter, or a line that goes on
			}
			n.text += y.text[from:i-1] + "\"\\\n\r\t"[at:at+1]
			from = i + 1
		case c != quote:
		case quote == '\'' && i+1 < len(y.text) && y.text[i+1] == quote:
			n.text += y.text[from : i+1]
			i++
			from = i + 1
		default:
			n.text += y.text[from:i]
			y.at = i + 1
			return n
		}
	}
	return y.give()
}

// goesOn returns where the text of the line behind the line feed at i begins, -1 if
// that line is empty or not indented.
func (y *plainReader) goesOn(i int) int {
	y.line++
	at := i + 1
	for at < len(y.text) && y.text[at] == ' ' {
		at++
	}
	if at == len(y.text) || at == i+1 || y.text[at] == '\n' {
		return -1
	}
	return at
}

// blockScalar reads text behind > or |, that neither has empty lines nor is
// indented within.
func (y *plainReader) blockScalar(indent int) *node {
	n := y.node(node{kind: scalar, tag: "!!str", line: y.line})
	glue, end := " ", "\n"
	if y.text[y.at] == '|' {
		glue = "\n"
	}
	if y.at++; y.at < len(y.text) && y.text[y.at] == '-' {
		y.at++
		end = ""
	}
	if y.at == len(y.text) || y.text[y.at] != '\n' {
		return y.give()
	}
	y.skipLine(y.at)
	var lines []string
	deep := 0
	for y.at < len(y.text) {
		stop := strings.IndexByte(y.text[y.at:], '\n')
		if stop < 0 {
			return y.give()
		}
		line := y.text[y.at : y.at+stop]
		text := strings.TrimLeft(line, " ")
		if text == "" {
			return y.give()
		}
		if deep == 0 {
			deep = len(line) - len(text)
		}
		if in := len(line) - len(text); in <= indent || len(lines) == 0 && in == 0 {
			break
		} else if in != deep {
			return y.give()
		}
		lines = append(lines, text)
		y.skipLine(y.at)
	}
	if len(lines) == 0 || slices.ContainsFunc(lines, func(s string) bool { return strings.HasSuffix(s, " ") }) {
		return y.give()
	}
	n.text = strings.Join(lines, glue) + end
	y.start()
	return n
}
