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

func scanLayers(dst []Span, s string, known []string, depth int) []Span {
	if strings.IndexByte(s, '\\') >= 0 {
		dst = scanMapped(dst, s, unescapeJSON, known, depth)
	}
	percent := strings.IndexByte(s, '%') >= 0
	if percent {
		dst = scanMapped(dst, s, unescapePercent, known, depth)
	}
	if strings.IndexByte(s, '+') >= 0 && (percent || strings.Contains(s, "+-")) {
		dst = scanMapped(dst, s, unescapeQuery, known, depth+1) // deeper than percent encoding alone: where both find a secret, it has no plus sign
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
			dst = scanHex(dst, s, i, end, known, depth)
		}
		if end-i >= minBase64Run {
			dst = scanBase64(dst, s, i, end, known, depth)
		}
		if n := end - i; (n == pemLine || n == opensshLine) && !hexOnly && ofKey(s, i, end) {
			dst = append(dst, Span{From: i, To: end, Kind: "key-line", Value: s[i:end], depth: depth - 1})
		}
		i = end
	}
	return dst
}

// A decoding takes an encoding off a whole text. If it is asked for a map, at gives,
// for each decoded byte and for the end, its place in s.
type decoding func(s string, mapped bool) (plain string, at []int32)

// scanMapped looks into the decoded text. Few texts hold a secret: where the bytes
// of one stand in s is worked out when it is found.
func scanMapped(dst []Span, s string, decode decoding, known []string, depth int) []Span {
	plain, _ := decode(s, false)
	if plain == s {
		return dst
	}
	first := len(dst)
	if dst = scanSecrets(dst, plain, known, depth); len(dst) == first {
		return dst
	}
	_, at := decode(s, true)
	for i := first; i < len(dst); i++ {
		dst[i].From, dst[i].To = int(at[dst[i].From]), int(at[dst[i].To])
	}
	return dst
}

// scanHex looks into a run of hex digits: two for a byte.
func scanHex(dst []Span, s string, from, to int, known []string, depth int) []Span {
	plain, err := hex.DecodeString(s[from : to-(to-from)%2])
	if err != nil || !texty(plain) {
		return dst
	}
	first := len(dst)
	dst = scanSecrets(dst, string(plain), known, depth)
	for i := first; i < len(dst); i++ {
		dst[i].From, dst[i].To = from+2*dst[i].From, from+2*dst[i].To
	}
	return dst
}

// scanBase64 looks into a run of the base64 alphabets (RFC 4648 sections 4 and
// 5). As a slash or a dash may be part of it or stand before it, the parts
// between them are tried too when the whole gives no text.
func scanBase64(dst []Span, s string, from, to int, known []string, depth int) []Span {
	if plain, ok := decodeBase64(s[from:to]); ok {
		first := len(dst)
		dst = scanSecrets(dst, plain, known, depth)
		for i := first; i < len(dst); i++ {
			start, end := dst[i].From/3*4, (dst[i].To+2)/3*4
			dst[i].From, dst[i].To = from+start, min(from+end, to)
		}
		return dst
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
				dst = scanBase64(dst, s, i+1, rest, known, depth)
			}
		}
	}
	return dst
}
