package dockerd

import (
	"bytes"
	"unicode"

	"tideline/parsers/internal/words"
)

// prefixLen is how far into a line its logrus part may start.
const prefixLen = 512

// daemons are the programs whose log this is. A line of another program is of
// another format, however much it looks like logrus.
var daemons = []string{"dockerd", "docker", "containerd", "podman", "dockerd-current", "docker-containerd", "buildkitd", "crio", "cri-dockerd",
	"docker.dockerd", "balenad"} // of a snap; of balenaEngine

// isDaemon reports whether a program, with or without a path, is one of ours.
func isDaemon(tag []byte) bool {
	if i := bytes.LastIndexByte(tag, '/'); i >= 0 {
		tag = tag[i+1:]
	}
	tag = bytes.TrimSuffix(tag, []byte(".service")) // journalctl -o with-unit
	for _, d := range daemons {
		if string(tag) == d {
			return true
		}
	}
	return false
}

// isName reports whether a tag may name a program: a number, a dash and the like are of
// somebody who made a list of lines.
func isName(tag []byte) bool {
	return bytes.ContainsFunc(tag, func(r rune) bool { return r == '_' || unicode.IsLetter(r) })
}

// start is where the logrus part of a line begins; -1 if there is none.
func start(s []byte) int {
	if logrusAt(s) {
		return 0
	}
	head := s[:min(len(s), prefixLen+len("level="))]
	for from := 0; ; {
		n := bytes.IndexByte(head[from:], '=')
		if n < 0 {
			return -1
		}
		from += n + 1
		for _, key := range [...]string{"time=", "level="} {
			if at := from - len(key); at > 0 && at <= prefixLen && logrusAt(s[at:]) {
				if c := s[at-1]; c == ' ' || c == '\t' || c == ':' || c == ']' {
					return at
				}
			}
		}
	}
}

// logrusAt reports whether s starts as logrus does: with the time, or with the
// level where the time was switched off.
func logrusAt(s []byte) bool {
	switch {
	case len(s) < 12:
		return false
	case string(s[:5]) == "time=":
		return s[5] == '"' || '0' <= s[5] && s[5] <= '9'
	case string(s[:6]) == "level=":
		return bytes.Contains(s[:min(len(s), 40)], []byte(" msg="))
	}
	return false
}

// readPrefix reads what syslog or the journal put before a line: a time, a
// host, a program with its number. The host is the word before the program,
// unless that is a time.
func (l *line) readPrefix(s []byte) {
	s = bytes.TrimRight(s, " \t")
	at := bytes.LastIndexAny(s, " \t") + 1
	tag := bytes.TrimSuffix(s[at:], []byte(":"))
	if when, name, ok := bytes.Cut(tag, []byte("][")); ok && tag[0] == '[' { // Docker Desktop: [TIME][dockerd], [TIME][dockerd][I]
		l.when = when[1:]
		l.tag, _, _ = bytes.Cut(name, []byte("]"))
		return
	}
	if i := bytes.IndexByte(tag, '['); i > 0 {
		tag = tag[:i]
	}
	l.tag = tag
	words := bytes.TrimRight(s[:at], " \t")
	at = bytes.LastIndexAny(words, " \t") + 1
	if last := words[at:]; isStamp(last) {
		l.when = last
	} else if len(last) > 0 {
		l.host = last
		head := bytes.TrimRight(words[:at], " \t")
		if last = head[bytes.LastIndexAny(head, " \t")+1:]; isStamp(last) {
			l.when = last
		}
	}
}

// isStamp reports whether a word is a time of day or a date with one.
func isStamp(s []byte) bool {
	return len(s) >= 8 && '0' <= s[0] && s[0] <= '9' && bytes.IndexByte(s, ':') > 0
}

var colon = words.NewText(": ")

// tagEnd is where the message of a prefixed line without logrus begins: behind
// "host dockerd[123]: ". It is -1 if no program of ours is named.
func tagEnd(s []byte) int {
	head := s[:min(len(s), prefixLen)]
	n := colon.Index(head)
	if n < 0 {
		return -1
	}
	tag := head[bytes.LastIndexByte(head[:n], ' ')+1 : n]
	if i := bytes.IndexByte(tag, '['); i > 0 {
		tag = tag[:i]
	}
	if !isDaemon(tag) {
		return -1
	}
	return n + 2
}
