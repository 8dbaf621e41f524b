package secret

import "strings"

// findPrivateKey finds a PEM block (RFC 7468) or PGP block of a private key, to
// its end or to the end of the text if it was cut. The words of its marks may be
// arguments of their own: a shell makes them so of an unquoted $(cat key.pem).
func findPrivateKey(dst []Span, s string, i int) []Span {
	if !strings.HasPrefix(s[i:], beginMark) {
		return dst
	}
	label, end, ok := markEnd(s, i+len(beginMark))
	if !ok || !strings.Contains(label, "PRIVATE KEY") {
		return dst
	}
	for {
		j := strings.Index(s[end:], endMark)
		if j < 0 {
			return found(dst, s, i, len(s), "private-key")
		}
		end += j + len(endMark)
		if _, to, ok := markEnd(s, end); ok {
			return found(dst, s, i, to, "private-key")
		}
	}
}

// findPuttyKey finds what stands behind "Private-Lines: n" in a key file of PuTTY, up to
// the code that guards it or to the end of the text.
func findPuttyKey(dst []Span, s string, i int) []Span {
	const lines, after = "private-lines:", "Private-MAC:"
	end := len(s)
	if n := strings.Index(s[i:], after); n >= 0 {
		end = i + n
	}
	return found(dst, s, i+len(lines), end, "private-key")
}

const (
	beginMark = "-----BEGIN"
	endMark   = "-----END"
	markDash  = "-----"
	maxLabel  = 6 // words of a label: BEGIN PGP PRIVATE KEY BLOCK has four
)

// markEnd reads the words of a label and the dashes behind them, from the end of
// beginMark or endMark on. The label has one blank between its words.
func markEnd(s string, i int) (label string, end int, ok bool) {
	for range maxLabel {
		from, _, ok := afterFlag(s, i)
		if !ok {
			return "", 0, false
		}
		i = from
		for i < len(s) && (isUpper(s[i]) || s[i] >= '0' && s[i] <= '9') {
			i++
		}
		if i == from {
			return "", 0, false
		}
		label += " " + s[from:i]
		if strings.HasPrefix(s[i:], markDash) {
			return label[1:], i + len(markDash), true
		}
	}
	return "", 0, false
}
