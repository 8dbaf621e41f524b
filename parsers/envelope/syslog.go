package envelope

import (
	"bytes"

	"tideline/parsers"
)

// syslog is a line with the header of RFC 5424 or RFC 3164, with or without
// its priority, as rsyslog and journalctl write it.
var syslog = Envelope{Name: "syslog", Open: openSyslog}

func openSyslog(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	line := rec.Data
	if line[0] == '<' {
		end := bytes.IndexByte(line[:min(len(line), 5)], '>')
		if end < 2 {
			return false, nil
		}
		line = line[end+1:]
		if bytes.HasPrefix(line, []byte("1 ")) {
			return open5424(rec, line[2:], emit)
		}
	}
	return open3164(rec, line, emit)
}

// open5424 opens "TIMESTAMP HOST APP PROCID MSGID STRUCTURED-DATA MSG".
func open5424(rec *parsers.Record, line []byte, emit func(*parsers.Record) error) (bool, error) {
	in := enter(rec, "syslog")
	for i := range 5 {
		var word []byte
		if word, line = cutWord(line); len(line) == 0 {
			return false, nil
		}
		switch {
		case i == 0:
			in.Origin.Time = stamp(word)
		case i == 1 && string(word) != "-":
			in.Origin.Host = same(last(rec).Host, word)
		case i == 2:
			setTagged(&in.Origin.Container, last(rec), word)
		}
	}
	return payload(in, bytes.TrimPrefix(afterData(line), []byte("\xef\xbb\xbf")), emit)
}

// afterData returns what follows the structured data of RFC 5424: "-", or
// elements in brackets in which "\]" is no end.
func afterData(line []byte) []byte {
	if line[0] == '-' {
		return bytes.TrimLeft(line[1:], " ")
	}
	quoted := false
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			quoted = !quoted
		case ']':
			if !quoted && (i+1 == len(line) || line[i+1] != '[') {
				return bytes.TrimLeft(line[i+1:], " ")
			}
		}
	}
	return line
}

// open3164 opens "Mmm dd hh:mm:ss HOST TAG[PID]: MSG", also with a time by
// RFC 3339, as rsyslog writes it, or as journalctl does (journaltime.go).
func open3164(rec *parsers.Record, line []byte, emit func(*parsers.Record) error) (bool, error) {
	when, behind := cutTime(line)
	if len(when) == 0 {
		return false, nil
	}
	host, rest := cutWord(behind)
	tag, message := cutWord(rest)
	// journalctl --no-hostname. But a time and an id are an event of Docker's, and the
	// kernel's ring has "[12.3] audit: ", which is a form of the record itself.
	bare := isTag(host) && !isTagged(host) && string(host) != "audit:"
	if bare {
		host, tag, message = nil, host, rest
	}
	if !bare && !isHostName(host) || !isTag(tag) || !(carries(message) || stamped(message) || isTagged(tag)) {
		return false, nil // as most lines, of which it need not be known when they were
	}
	at, ok := logTime(when)
	if !ok {
		return false, nil
	}
	in := enter(rec, "syslog")
	in.Origin.Time = at
	if !bare {
		in.Origin.Host = same(last(rec).Host, host)
	}
	setTagged(&in.Origin.Container, last(rec), tag)
	return payload(in, message, emit)
}

// idLength is how long the ids are that Docker's drivers for syslog and the journal tag
// lines with, unless told otherwise.
const idLength = 12

// dockerTag begins the tags that Docker's documentation of log tags gives as an example:
// docker/NAME/ID and docker/NAME.
var dockerTag = []byte("docker/")

// isTagged reports whether the tag of a line is that of a container: "4f0c9a1b2c3d[99]:".
func isTagged(tag []byte) bool {
	if n := bytes.IndexAny(tag, "[:"); n >= 0 {
		tag = tag[:n]
	}
	return bytes.HasPrefix(tag, dockerTag) && len(tag) > len(dockerTag) || isShortID(tag)
}

func isShortID(s []byte) bool {
	if len(s) != idLength {
		return false
	}
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// setTagged sets the container that the tag of a line names, if it names one.
func setTagged(c *parsers.Container, last *parsers.Origin, tag []byte) {
	if !isTagged(tag) {
		return
	}
	if n := bytes.IndexAny(tag, "[:"); n >= 0 {
		tag = tag[:n]
	}
	tag = bytes.TrimPrefix(tag, dockerTag)
	name, id, ok := bytes.Cut(tag, []byte("/"))
	if !ok && isShortID(tag) {
		name, id = nil, tag
	}
	if len(name) > 0 {
		c.Name = same(last.Name, name)
	}
	if isShortID(id) {
		c.ID = same(last.ID, id)
	}
}

// stamped reports whether a message begins with a time of its own, as events
// of Docker and podman in text form do.
func stamped(message []byte) bool {
	return len(message) > 19 && message[0] >= '0' && message[0] <= '9' && message[4] == '-'
}

// isTag reports whether b is the name of a program with a colon.
func isTag(b []byte) bool {
	return len(b) > 1 && b[len(b)-1] == ':' && bytes.IndexByte(b, '{') < 0 && bytes.IndexByte(b, '=') < 0
}
