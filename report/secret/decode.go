package secret

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unescapeJSON takes off JSON escapes (RFC 8259 section 7) wherever they stand.
// What is no escape stays.
func unescapeJSON(s string, mapped bool) (string, []int32) {
	p := newPlain(s, mapped)
	for i := 0; i < len(s); {
		end := strings.IndexByte(s[i:], '\\')
		if end < 0 {
			end = len(s) - i
		}
		p.copy(i, i+end)
		if i += end; i == len(s) {
			break
		}
		r, size := jsonEscape(s[i:])
		if size == 1 {
			p.copy(i, i+1)
		} else {
			var b [utf8.UTFMax]byte
			p.put(i, b[:utf8.EncodeRune(b[:], r)]...)
		}
		i += size
	}
	return p.text(), p.at
}

// A plain is a text that is being decoded, with the places of its bytes in the
// encoded one if they are asked for.
type plain struct {
	encoded string
	decoded strings.Builder
	mapped  bool
	at      []int32
}

func newPlain(s string, mapped bool) *plain {
	p := &plain{encoded: s, mapped: mapped}
	p.decoded.Grow(len(s))
	if mapped {
		p.at = make([]int32, 0, len(s)+1)
	}
	return p
}

// copy takes what is not encoded.
func (p *plain) copy(from, to int) {
	p.decoded.WriteString(p.encoded[from:to])
	for i := from; i < to && p.mapped; i++ {
		p.at = append(p.at, int32(i))
	}
}

// put takes the bytes that what stands at a place is decoded to.
func (p *plain) put(at int, decoded ...byte) {
	p.decoded.Write(decoded)
	for range decoded {
		if p.mapped {
			p.at = append(p.at, int32(at))
		}
	}
}

// text ends the text.
func (p *plain) text() string {
	if p.mapped {
		p.at = append(p.at, int32(len(p.encoded)))
	}
	return p.decoded.String()
}

// jsonEscape reads the escape at the start of s; its size is 1 if it is none.
func jsonEscape(s string) (rune, int) {
	if len(s) < 2 {
		return 0, 1
	}
	if i := strings.IndexByte(`"\/bfnrt`, s[1]); i >= 0 {
		return rune("\"\\/\b\f\n\r\t"[i]), 2
	}
	r, ok := uEscape(s)
	if !ok {
		return 0, 1
	}
	if utf16.IsSurrogate(r) {
		if low, ok := uEscape(s[6:]); ok {
			if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
				return full, 12
			}
		}
	}
	return r, 6
}

func uEscape(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	b, err := hex.DecodeString(s[2:6])
	if err != nil {
		return 0, false
	}
	return rune(b[0])<<8 | rune(b[1]), true
}

// unescapePercent takes off percent encoding (RFC 3986 section 2.1).
func unescapePercent(s string, mapped bool) (string, []int32) { return unescapeURL(s, '+', mapped) }

// unescapeQuery takes off the encoding of query strings, in which a plus sign
// is a space (HTML, application/x-www-form-urlencoded).
func unescapeQuery(s string, mapped bool) (string, []int32) { return unescapeURL(s, ' ', mapped) }

func unescapeURL(s string, plus byte, mapped bool) (string, []int32) {
	p := newPlain(s, mapped)
	from := 0
	for i := 0; i < len(s); {
		c, size := s[i], 0
		switch {
		case c == '%' && i+2 < len(s) && hexByte[s[i+1]] && hexByte[s[i+2]]:
			c, size = unhex(s[i+1])<<4|unhex(s[i+2]), 3
		case c == '+' && c != plus:
			c, size = plus, 1
		}
		if size == 0 {
			i++
			continue
		}
		p.copy(from, i)
		p.put(i, c)
		i += size
		from = i
	}
	p.copy(from, len(s))
	return p.text(), p.at
}

// decodeBase64 decodes what is text; a cut last group is left out.
func decodeBase64(s string) (string, bool) {
	var group [12]byte
	b := []byte(s)
	for i, c := range b {
		switch c {
		case '-':
			b[i] = '+'
		case '_':
			b[i] = '/'
		}
	}
	if len(b) >= 16 { // most runs are ids and paths: refuse them by their start
		if _, err := base64.RawStdEncoding.Decode(group[:], b[:16]); err != nil || !texty(group[:]) {
			return "", false
		}
	}
	if len(b)%4 == 1 {
		b = b[:len(b)-1]
	}
	plain := make([]byte, base64.RawStdEncoding.DecodedLen(len(b)))
	n, err := base64.RawStdEncoding.Decode(plain, b)
	if err != nil || !texty(plain[:n]) {
		return "", false
	}
	return string(plain[:n]), true
}

// texty reports whether b is text rather than a digest or an id: valid UTF-8
// but for a cut end, and no control characters but white space and the NUL
// that separates arguments.
func texty(b []byte) bool {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && size <= 1 && utf8.FullRune(b[i:]):
			return false
		case r < 0x20 && r != 0 && r != '\n' && r != '\t' && r != '\r', r == 0x7f:
			return false
		}
		i += size
	}
	return len(b) > 0
}

// Unescaped are a secret as it stands in a text, with escapes in it, and what it may be
// without them. A mark that is escaped is part of the secret: without the escapes, nothing
// would tell it from one that ends it.
func Unescaped(s string) []string {
	if !strings.ContainsAny(s, `\%`) {
		return nil
	}
	json, _ := unescapeJSON(s, false)
	percent, _ := unescapePercent(s, false)
	query, _ := unescapeQuery(s, false)
	return []string{s, json, percent, query}
}

// Canonical takes base64 and hex off a secret, so that its fingerprint does
// not depend on them.
func Canonical(v string) string {
	for range maxLayers {
		plain := ""
		if b, err := hex.DecodeString(v); err == nil && len(v) >= minHexRun && texty(b) {
			plain = string(b)
		} else if b, ok := decodeBase64(strings.TrimRight(v, "=")); ok && len(v) >= 8 && len(v)%4 == 0 {
			plain = b
		} else {
			break
		}
		v = strings.TrimRight(plain, "\n")
	}
	return v
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return lower(c) - 'a' + 10
}

// base64Byte and hexByte are the bytes of encoded runs.
var base64Byte, hexByte = func() (b, h [256]bool) {
	for c := range 256 {
		h[c] = strings.IndexByte("0123456789abcdefABCDEF", byte(c)) >= 0
		b[c] = h[c] || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("+/-_", byte(c)) >= 0
	}
	return b, h
}()
