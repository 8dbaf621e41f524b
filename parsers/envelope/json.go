package envelope

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"tideline/parsers"
	"tideline/parsers/internal/cheapjson"
)

// members calls f for every member of the object that b is, until f returns
// false. key is as spelled, without quotes; value is the text of a JSON value,
// which of an object that is cut may lack its end. It reports whether b begins
// like an object.
func members(b []byte, f func(key, value []byte) bool) bool {
	i := space(b, 0)
	if i == len(b) || b[i] != '{' {
		return false
	}
	object(b, i, func(key []byte, at int) (end int) {
		if end = skipValue(b, at); end > at && !f(key, b[at:end]) {
			return at
		}
		return end
	})
	return true
}

// object calls f for every member of the object that begins at b[i], with the place of
// its value. f returns the index behind that, which tells who wants to look into it from
// having it passed twice, or at to end it. The result is the index behind the object, or
// where it was left.
func object(b []byte, i int, f func(key []byte, at int) (end int)) int {
	for i = space(b, i+1); i < len(b) && b[i] == '"'; i = space(b, i) {
		end := skipString(b, i)
		key := bytes.TrimSuffix(b[i+1:end], []byte{'"'})
		i = space(b, end)
		if i == len(b) || b[i] != ':' {
			return i
		}
		i = space(b, i+1)
		if end = f(key, i); end == i {
			return i
		}
		if i = space(b, end); i < len(b) && b[i] == ',' {
			i++
		}
	}
	return min(i+1, len(b))
}

// elements calls f for every member of the array that b is.
func elements(b []byte, f func(value []byte) bool) bool {
	i := space(b, 0)
	if i == len(b) || b[i] != '[' {
		return false
	}
	for i = space(b, i+1); i < len(b) && b[i] != ']'; i = space(b, i) {
		end := skipValue(b, i)
		if end == i || !f(b[i:end]) {
			break
		}
		if i = space(b, end); i < len(b) && b[i] == ',' {
			i++
		}
	}
	return true
}

// get returns the value that the keys of path lead to, nil if there is none.
func get(b []byte, path ...string) []byte {
	for _, name := range path {
		var found []byte
		members(b, func(key, value []byte) bool {
			if string(key) == name {
				found = value
			}
			return found == nil
		})
		if b = found; b == nil {
			return nil
		}
	}
	return b
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// skipString returns the index behind the string that begins at b[i]; the length of b
// if that has no end.
func skipString(b []byte, i int) int {
	if end := cheapjson.EndOfRaw(b, i); end >= 0 {
		return end
	}
	return len(b)
}

// skipValue returns the index behind the value that begins at b[i], or i if
// none does.
func skipValue(b []byte, i int) int {
	if i == len(b) {
		return i
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		return skipNested(b, i)
	}
	for i < len(b) && bytes.IndexByte([]byte(",:]} \n\r\t\""), b[i]) < 0 {
		i++
	}
	return i
}

func skipNested(b []byte, i int) int {
	if end := cheapjson.EndOfRaw(b, i); end >= 0 {
		return end
	}
	for depth := 0; i < len(b); {
		switch b[i] {
		case '"':
			i = skipString(b, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(b)
}

// text returns what a JSON string says, and whether value is one. It is a part
// of value unless there are escapes in it.
func text(value []byte) ([]byte, bool) { return textIn(nil, value) }

// maxRoom is how long a text may be that a room keeps the memory of, in bytes: of
// one long record nothing is to stay.
const maxRoom = 256 << 10

// textIn is text that is put into room, where it has to be put anywhere: it is good
// until the next is.
func textIn(room *parsers.Room, value []byte) ([]byte, bool) {
	if len(value) == 0 || value[0] != '"' {
		return nil, false
	}
	s := value[1:]
	if len(s) > 0 && endsQuoted(value) {
		s = s[:len(s)-1]
	}
	if bytes.IndexByte(s, '\\') < 0 {
		return s, true
	}
	if room == nil || len(s) > maxRoom {
		return unescape(nil, s), true
	}
	room.Text = unescape(room.Text[:0], s)
	return room.Text, true
}

// endsQuoted reports whether the string has its closing quote.
func endsQuoted(value []byte) bool {
	n := len(value) - 1
	slashes := 0
	for n-1-slashes > 0 && value[n-1-slashes] == '\\' {
		slashes++
	}
	return value[n] == '"' && slashes%2 == 0
}

// keep is str of a value that most often is the same as before.
func keep(before string, value []byte) string {
	s, _ := text(value)
	return same(before, s)
}

// str is text for values that are kept beyond the record.
func str(value []byte) string {
	s, _ := text(value)
	return string(s)
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape appends a JSON string without its escapes. One that is none stays as it
// is; half a character becomes U+FFFD.
func unescape(out, s []byte) []byte {
	out = slices.Grow(out, len(s)+utf8.UTFMax)
	to, from := len(out), 0
	out = out[:cap(out)]
	for {
		// What an escape stands for is never longer than it is, and so there is room.
		n := untilEscape(out[to:], s[from:])
		to, from = to+n, from+n
		if from+1 >= len(s) {
			return out[:to+copy(out[to:], s[from:])]
		}
		c := escapes[s[from+1]]
		switch {
		case c != 0:
			out[to] = c
			to, from = to+1, from+2
		case s[from+1] == 'u' && from+6 <= len(s):
			r, n := unicodeEscape(s[from:])
			to, from = to+utf8.EncodeRune(out[to:], r), from+n
		default:
			out[to] = s[from]
			to, from = to+1, from+1
		}
	}
}

// untilEscape copies what stands in s before the first backslash, and says how much
// that is. Behind that it may write up to seven bytes more.
func untilEscape(to, s []byte) int {
	const ones, slashes = 0x0101010101010101, '\\' * 0x0101010101010101
	n := 0
	for ; n+8 <= len(s) && n+8 <= len(to); n += 8 {
		word := binary.LittleEndian.Uint64(s[n:])
		binary.LittleEndian.PutUint64(to[n:], word)
		word ^= slashes
		if found := (word - ones) &^ word & (ones << 7); found != 0 {
			return n + bits.TrailingZeros64(found)>>3
		}
	}
	for ; n < len(s) && s[n] != '\\'; n++ {
		to[n] = s[n]
	}
	return n
}

// unicodeEscape reads the escape \uXXXX, or two of them, that s begins with.
func unicodeEscape(s []byte) (r rune, n int) {
	r = hex4(s[2:])
	if utf16.IsSurrogate(r) && len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
		if pair := utf16.DecodeRune(r, hex4(s[8:])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return r, 6
}

func hex4(s []byte) (r rune) {
	for _, c := range s[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return utf8.RuneError
		}
		r = r<<4 | rune(c)
	}
	return r
}
