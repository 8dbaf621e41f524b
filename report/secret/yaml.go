package secret

import "strings"

// Secrets in YAML that somebody prints, keeps in a ConfigMap or pipes into kubectl.

// findYAMLData finds the values under data and stringData of a Secret in YAML, of
// one line each or blocks: each line that is indented deeper.
func findYAMLData(dst []Span, s string, i int) []Span {
	from, to := nameAround(s, i)
	name := s[from:to]
	if name != "data" && name != "stringData" || !strings.HasPrefix(s[to:], ":") || name == "data" && !yamlSecret(s) {
		return dst
	}
	if open := skipSpaces(s, to+1); open < len(s) && s[open] == '{' {
		return flowMembers(dst, s, open+1)
	}
	indent := indentAt(s, from)
	at := to + 1
	for {
		eol := strings.IndexByte(s[at:], '\n')
		if eol < 0 || strings.Trim(s[at:at+eol], " \t\r") != "" && at == to+1 {
			return dst
		}
		at += eol + 1
		end := len(s)
		if n := strings.IndexByte(s[at:], '\n'); n >= 0 {
			end = at + n
		}
		start := skipSpaces(s, at)
		if start >= end || start-at <= indent {
			return dst
		}
		dst = yamlValue(dst, s, start, end)
		at = end
		if at >= len(s) {
			return dst
		}
	}
}

// yamlValue appends the value of a line of YAML, or all of a line of a block.
func yamlValue(dst []Span, s string, start, end int) []Span {
	if colon := strings.Index(s[start:end], ": "); colon >= 0 {
		start = skipSpaces(s, start+colon+2)
	} else if s[end-1] == ':' {
		return dst
	}
	if start >= end {
		return dst
	}
	if q, inner := openQuote(s, start); q.mark != 0 {
		return found(dst, s, inner, min(end, quoteEnd(s, inner, q)), "secret-data")
	}
	if n := strings.IndexAny(s[start:end], "\"\\&"); n >= 0 { // what the text stands in goes on behind it
		end = start + n
	}
	v := strings.TrimRight(s[start:end], " \r'")
	if v == "" || v[0] == '|' || v[0] == '>' || Placeholder(v) { // the header of a block
		return dst
	}
	return found(dst, s, start, start+len(v), "secret-data")
}

// yamlBlock reports whether what stands at start, behind the name at from, is the header of
// a block (YAML 1.2.2 section 8.1), and where the text of that begins and ends: all lines
// that are indented deeper than the name. Where line breaks are escaped there is none: it is
// found without the escapes.
func yamlBlock(s string, from, start int) (first, last int, ok bool) {
	at := start
	for at < len(s) && at < start+3 && strings.IndexByte("|>+-123456789", s[at]) >= 0 {
		at++
	}
	if at == start || s[start] != '|' && s[start] != '>' {
		return 0, 0, false
	}
	at = skipSpaces(s, at)
	if strings.HasPrefix(strings.TrimPrefix(s[at:], "\\r"), "\\n") {
		return 0, 0, true
	}
	indent := from - 1 - strings.LastIndexByte(s[:from], '\n')
	if at < len(s) && s[at] == '\r' {
		at++
	}
	for at < len(s) && s[at] == '\n' {
		text := skipSpaces(s, at+1)
		end := len(s)
		if n := strings.IndexByte(s[text:], '\n'); n >= 0 {
			end = text + n
		}
		if text < end && text-at-1 <= indent {
			break
		}
		if text < end && first == 0 {
			first = text
		}
		if text < end {
			last = end
		}
		at = end
	}
	return first, last, first > 0
}

// flowMembers appends the values of a flow mapping (YAML 1.2.2 section 7.4.2) whose
// members begin at i: {a: x, b: "y"}.
func flowMembers(dst []Span, s string, i int) []Span {
	for i < len(s) {
		colon := strings.IndexAny(s[i:], ":}\n")
		if colon < 0 || s[i+colon] != ':' {
			return dst
		}
		q, start := openQuote(s, skipSpaces(s, i+colon+1))
		end := flowEnd(s, start, q)
		if end > start && !Placeholder(s[start:end]) {
			dst = found(dst, s, start, end, "secret-data")
		}
		next := strings.IndexAny(s[end:], ",}\n")
		if next < 0 || s[end+next] != ',' {
			return dst
		}
		i = end + next + 1
	}
	return dst
}

// flowEnd is where a value within a flow mapping ends.
func flowEnd(s string, start int, q quoting) int {
	if q.mark != 0 {
		return quoteEnd(s, start, q)
	}
	end := len(s)
	if n := strings.IndexAny(s[start:], ",}\n\""); n >= 0 {
		end = start + n
	}
	return start + len(strings.TrimRight(s[start:end], " \r"))
}

// yamlSecret reports whether a text has a line of YAML that says that an object is
// a Secret.
func yamlSecret(s string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], "kind:")
		if i < 0 {
			return false
		}
		from += i + len("kind:")
		if rest := strings.TrimLeft(s[from:min(len(s), from+16)], ` "'`); strings.HasPrefix(rest, "Secret") && !strings.HasPrefix(rest, "SecretP") {
			return true
		}
	}
}

// indentAt is by how many bytes the line of s[i] is indented before it.
func indentAt(s string, i int) int {
	line := strings.LastIndexByte(s[:i], '\n') + 1
	return len(s[line:i]) - len(strings.TrimLeft(s[line:i], " \t"))
}

// findYAMLPair finds the value beside the name of an environment variable: the line
// "value: x" below or above "name: DB_PASSWORD", or {name: DB_PASSWORD, value: x}.
func findYAMLPair(dst []Span, s string, i int) []Span {
	from, to := nameAround(s, i)
	if s[from:to] != "value" {
		return dst
	}
	if object := siblings(s, from, to); strings.HasPrefix(object, "{") {
		if _, name, ok := strings.Cut(object, "name: "); ok && IsName(name[:flowEnd(name, 0, quoting{})]) {
			q, start := openQuote(s, skipSpaces(s, to+1))
			if end := flowEnd(s, start, q); !Placeholder(s[start:end]) {
				return found(dst, s, start, end, kindOf(name[:flowEnd(name, 0, quoting{})]))
			}
		}
	}
	first := strings.LastIndexByte(s[:i], '\n') + 1
	above, below := s[max(0, first-lookBack):max(0, first-1)], s[i:min(len(s), i+lookBack)]
	above = above[strings.LastIndexByte(above, '\n')+1:]
	_, below, _ = strings.Cut(below, "\n")
	below, _, _ = strings.Cut(below, "\n")
	if strings.Contains(s[first:i], "- ") { // the item begins here
		above = ""
	}
	for n, line := range []string{above, below} {
		line = strings.TrimLeft(line, " ")
		if n == 0 {
			line = strings.TrimPrefix(line, "- ")
		}
		name, ok := strings.CutPrefix(line, "name:")
		if name = strings.Trim(name, " '\"\r"); !ok || !IsName(name) {
			continue
		}
		start, q, ok := afterAssign(s, i+len("value"))
		if !ok || s[start] == '\n' || s[start] == '|' || s[start] == '>' {
			return dst
		}
		if end := valueEnd(s, i, start, q); !Placeholder(s[start:end]) {
			return found(dst, s, start, end, kindOf(name))
		}
	}
	return dst
}

// yamlItem is where the next item of a list begins whose item before ends at i; 0 if
// there is none.
func yamlItem(s string, i int) int {
	j := i
	if strings.HasPrefix(s[j:], "\r") {
		j++
	}
	if !strings.HasPrefix(s[j:], "\n") {
		return 0
	}
	if j = skipSpaces(s, j+1); strings.HasPrefix(s[j:], "- ") {
		return j + len("- ")
	}
	return 0
}
