package secret

import "strings"

// Where names and values begin and end, in command lines, JSON, lists that were
// printed, process titles and query strings, under any number of quotes.

// nameAround is the name of which s[i] is a part, with leading dashes.
func nameAround(s string, i int) (from, to int) {
	for i < len(s) && !isName(s[i]) {
		i++
	}
	from, to = i, i
	for from > 0 && isName(s[from-1]) && i-from < 128 {
		from--
	}
	for to < len(s) && isName(s[to]) && to-i < 128 {
		to++
	}
	return from, to
}

// A quoting is how a value is quoted: by which mark, and under how many
// backslashes.
type quoting struct {
	mark    byte // 0 if the value is not quoted
	slashes int
}

// openQuote reads backslashes and a quotation mark at i.
func openQuote(s string, i int) (quoting, int) {
	j := i
	for j < len(s) && s[j] == '\\' {
		j++
	}
	if j < len(s) && (s[j] == '"' || s[j] == '\'') {
		return quoting{s[j], j - i}, j + 1
	}
	return quoting{}, i
}

func skipSpaces(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}

// skipWhite skips line breaks, too: between the elements of a list that was printed to
// be read, as docker inspect prints it.
func skipWhite(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r') {
		i++
	}
	return i
}

// afterAssign finds the value behind "=", ":" or ":=", after the closing quote
// of the name if there is one.
func afterAssign(s string, i int) (start int, q quoting, ok bool) {
	closing, i := openQuote(s, i)
	if closing.mark != 0 && i < len(s) && s[i] == ']' { // environ["TOKEN"] = "x"
		i++
	}
	i = skipSpaces(s, skipColour(s, i))
	switch {
	case i >= len(s) || s[i] != '=' && s[i] != ':':
		return 0, q, false
	case strings.HasPrefix(s[i:], "://"):
		return 0, q, false
	case strings.HasPrefix(s[i:], ":=") || strings.HasPrefix(s[i:], "=>") || strings.HasPrefix(s[i:], "=="):
		i++
	}
	i = skipSpaces(s, skipColour(s, i+1))
	if i+1 < len(s) && (s[i+1] == '\'' || s[i+1] == '"') && strings.IndexByte("NnBbEeFfRrUu", s[i]) >= 0 { // N'x' of SQL, b"x" of Python
		i++
	}
	q, start = openQuote(s, i)
	return start, q, start < len(s)
}

// skipColour steps over what sets the colour of a terminal (ECMA-48, SGR), as loggers write
// it around names: "\x1b[36mtoken\x1b[0m=x".
func skipColour(s string, i int) int {
	if !strings.HasPrefix(s[i:], "\x1b[") {
		return i
	}
	end := i + len("\x1b[")
	for end < len(s) && (s[end] == ';' || s[end] >= '0' && s[end] <= '9') {
		end++
	}
	if end < len(s) && s[end] == 'm' {
		return end + 1
	}
	return i
}

// maxElement is the longest text of an XML element that is taken for a secret, in bytes.
const maxElement = 64 << 10

// afterTag finds the text of the XML element whose name is s[from:to].
func afterTag(s string, from, to int) (start int, ok bool) {
	if from == 0 || to+1 >= len(s) || s[to] != '>' || s[from-1] != '<' && s[from-1] != ':' {
		return 0, false
	}
	return to + 1, s[to+1] != '<' && strings.IndexByte(s[to+1:min(len(s), to+1+maxElement)], '<') >= 0
}

// afterOption finds the value of an option that is written in either way.
func afterOption(s string, i int) (start int, q quoting, ok bool) {
	if start, q, ok = afterAssign(s, i); ok {
		return start, q, ok
	}
	return afterFlag(s, i)
}

// afterFlag finds the argument behind a flag: in a command line, in a JSON or
// printed list or one of YAML, in the numbered arguments of auditd, in a
// NUL-separated process title, or as the next "command" of an exec request.
func afterFlag(s string, i int) (start int, q quoting, ok bool) {
	if i < len(s) && s[i] == 0 {
		q, start = openQuote(s, i+1)
		return start, q, start < len(s) && s[start] != '-'
	}
	if rest, ok := strings.CutPrefix(s[i:], "&command="); ok {
		return i + len("&command="), q, rest != "" && rest[0] != '-'
	}
	closing, j := openQuote(s, i)
	k := skipSpaces(s, j)
	switch {
	case closing.mark != 0 && k < len(s) && s[k] == ',':
		q, start = openQuote(s, skipWhite(s, k+1))
	case closing.mark != 0 && k > j && auditArgument(s[k:]) > 0:
		q, start = openQuote(s, k+auditArgument(s[k:]))
	case k > j:
		q, start = openQuote(s, k)
	case yamlItem(s, j) > 0:
		q, start = openQuote(s, yamlItem(s, j))
	default:
		return 0, q, false
	}
	return start, q, start < len(s) && s[start] != '-'
}

// auditArgument is the length of "a3=" or "a3[1]=" at the start of s; 0 if it
// is neither.
func auditArgument(s string) int {
	if s == "" || s[0] != 'a' {
		return 0
	}
	i := 1
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '[' || s[i] == ']') {
		i++
	}
	if i == 1 || i >= len(s) || s[i] != '=' {
		return 0
	}
	return i + 1
}

func afterSpace(s string, i int) (start int, q quoting, ok bool) {
	j := skipSpaces(s, i)
	if j == i {
		return 0, q, false
	}
	q, start = openQuote(s, j)
	return start, q, start < len(s)
}

// skipScheme steps over the scheme of an Authorization header, one that we do not know if
// what follows it looks like no word of a sentence.
func skipScheme(s string, i int, name string) int {
	for _, scheme := range []string{"bearer ", "basic ", "token ", "negotiate ", "apikey ", "ssws "} {
		if hasFoldPrefix(s[i:], scheme) && len(s) > i+len(scheme) {
			return skipSpaces(s, i+len(scheme))
		}
		if escaped := scheme[:len(scheme)-1] + `\ `; hasFoldPrefix(s[i:], escaped) { // curl -H Authorization:Bearer\ x
			return i + len(escaped)
		}
	}
	if !hasAnySuffix(strings.ToLower(name), []string{"authorization"}) {
		return i
	}
	const shortest = 16
	word := i
	for word < len(s) && (isLower(s[word]) || isUpper(s[word]) || s[word] == '-') {
		word++
	}
	end := skipSpaces(s, word)
	from := end
	for end < len(s) && isToken68(s[end]) {
		end++
	}
	if word > i && from > word && end-from >= shortest && strings.ContainsAny(s[from:end], "0123456789") {
		return from
	}
	return i
}

// nearNUL is how far from a value a NUL says that it is one of a process title, in
// bytes: /proc/PID/cmdline began as one page.
const nearNUL = 4096

// valueEnd is where the value that starts at start ends. A quoted value ends
// at its closing quote. In a list of NUL-separated arguments it ends at NUL. If
// the name at the beginning, name, is itself preceded by a quote, the whole
// "NAME=value" is one quoted word. Otherwise white space ends it, a quote, and
// the separators of query and connection strings. In doubt it is longer.
func valueEnd(s string, name, start int, q quoting) int {
	if q.mark == 0 && name > 0 && (s[name-1] == '"' || s[name-1] == '\'') {
		q = quoting{mark: s[name-1]}
		for i := name - 2; i >= 0 && s[i] == '\\'; i-- {
			q.slashes++
		}
		if strings.IndexByte(s[name:start], q.mark) >= 0 { // closed before the value: a number or a word of JSON
			if i := strings.IndexAny(s[start:], " \t\n\r\"',}]&;"); i >= 0 {
				return start + i
			}
			return len(s)
		}
	}
	if q.mark != 0 {
		return quoteEnd(s, start, q)
	}
	if end := commandEnd(s, name, start); end > 0 {
		return end
	}
	stops := " \t\n\r\"'&;\x00\x1b"
	if strings.IndexByte(s[max(0, start-nearNUL):min(len(s), start+nearNUL)], 0) >= 0 {
		stops = "\x00"
	}
	if i := strings.IndexAny(s[start:], stops); i >= 0 {
		return start + i
	}
	return len(s)
}

// commandEnd is where an argument of an exec request ends, whose query is decoded by
// now, so that there are spaces in it; 0 if the value is of none, or nothing says where
// the query ends.
func commandEnd(s string, name, start int) int {
	const parameter = "command="
	if !strings.HasSuffix(s[:start], parameter) && !strings.HasSuffix(s[:name], parameter) {
		return 0
	}
	if n := strings.IndexAny(s[start:], "&\"'\n"); n > 0 && s[start+n] == '&' {
		return start + n
	}
	return 0
}

// quoteEnd is the place of the quotation mark that closes q, backslashes
// included. Under n backslashes, a mark closes if the number of backslashes
// before it leaves n when divided by 2(n+1); others are part of the value.
func quoteEnd(s string, start int, q quoting) int {
	slashes := 0
	for i := start; i < len(s); i++ {
		switch s[i] {
		case '\\':
			slashes++
			continue
		case q.mark:
			if n := splice(s[i:], q); n > 0 {
				i += n - 1
			} else if slashes%(2*(q.slashes+1)) == q.slashes {
				return i - q.slashes
			}
		}
		slashes = 0
	}
	return len(s)
}

// splice is the length of a single quotation mark within single quotes, as shells and what
// quotes for them write it; 0 if s does not begin with one.
func splice(s string, q quoting) int {
	if q != (quoting{mark: '\''}) {
		return 0
	}
	for _, mark := range []string{`'"'"'`, `'\''`} {
		if strings.HasPrefix(s, mark) {
			return len(mark)
		}
	}
	return 0
}
