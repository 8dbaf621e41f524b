package kubehttp

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// unquote decodes text that strconv.Quote wrote, up to its closing quote. Without one
// all is taken, and closed is false. Only what has an escape in it is copied.
func (r *reader) unquote(s []byte) (value, rest []byte, closed bool) {
	end := bytes.IndexByte(s, '"')
	if end >= 0 && bytes.IndexByte(s[:end], '\\') < 0 {
		return s[:end:end], s[end+1:], true
	}
	at := len(r.text)
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '"':
			return r.text[at:len(r.text):len(r.text)], s[i+1:], true
		case c == '\\':
			i += r.unescape(s[i:])
		default:
			r.text = append(r.text, c)
			i++
		}
	}
	return r.text[at:len(r.text):len(r.text)], nil, false
}

// unescape appends what the escape that s begins with stands for and returns its
// length. What is no escape of Go stands for itself.
func (r *reader) unescape(s []byte) int {
	if len(s) < 2 {
		r.text = append(r.text, s...)
		return len(s)
	}
	const plain, coded = `abfnrtv\"'`, "\a\b\f\n\r\t\v\\\"'"
	if i := strings.IndexByte(plain, s[1]); i >= 0 {
		r.text = append(r.text, coded[i])
		return 2
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
		r.text = append(r.text, '\\')
		return 1
	case digits == 2:
		r.text = append(r.text, byte(v))
	default:
		r.text = utf8.AppendRune(r.text, rune(v))
	}
	return 2 + digits
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
