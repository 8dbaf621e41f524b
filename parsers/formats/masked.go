package formats

import (
	"bytes"
	"slices"
)

// Classes of bytes, for masked.
const (
	wordByte  = 1 << iota // letters and digits
	digitByte             // of decimal numbers
	hexByte               // 'a' to 'f'
	timeByte              // 'T' and 'Z'
	otherByte
	wideByte // of what is not ASCII
)

var classes = func() (t [256]uint8) {
	for c := range 256 {
		switch {
		case c >= '0' && c <= '9':
			t[c] = wordByte | digitByte
		case c >= 'a' && c <= 'f':
			t[c] = wordByte | hexByte
		case c == 'T' || c == 'Z':
			t[c] = wordByte | timeByte
		case c >= 'g' && c <= 'z', c >= 'A' && c <= 'Z':
			t[c] = wordByte | otherByte
		case c >= 0x80:
			t[c] = wordByte | otherByte | wideByte
		}
	}
	return t
}()

// masked is line, written to room, without what does not tell of which kind it is. A
// '0' stands for numbers, and for each digit of ids and times: of words made of digits,
// hexadecimal digits, and the letters of times, and of those that a unit of two letters
// at most follows. A 'w' stands for a word (a 'u' if it is not all ASCII), and four of them for more of which nothing is told but that
// there are blanks between them; but none for keys and for words that formats ask for. What
// stands behind a slant is an escape, and neither.
func masked(room, line []byte) []byte {
	m := masker{line: line, out: slices.Grow(room[:0], len(line))}
	for i := 0; i < len(line); {
		c := line[i]
		if classes[c] != 0 {
			i = m.word(i)
			continue
		}
		m.out = append(m.out, c)
		i++
		switch c {
		case '\\':
			for end := min(i+5, len(line)); i < end && classes[line[i]] != 0; i++ {
				m.out = append(m.out, line[i])
			}
		case '"':
			m.key = keyEnd(line, i)
		}
	}
	return m.out
}

// A masker masks one line.
type masker struct {
	line, out []byte
	key       int // up to where a key of JSON goes
}

// word masks the word that begins at start, and returns where it ends.
func (m *masker) word(start int) (end int) {
	all := uint8(0)
	for end = start; end < len(m.line) && classes[m.line[end]] != 0; end++ {
		all |= classes[m.line[end]]
	}
	word := m.line[start:end]
	if all&digitByte == 0 && !(all == wordByte|hexByte && len(word)%4 == 0 && m.beside(start, end, '-')) {
		if start < m.key || isName(word) || m.aside(start) && isAsked(word) || m.beforeValue(end) {
			m.out = append(m.out, word...)
			return end
		}
		if bytes.HasSuffix(m.out, manyWords) {
			m.out = m.out[:len(m.out)-1]
			return end
		}
		if m.out = append(m.out, 'w'); all&wideByte != 0 {
			m.out[len(m.out)-1] = 'u' // no name of a host has such
		}
		return end
	}
	m.out = appendMasked(m.out, word, all|digitByte) // a part of a UUID has no digits now and then
	return end
}

// beforeValue reports whether what ends at end is a key in front of =, or a part of one.
func (m *masker) beforeValue(end int) bool {
	for last := min(end+maxKey, len(m.line)); end < last; end++ {
		if c := m.line[end]; c == '=' {
			return true
		} else if classes[c] == 0 && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return false
}

// manyWords are as many as count: what stands before a record has fewer side by side.
var manyWords = []byte("w w w w ")

// beside reports whether c stands before or behind a part of the line.
func (m *masker) beside(start, end int, c byte) bool {
	return start > 0 && m.line[start-1] == c || end < len(m.line) && m.line[end] == c
}

// maxKey is how long a key may be.
const maxKey = 64

// keyEnd is where the key ends that begins at i, behind a quote; 0 if what stands
// there is no key.
func keyEnd(line []byte, i int) int {
	end := i
	for last := min(i+maxKey, len(line)); end < last; end++ {
		if c := line[end]; classes[c] == 0 && c != '_' && c != '.' && c != '-' && c != '/' && c != '@' {
			break
		}
	}
	rest := bytes.TrimLeft(line[end:min(end+8, len(line))], "\\")
	if len(rest) > 1 && rest[0] == '"' && (rest[1] == ':' || rest[1] == ' ' && len(rest) > 2 && rest[2] == ':') {
		return end
	}
	return 0
}

// appendMasked masks a word that has digits, of bytes of those classes.
func appendMasked(out, word []byte, all uint8) []byte {
	switch {
	case all == wordByte|digitByte && len(word) < 4: // longer ones may be of ids, which are told by their length
		return append(out, '0')
	case all&otherByte == 0:
		for _, c := range word {
			if classes[c]&(digitByte|hexByte) != 0 {
				c = '0'
			}
			out = append(out, c)
		}
		return out
	}
	digits := 0
	for digits < len(word) && classes[word[digits]]&digitByte != 0 {
		digits++
	}
	if digits > 0 && digits < 8 && len(word)-digits <= 2 {
		return append(append(out, '0'), word[digits:]...)
	}
	return append(out, word...)
}

// aside reports whether what begins at start follows no other word.
func (m *masker) aside(start int) bool {
	if start > 1 && m.line[start-1] == ' ' {
		start--
	}
	return start == 0 || classes[m.line[start-1]] == 0
}

// isName reports whether a word is one, wherever it stands, that formats and envelopes may
// ask for: the names of months, zones and methods, of the streams of a container, and single
// letters.
func isName(word []byte) bool {
	switch n := len(word); {
	case n == 1:
		return true
	case n == len("stdout"):
		if string(word) == "stdout" || string(word) == "stderr" {
			return true
		}
	}
	return word[0]-'A' < 26 && (len(word) <= 3 || len(word) < 8 && word[len(word)-1]-'A' < 26)
}

// isAsked reports whether formats and envelopes ask for a word that follows no other.
func isAsked(word []byte) bool {
	if len(word) > len("disconnect") {
		return false
	}
	switch string(word) {
	case "null", "true", "false", // of JSON
		"trace", "debug", "info", "warn", "warning", "error", "fatal", "panic", // of loggers
		"container", "image", "volume", "network", "daemon", "plugin", "service", "node", "secret", "config", "builder", "pod", "system", "machine",
		"attach", "build", "checkpoint", "cleanup", "commit", "connect", "copy", "create", "delete", "destroy", "detach", "die", "died", "disable",
		"disconnect", "enable", "exec", "export", "health", "status", "import", "init", "kill", "load",
		"mount", "oom", "pause", "prune", "pull", "push", "refresh", "reload", "remove", "rename", "resize", "restart", "restore", "save", "start",
		"stop", "sync", "tag", "top", "unmount", "unpause", "untag", "update": // of Docker and podman
		return true
	}
	return false
}
