package containerlog

import (
	"bytes"
	"tideline/parsers/internal/words"
	"time"
)

// widest is the longest prefix, in bytes, that is looked for before a line of
// several containers' output.
const widest = 200

// readPrefixed reads what "docker compose logs" and "docker service logs" put
// before a line, and returns the line without it:
//
//	web-1  | 2025-03-01T10:00:00.1Z message
//	web.1.x3ti0erg11rjpg64m75kej2mz@node1    | message
//	2025-03-01T10:00:00.1Z web.1.x3ti0erg11rjpg64m75kej2mz@node1    | message
//
// Names are padded to the longest. A replica's name, which ends in its number,
// is sure; another name (container_name in a compose file) is believed where
// its bar stands below that of the line before.
func (e *entry) readPrefixed(line []byte) ([]byte, bool) {
	s := uncoloured(line)
	if barMark.Index(s[:min(len(s), maxStamp+widest)]) < 0 {
		return line, false
	}
	at := time.Time{}
	if n := bytes.IndexByte(s, ' '); n >= 20 && n < maxStamp && s[10] == 'T' {
		if at.UnmarshalText(s[:n]) == nil {
			s = s[n+1:]
		}
	}
	bar := barMark.Index(s[:min(len(s), widest)])
	if bar < 1 || len(s) > bar+2 && s[bar+2] != ' ' && s[bar+2] != 0x1b {
		return line, false
	}
	name := bytes.TrimRight(s[:bar], " ")
	if !isName(name) || !isReplica(name) && bar != e.bar {
		return line, false
	}
	if task, node, ok := bytes.Cut(name, []byte("@")); ok {
		name, e.host = task, node
	}
	e.container, e.bar = name, bar
	if !at.IsZero() {
		e.time = at.UTC()
	}
	return bytes.TrimPrefix(uncoloured(bytes.TrimPrefix(s[bar+2:], space)), space), true
}

// barMark ends the name, and maxStamp is how long a time and the blank behind it may be.
var barMark = words.NewText(" |")

const maxStamp = 41

// uncoloured cuts the colour off in which a line begins.
func uncoloured(s []byte) []byte {
	for len(s) > 2 && s[0] == 0x1b && s[1] == '[' {
		end := bytes.IndexByte(s[:min(len(s), 16)], 'm')
		if end < 0 {
			return s
		}
		s = s[end+1:]
	}
	return s
}

// isName reports whether s is a name that containers have.
func isName(s []byte) bool {
	for i, c := range s {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case i > 0 && (c == '-' || c == '_' || c == '.' || c == '@'):
		default:
			return false
		}
	}
	return len(s) > 0
}

// isReplica reports whether a name is web-1 or web_1, of compose, or
// web.1.TASK@node, of a swarm.
func isReplica(s []byte) bool {
	if task, node, ok := bytes.Cut(s, []byte("@")); ok {
		return len(node) > 0 && bytes.Count(task, []byte(".")) >= 2
	}
	digits := len(s) - len(bytes.TrimRight(s, "0123456789"))
	return digits > 0 && digits <= 4 && digits+1 < len(s) && (s[len(s)-digits-1] == '-' || s[len(s)-digits-1] == '_')
}

// isRemark reports whether compose itself says this, between the lines of its
// containers: what it shows, and which container ended.
func isRemark(line []byte) bool {
	line = trimEnd(uncoloured(line))
	if list, ok := bytes.CutPrefix(line, []byte("Attaching to ")); ok {
		for name := range bytes.SplitSeq(list, []byte(", ")) {
			if !isName(name) {
				return false
			}
		}
		return true
	}
	end := len(line) // it is looked at from there, since nearly all lines are none
	for end > 0 && line[end-1]-'0' < 10 {
		end--
	}
	name, ok := bytes.CutSuffix(line[:end], []byte(" exited with code "))
	return ok && end < len(line) && isName(bytes.TrimRight(name, " "))
}
