package secret

import (
	"encoding/hex"
	"strings"
)

// Secrets hide in encodings: JSON escapes, percent encoding, hex (the process
// titles and arguments of auditd), base64 (data of Secrets, headers). Each is
// taken off with a map from decoded to encoded bytes, so that a secret found
// below is masked in place and what surrounds it stays readable.

// shortest runs of encoded text that are looked into, in bytes.
const (
	minHexRun    = 8
	minBase64Run = 12
)

// layers looks below the encodings that s may be in.
func (x *search) layers(s string, depth int) {
	if strings.IndexByte(s, '\\') >= 0 {
		x.mapped(s, unescapeJSON, depth)
	}
	percent := strings.IndexByte(s, '%') >= 0
	if percent {
		x.mapped(s, unescapePercent, depth)
	}
	if strings.IndexByte(s, '+') >= 0 && (percent || strings.Contains(s, "+-") || strings.Contains(s, "&command=")) {
		x.mapped(s, unescapeQuery, depth+1) // deeper than percent encoding alone: where both find a secret, it has no plus sign
	}
	for i := 0; i < len(s); {
		if !base64Byte[s[i]] {
			i++
			continue
		}
		end := i + 1
		hexOnly := hexByte[s[i]]
		for end < len(s) && base64Byte[s[end]] {
			hexOnly = hexOnly && hexByte[s[end]]
			end++
		}
		if hexOnly && end-i >= minHexRun {
			x.hex(s, i, end, depth)
		}
		if end-i >= minBase64Run {
			x.base64(s, i, end, depth)
		}
		if n := end - i; (n == pemLine || n == opensshLine) && !hexOnly && ofKey(s, i, end) {
			x.found = append(x.found, Span{From: i, To: end, Kind: "key-line", Value: s[i:end], depth: depth - 1})
		}
		i = end
	}
}

// A decoding takes an encoding off a whole text. If it is asked for a map, at gives,
// for each decoded byte and for the end, its place in s.
type decoding func(s string, mapped bool) (plain string, at []int32)

// mapped looks into the decoded text. Few texts hold a secret: where the bytes
// of one stand in s is worked out when it is found.
func (x *search) mapped(s string, decode decoding, depth int) {
	plain, _ := decode(s, false)
	if plain == s {
		return
	}
	first := len(x.found)
	if x.text(plain, depth); len(x.found) == first {
		return
	}
	_, at := decode(s, true)
	for i := first; i < len(x.found); i++ {
		span := &x.found[i]
		span.From, span.To = int(at[span.From]), int(at[span.To])
	}
}

// hex looks into a run of hex digits: two for a byte.
func (x *search) hex(s string, from, to, depth int) {
	plain, err := hex.DecodeString(s[from : to-(to-from)%2])
	if err != nil || !texty(plain) {
		return
	}
	first := len(x.found)
	x.text(string(plain), depth)
	for i := first; i < len(x.found); i++ {
		span := &x.found[i]
		span.From, span.To = from+2*span.From, from+2*span.To
	}
}

// base64 looks into a run of the base64 alphabets (RFC 4648 sections 4 and
// 5). As a slash or a dash may be part of it or stand before it, the parts
// between them are tried too when the whole gives no text.
func (x *search) base64(s string, from, to, depth int) {
	if plain, ok := decodeBase64(s[from:to]); ok {
		first := len(x.found)
		x.text(plain, depth)
		for i := first; i < len(x.found); i++ {
			span := &x.found[i]
			start, end := span.From/3*4, (span.To+2)/3*4
			span.From, span.To = from+start, min(from+end, to)
		}
		return
	}
	for i := from; i < to; i++ {
		if strings.IndexByte("/-_+", s[i]) < 0 {
			continue
		}
		rest := i + 1
		for rest < to && strings.IndexByte("/-_+", s[rest]) < 0 {
			rest++
		}
		if rest-i > minBase64Run && (i > from || rest < to) {
			if _, ok := decodeBase64(s[i+1 : rest]); ok {
				x.base64(s, i+1, rest, depth)
			}
		}
	}
}
