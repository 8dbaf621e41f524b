package secret

import "strings"

// Secrets in SQL, in sentences, piped into a program, and behind the flags of other systems.

// findIdentified finds the password of an SQL statement: IDENTIFIED [WITH plugin]
// BY 'x', [WITH] PASSWORD 'x', SET PASSWORD [FOR user] = 'x' or PASSWORD('x').
func findIdentified(dst []Span, s string, i int) []Span {
	const near = 96
	word := len("password")
	if s[i] == ' ' {
		if word = len(" by"); !strings.Contains(strings.ToLower(s[max(0, i-near):i]), "identified") {
			return dst
		}
	} else if i > 0 && isName(s[i-1]) {
		return dst
	}
	start, q, ok := afterSpace(s, i+word)
	if strings.HasPrefix(s[i+word:], "(") && strings.HasSuffix(strings.TrimRight(s[max(0, i-near):i], " "), "=") { // = PASSWORD('x')
		q, start = openQuote(s, i+word+1)
		ok = start < len(s)
	}
	if ok && hasFoldPrefix(s[start:], "for ") && hasFoldPrefix(s[max(0, i-4):], "set ") {
		if eq := strings.IndexByte(s[start:min(len(s), start+near)], '='); eq >= 0 {
			q, start = openQuote(s, skipSpaces(s, start+eq+1))
		}
	}
	if !ok || q.mark == 0 {
		return dst
	}
	end := quoteEnd(s, start, q)
	if end == len(s) || Placeholder(s[start:end]) || strings.HasPrefix(s[start:end], ",") {
		return dst
	}
	return found(dst, s, start, end, "password")
}

// findPiped finds what echo or printf gives to a program that reads a password.
func findPiped(dst []Span, s string, i int) []Span {
	if readsPassword(s, i) {
		dst = foundHereString(dst, s, i)
	}
	head := s[max(0, i-lookBack):i]
	pipe := strings.LastIndexByte(head, '|')
	if s[i] == '|' {
		pipe = len(head)
	}
	if pipe < 0 || !readsPassword(s, i) {
		return dst
	}
	head = head[:pipe]
	at := max(strings.LastIndex(head, "echo "), strings.LastIndex(head, "printf "))
	if at < 0 {
		return dst
	}
	from := i - len(s[max(0, i-lookBack):i]) + at
	from += strings.IndexByte(s[from:], ' ')
	for a, after, ok := nextWord(s, from); ok; a, after, ok = nextWord(s, after) {
		text := s[a.from:a.to]
		if strings.HasPrefix(text, "-") || Placeholder(text) || strings.HasPrefix(text, "%") {
			continue
		}
		if name, _, ok := strings.Cut(text, ":"); ok && hasFoldPrefix(s[i:], "chpasswd") {
			a.from += len(name) + 1
		}
		dst = found(dst, s, a.from, a.to, "password")
	}
	return dst
}

// foundHereString appends the word that a shell gives to the command at i on its
// standard input: sudo -S id <<< x.
func foundHereString(dst []Span, s string, i int) []Span {
	const operator = "<<<"
	n := strings.Index(s[i:min(len(s), i+lookBack)], operator)
	if n < 1 || strings.ContainsAny(s[i:i+n], "|;&\n") || strings.IndexByte("\"'", s[i+n-1]) >= 0 { // of a list, where it is no operator
		return dst
	}
	q, start := openQuote(s, skipSpaces(s, i+n+len(operator)))
	if start >= len(s) {
		return dst
	}
	return foundWord(dst, s, i, start, q)
}

// findSent finds what expect types where it was asked for a password: send "x\r". Where
// the question is not in the text, it is a word that looks like one.
func findSent(dst []Span, s string, i int) []Span {
	const near = 96
	asked := strings.Contains(strings.ToLower(s[max(0, i-near):i]), "assw")
	start := skipSpaces(s, i+len("send "))
	if strings.HasPrefix(s[start:], "-- ") {
		start = skipSpaces(s, start+len("-- "))
	}
	q, start := openQuote(s, start)
	if q.mark == 0 {
		return dst
	}
	end := quoteEnd(s, start, q)
	value := s[start:end]
	n := strings.IndexAny(value, "\\\r\n") // the return key
	if n >= 0 {
		value = value[:n]
	}
	if Placeholder(value) || !asked && (n < 0 || strings.ContainsAny(value, " \t/") || !looksDrawn(value)) {
		return dst
	}
	return found(dst, s, start, start+len(value), "password")
}

// readsPassword reports whether the program or flag at i reads a password from
// standard input.
func readsPassword(s string, i int) bool {
	rest := s[i:min(len(s), i+64)]
	switch {
	case strings.HasPrefix(rest, "sudo"):
		return strings.Contains(rest, " -S") || strings.Contains(rest, "--stdin")
	case strings.HasPrefix(rest, "passwd"):
		return (i == 0 || !isName(s[i-1])) && strings.Contains(rest, "--stdin") || behindPipe(s, i)
	case strings.HasPrefix(rest, "vault login -"):
		return rest == "vault login -" || strings.IndexByte(" \"'", rest[len("vault login -")]) >= 0
	}
	if hasFoldPrefix(rest, "create secret") {
		return strings.Contains(s[i:min(len(s), i+lookBack)], "/dev/stdin")
	}
	return true // chpasswd, --password-stdin, docker secret create
}

// behindPipe reports whether the program whose name ends with s[i:] is given what stands
// before a pipe: | passwd, | sudo passwd, | smbpasswd.
func behindPipe(s string, i int) bool {
	const near = 16
	head := strings.TrimRight(strings.TrimSuffix(s[max(0, i-near):i], "smb"), " ")
	return strings.HasSuffix(strings.TrimRight(strings.TrimSuffix(head, "sudo"), " "), "|")
}

// findSlashPassword finds the password of xfreerdp: /p:x.
func findSlashPassword(dst []Span, s string, i int) []Span {
	start := i + len("/p:")
	if !ofCommand(s, i, "xfreerdp") && !ofCommand(s, i, "wfreerdp") || start >= len(s) {
		return dst
	}
	q, start := openQuote(s, start)
	return foundWord(dst, s, i, start, q)
}

// findDashPassword finds the password of PuTTY's programs: -pw x.
func findDashPassword(dst []Span, s string, i int) []Span {
	for _, p := range []string{"plink", "pscp", "psftp"} {
		if ofCommand(s, i, p) {
			if start, q, ok := afterFlag(s, i+len("-pw")); ok {
				return foundWord(dst, s, i, start, q)
			}
		}
	}
	return dst
}

// findImpacket finds the password in the target of impacket's programs:
// domain/user:password@host.
func findImpacket(dst []Span, s string, i int) []Span {
	_, to := nameAround(s, i)
	for _, a := range arguments(s, to) {
		text := s[a.from:a.to]
		colon, at := strings.IndexByte(text, ':'), strings.LastIndexByte(text, '@')
		if colon > 0 && at > colon+1 {
			dst = found(dst, s, a.from+colon+1, a.from+at, "password")
		}
	}
	return dst
}

func foundWord(dst []Span, s string, name, start int, q quoting) []Span {
	if end := valueEnd(s, name, start, q); end > start && !Placeholder(s[start:end]) {
		return found(dst, s, start, end, "password")
	}
	return dst
}

// findSaid finds the password that a program tells in a sentence: "temporary password is
// generated for root@localhost: X", "password for user admin is "X"".
func findSaid(dst []Span, s string, i int) []Span {
	const near = 160
	from := i + len("password")
	line := s[from:min(len(s), from+near)]
	if n := strings.IndexAny(line, "\r\n"); n >= 0 {
		line = line[:n]
	} else if from+len(line) < len(s) {
		line = line[:strings.LastIndexByte(line, ' ')+1]
	}
	before := ""
	for at := 0; at < len(line); {
		at = skipSpaces(line, at)
		end := at
		for end < len(line) && line[end] != ' ' && line[end] != '\t' {
			end++
		}
		word := strings.TrimRight(line[at:end], ".,;!")
		q, start := openQuote(word, 0)
		switch {
		case !tells(before):
		case q.mark != 0 && quoteEnd(word, start, q) == len(word)-q.slashes-1 && len(word)-start > MinKnown:
			return found(dst, s, from+at+start, from+at+quoteEnd(word, start, q), "password")
		case q.mark == 0 && skipSpaces(line, end) == len(line) && looksDrawn(word):
			return found(dst, s, from+at, from+at+len(word), "password")
		}
		before, at = word, end
	}
	return dst
}

// findAnswer finds what was typed behind a prompt that asked for a password, where the
// text has it on the next line: a word that stands there alone.
func findAnswer(dst []Span, s string, i int) []Span {
	const longest = 96 // bytes of a prompt, from the word on
	near := s[i:min(len(s), i+longest)]
	n := strings.IndexByte(near, '\n')
	if n < 0 || !strings.HasSuffix(strings.TrimRight(near[:n], " \t\r"), ":") {
		return dst
	}
	start := i + n + 1
	end := start
	for end < len(s) && s[end] > ' ' {
		end++
	}
	value := s[start:end]
	if len(value) < MinKnown || end < len(s) && s[end] != '\n' && s[end] != '\r' || strings.ContainsAny(value, ":=\"'{}") || Placeholder(value) {
		return dst
	}
	return found(dst, s, start, end, "password")
}

// tells reports whether a password may follow a word: "is", "to", "=", or what ends with a
// colon and does not say that a name follows.
func tells(word string) bool {
	switch word = strings.ToLower(word); word {
	case "is", "to", "=", "was":
		return true
	case "user:", "username:", "account:", "host:", "from:", "by:", "at:", "id:", "for:":
		return false
	}
	return strings.HasSuffix(word, ":")
}

// looksDrawn reports whether a word is one that a program has drawn: of eight bytes or
// more and of three of capitals, small letters, digits and signs, but no path, address or time.
func looksDrawn(v string) bool {
	var digit, upper, small, sign int
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c >= '0' && c <= '9':
			digit = 1
		case isUpper(c):
			upper = 1
		case isLower(c):
			small = 1
		default:
			sign = 1
		}
	}
	const date = "2006-"
	dated := len(v) > len(date) && v[len(date)-1] == '-' && strings.Trim(v[:len(date)-1], "0123456789") == ""
	return len(v) >= 8 && digit+upper+small+sign >= 3 && !dated && !Placeholder(v) && !isPath(v, true) && !strings.Contains(v, "://") && !strings.ContainsAny(v, "@'\"")
}
