// Package goquote decodes texts as programs written in Go quote them in their logs
// (strconv.Quote, the verb %q): logrus and klog do. It takes what is damaged as it is.
package goquote

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Decode decodes a text whose opening quote stands before s, up to its closing quote;
// rest is what follows that. Without one all is taken, and closed is false. A text
// with escapes is appended to room, which may have grown; any other is a part of s.
func Decode(room, s []byte) (value, rest, grown []byte, closed bool) {
	end := bytes.IndexByte(s, '"')
	if end >= 0 && bytes.IndexByte(s[:end], '\\') < 0 {
		return s[:end:end], s[end+1:], room, true
	}
	at := len(room)
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '"':
			return room[at:len(room):len(room)], s[i+1:], room, true
		case c == '\\':
			var n int
			room, n = unescape(room, s[i:])
			i += n
		default:
			room = append(room, c)
			i++
		}
	}
	return room[at:len(room):len(room)], nil, room, false
}

// unescape appends what the escape that s begins with stands for and returns its
// length. What is no escape of Go stands for itself.
func unescape(room, s []byte) ([]byte, int) {
	if len(s) < 2 {
		return append(room, s...), len(s)
	}
	const plain, coded = `abfnrtv\"'`, "\a\b\f\n\r\t\v\\\"'"
	if i := strings.IndexByte(plain, s[1]); i >= 0 {
		return append(room, coded[i]), 2
	}
	digits := 0
	switch s[1] {
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	v, ok := hex(s[2:], digits)
	switch {
	case !ok:
		return append(room, '\\'), 1
	case digits == 2:
		return append(room, byte(v)), 2 + digits
	}
	return utf8.AppendRune(room, rune(v)), 2 + digits
}

// hex reads n digits of base 16.
func hex(s []byte, n int) (v uint32, ok bool) {
	if n == 0 || len(s) < n {
		return 0, false
	}
	for _, c := range s[:n] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		v = v<<4 | uint32(c)
	}
	return v, true
}
