package dockerd

import (
	"bytes"

	"tideline/parsers/internal/goquote"
)

// maxPairs is how many key=value pairs of one line are kept. The daemon writes
// a dozen; what comes behind is said as a gap, so that a line of a gigabyte of
// pairs costs no more memory than any other.
const maxPairs = 1024

// A pair is one key=value of a line, decoded. A word without a key has none.
type pair struct{ key, value []byte }

// A line is one line of a daemon log, whatever it was spelled in. Its bytes
// belong to the record or to the line's own memory, and hold until the line is
// read again.
type line struct {
	pairs []pair
	time  []byte
	level []byte
	msg   []byte
	tag   []byte // program, of a syslog or journal prefix
	host  []byte // of the prefix
	when  []byte // time of the prefix

	unclosed bool   // the last quote never ends: the line was cut
	dropped  bool   // there were more than maxPairs
	next     []byte // another line that stands behind this one, whose newline was lost
	text     []byte
}

func (l *line) reset() {
	*l = line{pairs: l.pairs[:0], text: l.text[:0]}
	if cap(l.text) > 1<<20 {
		l.text = nil
	}
}

// lineStart is how a line begins.
var lineStart = []byte(`time="2`)

// readPairs reads the text form of logrus: key=value, separated by blanks,
// values quoted as by Go's %q where they need it.
func (l *line) readPairs(s []byte) {
	for {
		for len(s) > 0 && isBlank(s[0]) {
			s = s[1:]
		}
		if len(s) == 0 {
			return
		}
		if l.msg != nil && l.time != nil && bytes.HasPrefix(s, lineStart) { // logrus gives a field no name of its own keys
			l.next = s
			return
		}
		if len(l.pairs) == maxPairs {
			l.dropped = true
			return
		}
		s = l.readPair(s)
	}
}

// readPair reads the pair or word that s starts with and returns the rest.
func (l *line) readPair(s []byte) []byte {
	n := 0
	for n < len(s) && s[n] != '=' && !isBlank(s[n]) {
		n++
	}
	if n == len(s) || n == 0 || s[n] != '=' {
		n = max(n, 1)
		l.add(nil, s[:n])
		return s[n:]
	}
	key, rest := s[:n], s[n+1:]
	if l.time != nil && l.isNext(key, rest) {
		l.next = s[n-len("time"):]
		return nil
	}
	if len(rest) > 0 && rest[0] == '"' {
		value, tail := l.unquote(rest[1:])
		if len(tail) > 0 && tail[0] == '2' && bytes.HasSuffix(value, lineStart[:len("time=")]) { // the quote that closes it is that of the next line's time
			value, l.unclosed = value[:len(value)-len("time=")], true
			l.next, tail = rest[len(rest)-len(tail)-len(`time="`):], nil
		}
		l.add(key, value)
		return tail
	}
	end := 0
	for end < len(rest) && !isBlank(rest[end]) {
		end++
	}
	value := rest[:end]
	if at := bytes.Index(value, lineStart); at >= 0 { // logrus quotes what has a quote in it
		l.unclosed, l.next, end = true, rest[at:], len(rest)
		value = value[:at]
	}
	l.add(key, value)
	return rest[end:]
}

// isNext reports whether a key is the time that another line begins with, behind one that
// breaks off or a separator that became of its newline. Behind the message no letter
// stands before it, but that of an escape: fields have names such as starttime.
func (l *line) isNext(key, rest []byte) bool {
	n := len(key) - len("time")
	if n <= 0 || string(key[n:]) != "time" || !bytes.HasPrefix(rest, lineStart[len("time="):]) {
		return false
	}
	return l.msg == nil || !isWordByte(key[n-1]) || n > 1 && key[n-2] == '\\'
}

func isWordByte(c byte) bool {
	return c == '_' || c == '-' || c == '.' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// isBlank: a text of several lines is one record if it stood in a string.
func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (l *line) add(key, value []byte) {
	l.pairs = append(l.pairs, pair{key, value})
	switch {
	case len(key) > len("level"):
	case l.time == nil && string(key) == "time":
		l.time = value
	case l.level == nil && string(key) == "level":
		l.level = value
	case l.msg == nil && string(key) == "msg":
		l.msg = value
	}
}

// unquote decodes text up to its closing quote. Without one, everything is
// taken and the line is marked.
func (l *line) unquote(s []byte) (value, rest []byte) {
	var closed bool
	value, rest, l.text, closed = goquote.Decode(l.text, s)
	l.unclosed = l.unclosed || !closed
	return value, rest
}
