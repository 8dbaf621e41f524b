package text

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// MaxRaw caps the raw evidence kept with a hit, in bytes; the position leads
// to the rest.
const MaxRaw = 64 << 10

// MaxList caps the groups and the addresses that are told of one act, and the
// values of one field that correlations look at. Whoever sends a request chooses
// most of its addresses (X-Forwarded-For), and of a forged record everything. Rules
// see all values, and the record has them.
const MaxList = 256

// Valid replaces each byte that is not UTF-8 by \xNN.
func Valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			b.WriteString(`\x`)
			b.WriteByte(hex[s[0]>>4])
			b.WriteByte(hex[s[0]&15])
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

// Raw joins the records of an event to what a report quotes: text, or
// base64 where it is not UTF-8, cut at MaxRaw bytes.
func Raw(records [][]byte) (raw, raw64 string, cut bool) {
	if len(records) == 1 && len(records[0]) <= MaxRaw && utf8.Valid(records[0]) {
		return string(records[0]), "", false
	}
	var joined []byte
	for i, r := range records {
		if i > 0 {
			joined = append(joined, '\n')
		}
		room := MaxRaw - len(joined)
		if len(r) > room {
			joined, cut = append(joined, r[:max(room, 0)]...), true
			break
		}
		joined = append(joined, r...)
	}
	if cut {
		joined = trimPartialRune(joined)
	}
	if utf8.Valid(joined) {
		return string(joined), "", cut
	}
	return "", base64.StdEncoding.EncodeToString(joined), cut
}

// trimPartialRune drops an incomplete character that a cut left at the end.
func trimPartialRune(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// MaxFact caps one text of a hit or an aggregate, in bytes: a hostile value is
// copied into each of them. The raw record, and its place, have the whole.
const MaxFact = 16 << 10

// Clean copies borrowed bytes into text that is valid UTF-8: bytes that are
// not become \xNN, which can be read back.
func Clean(b []byte) string {
	if len(b) > MaxFact {
		return Valid(string(trimPartialRune(b[:MaxFact]))) + "…"
	}
	return Valid(string(b))
}

// Shorten cuts s to at most n bytes, between characters, and marks the cut.
func Shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	cut := 0
	for i := range s {
		if i > n-len("…") {
			break
		}
		cut = i
	}
	return s[:cut] + "…"
}
