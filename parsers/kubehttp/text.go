package kubehttp

import (
	"bytes"
	"regexp"

	"tideline/parsers/internal/goquote"
	"tideline/parsers/internal/klog"
)

// A reader takes lines apart and keeps the memory for what had to be decoded.
type reader struct {
	access
	text []byte // unquoted values
	next []byte // another line that stands behind this one, whose newline was lost
	torn bool   // which breaks this one off
}

func (r *reader) reset() {
	r.access.reset()
	r.next, r.torn = nil, false
	if r.text = r.text[:0]; cap(r.text) > 1<<20 {
		r.text = nil
	}
}

// readText takes a line of text apart; false if it does not tell of a request. cut
// says that the end of the line is missing.
func (r *reader) readText(line []byte, cut bool) bool {
	message := line
	if stamp, behind, ok := klog.Cut(line); ok {
		r.stamp, message = stamp, behind
	}
	switch klog.ShapeOf(message) {
	case klog.Current:
		r.readPairs(r.sole(message[len(`"HTTP" `):], &cut), cut)
	case klog.Quoted:
		if r.stamp == nil {
			return false
		}
		r.readPairs(r.sole(message, &cut), cut)
	case klog.Old:
		if r.stamp == nil {
			return false
		}
		r.readOld(message, cut)
	default:
		return false
	}
	return true
}

// mark is the name of the source file in the head of quoted lines.
var mark = []byte("httplog.go:")

// whole is how a quoted message ends that nothing cut.
var whole = regexp.MustCompile(`resp=[1-5][0-9][0-9]$|hijacked=true$|: *(?:hijacked)?$`)

func isQuoted(line []byte) bool {
	_, message, _ := klog.Cut(line)
	shape := klog.ShapeOf(message)
	return shape == klog.Current || shape == klog.Quoted
}

// sole is a quoted message without what stands behind it, another line whose newline
// was lost, and which r keeps. No client can write one: it takes quotes that are not
// escaped. Whether the message is whole is seen by what it ends in.
func (r *reader) sole(message []byte, cut *bool) []byte {
	for off := 0; ; {
		n := bytes.Index(message[off:], mark)
		if n < 0 {
			return message
		}
		if at := off + klog.Find(message[off:]); at >= off && isQuoted(message[at:]) {
			r.next = message[at:]
			message = bytes.TrimRight(message[:at], " \r\n")
			r.torn = !whole.Match(message)
			*cut = *cut || r.torn
			return message
		}
		off += n + len(mark)
	}
}

// readPairs reads key=value, parted by blanks. Text is quoted as strconv.Quote does
// it, so that nothing in it can end it; a text of several lines is announced by "<"
// and follows on lines of its own (k8s.io/klog/v2, internal/serialize, keyvalues.go,
// v2.60 and later). Up to 1.19 the pairs end with a colon, behind which status and
// stack stand once more.
func (r *reader) readPairs(s []byte, cut bool) {
	for len(s) > 0 && !r.dropped {
		if s[0] == ' ' {
			s = s[1:]
			continue
		}
		if s[0] == ':' {
			r.hijacked = r.hijacked || bytes.Equal(bytes.TrimSpace(s[1:]), []byte("hijacked"))
			return
		}
		n := bytes.IndexByte(s, '=')
		if n <= 0 || bytes.IndexByte(s[:n], ' ') >= 0 {
			return // the rest is no pair
		}
		s = r.readValue(s[:n:n], s[n+1:], cut)
	}
}

// readValue reads the value that s begins with, and returns what follows.
func (r *reader) readValue(key, s []byte, cut bool) []byte {
	if len(s) > 0 && s[0] == '"' {
		value, rest, text, closed := goquote.Decode(r.text, s[1:])
		r.text = text
		r.add(key, value)
		if !closed {
			r.unclosed = true
			r.note(key)
		}
		return rest
	}
	end := 0
	for end < len(s) && s[end] != ' ' {
		end++
	}
	if end == len(s) && cut {
		r.note(key)
		if string(key) == "resp" {
			return nil // a part of a number
		}
	}
	if string(s[:end]) != "<" {
		r.add(key, s[:end:end])
	}
	return s[end:]
}

// note remembers that the end of a value is missing, where it matters.
func (r *reader) note(key []byte) {
	switch string(key) {
	case "URI", "verb":
		r.uriCut = true
	case "latency":
		r.latencyCut = true
	}
}
