package secret

import "strings"

// An argument is a word of a command line.
type argument struct {
	from, to int
	prose    bool // parted from the others by spaces only, as the words of a sentence are
}

// maxArguments is how many arguments of a command are looked at.
const maxArguments = 64

// arguments are those behind the name of a program that ends at to, in each form
// that afterFlag knows. All are in the form of the first: what is parted in
// another way is no longer of the command.
func arguments(s string, to int) []argument {
	next := nextWord
	closing, j := openQuote(s, to)
	k := skipSpaces(s, j)
	switch {
	case to < len(s) && s[to] == 0:
		next = nextTitle
	case strings.HasPrefix(s[to:], "&command="):
		next = nextCommand
	case closing.mark != 0 && k < len(s) && s[k] == ',':
		next = nextListed
	case closing.mark != 0 && k > j && auditArgument(s[k:]) > 0:
		next = nextAudited
	case closing.mark != 0:
		return nil
	}
	var out []argument
	for i := to; len(out) < maxArguments; {
		a, after, ok := next(s, i)
		if !ok {
			break
		}
		out, i = append(out, a), after
	}
	return out
}

// nextTitle is the next argument in a process title.
func nextTitle(s string, i int) (argument, int, bool) {
	if i >= len(s) || s[i] != 0 {
		return argument{}, i, false
	}
	end := len(s)
	if n := strings.IndexByte(s[i+1:], 0); n >= 0 {
		end = i + 1 + n
	}
	return argument{from: i + 1, to: end}, end, true
}

// nextCommand is the next argument in the URL of an exec request.
func nextCommand(s string, i int) (argument, int, bool) {
	rest, ok := strings.CutPrefix(s[i:], "&command=")
	if !ok {
		return argument{}, i, false
	}
	start, end := len(s)-len(rest), len(s)
	if n := strings.IndexAny(rest, "& \t\n\"'"); n >= 0 {
		end = start + n
	}
	return argument{from: start, to: end}, end, true
}

// nextListed is the next element of a JSON or printed list; i is at the quotation
// mark that closes the one before.
func nextListed(s string, i int) (argument, int, bool) {
	closing, j := openQuote(s, i)
	if j = skipSpaces(s, j); closing.mark == 0 || j >= len(s) || s[j] != ',' {
		return argument{}, i, false
	}
	q, start := openQuote(s, skipWhite(s, j+1))
	if q != closing {
		return argument{}, i, false
	}
	end := quoteEnd(s, start, q)
	return argument{from: start, to: end}, end, true
}

// nextAudited is the next of auditd's numbered arguments, in quotes or in hex.
func nextAudited(s string, i int) (argument, int, bool) {
	_, j := openQuote(s, i)
	j = skipSpaces(s, j)
	n := auditArgument(s[j:])
	if n == 0 {
		return argument{}, i, false
	}
	q, start := openQuote(s, j+n)
	if q.mark != 0 {
		end := quoteEnd(s, start, q)
		return argument{from: start, to: end}, end, true
	}
	end := start
	for end < len(s) && s[end] > ' ' {
		end++
	}
	return argument{from: start, to: end}, end, true
}

// nextWord is the next word of a command line, to where the command ends.
func nextWord(s string, i int) (argument, int, bool) {
	start := skipSpaces(s, i)
	if start == i || start >= len(s) || strings.IndexByte("|;&<>\r\n\x00", s[start]) >= 0 {
		return argument{}, i, false
	}
	if q, inner := openQuote(s, start); q.mark != 0 {
		end := quoteEnd(s, inner, q)
		return argument{from: inner, to: end}, min(end+q.slashes+1, len(s)), end > inner
	}
	end := len(s)
	if n := strings.IndexAny(s[start:], " \t\r\n\"'|;&\x00"); n >= 0 {
		end = start + n
	}
	if word := s[start:end]; strings.HasSuffix(word, "]") && strings.IndexByte(word, '[') < 0 { // of a printed list
		end--
	}
	return argument{from: start, to: end, prose: true}, end, end > start
}
