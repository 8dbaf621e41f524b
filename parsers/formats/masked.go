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
// at most follows. A 'w' stands for a word (a 'u' if it is not all ASCII), and four of them
// for more, with a blank between each; but none for keys and for words that formats ask for.
// What stands behind a slant is an escape, and neither.
func masked(room, line []byte) []byte {
	out := slices.Grow(room[:0], len(line))[:len(line)]
	n, key := 0, 0
	for i := 0; i < len(line); {
		c := line[i]
		if classes[c] == 0 {
			out[n] = c
			i, n = i+1, n+1
			switch c {
			case '\\':
				for end := min(i+5, len(line)); i < end && classes[line[i]] != 0; i++ {
					out[n] = line[i]
					n++
				}
			case '"':
				key = keyEnd(line, i)
			}
			continue
		}
		start, all := i, uint8(0)
		for ; i < len(line) && classes[line[i]] != 0; i++ {
			all |= classes[line[i]]
		}
		switch word := line[start:i]; {
		case all&digitByte != 0 && all&otherByte != 0 && start > 0 && line[start-1] == '-' && isGenerated(word):
			out[n] = 'w' // as those without digits are
			n++
		case all&digitByte != 0 || all == wordByte|hexByte && isPartOfID(line, start, i):
			n += maskedWord(out[n:], word, all|digitByte)
		case start < key || isName(word) || isBeforeValue(line, i) || isAside(line, start) && isAsked(word):
			n += copy(out[n:], word)
		case n >= len(manyWords) && string(out[n-len(manyWords):n]) == manyWords:
			n--
		case all&wideByte != 0:
			out[n] = 'u' // no name of a host has such
			n++
		default:
			out[n] = 'w'
			n++
		}
	}
	return out[:n]
}

// manyWords are as many as count: what stands before a record has fewer side by side.
const manyWords = "w w w w "

// isPartOfID reports whether hexadecimal digits are a part of a UUID: it has no digits
// below ten now and then.
func isPartOfID(line []byte, start, end int) bool {
	return (end-start)%4 == 0 && (start > 0 && line[start-1] == '-' || end < len(line) && line[end] == '-')
}

// isGenerated reports whether a word, behind a hyphen, is like what Kubernetes puts there to
// tell the pods of a workload apart: small letters and digits.
func isGenerated(word []byte) bool {
	for _, c := range word {
		if !isDigit(c) && c-'a' >= 26 {
			return false
		}
	}
	return len(word) > 3
}

// isBeforeValue reports whether what ends at end is a key in front of =, or a part of one.
func isBeforeValue(line []byte, end int) bool {
	return end < len(line) && line[end] != ' ' && isKeyBefore(line[end:min(end+maxKey, len(line))])
}

func isKeyBefore(rest []byte) bool {
	for _, c := range rest {
		if c == '=' {
			return true
		} else if classes[c] == 0 && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return false
}

// isAside reports whether what begins at start follows no other word.
func isAside(line []byte, start int) bool {
	if start > 1 && line[start-1] == ' ' {
		start--
	}
	return start == 0 || classes[line[start-1]] == 0
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

// maskedWord is masked for a word that has digits, of bytes of those classes. It returns
// how many bytes it wrote.
func maskedWord(out, word []byte, all uint8) int {
	switch {
	case all == wordByte|digitByte && len(word) < 4: // longer ones may be of ids, which are told by their length
		out[0] = '0'
		return 1
	case all&otherByte == 0:
		for i, c := range word {
			if classes[c]&(digitByte|hexByte) != 0 {
				c = '0'
			}
			out[i] = c
		}
		return len(word)
	}
	digits := 0
	for digits < len(word) && classes[word[digits]]&digitByte != 0 {
		digits++
	}
	if digits > 0 && digits < 8 && len(word)-digits <= 2 {
		out[0] = '0'
		return 1 + copy(out[1:], word[digits:])
	}
	return copy(out, word)
}

// isName reports whether a word is one, wherever it stands, that formats and envelopes may
// ask for: the names of months, zones and methods, of the streams of a container, and single
// letters.
func isName(word []byte) bool {
	if n := len(word); word[0]-'A' < 26 {
		return n <= 3 || n < 8 && word[n-1]-'A' < 26
	} else {
		return n == 1 || n == len("stdout") && word[0] == 's' && (string(word) == "stdout" || string(word) == "stderr")
	}
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
