package auditd

import "bytes"

// unhex appends the bytes that upper-case hexadecimal digits stand for and
// reports whether s is such a code. A record that auditd cut off may end with
// half a byte (lines end at 8970 bytes, MAX_AUDIT_MESSAGE_LENGTH of libaudit.h):
// cut allows for it.
func unhex(dst, s []byte, cut bool) ([]byte, bool) {
	if len(s) < 2 || (len(s)%2 != 0 && !cut) {
		return dst, false
	}
	at, all := len(dst), byte(0)
	for i := 0; i+1 < len(s); i += 2 {
		high, low := nibbles[s[i]], nibbles[s[i+1]]
		all |= high | low
		dst = append(dst, high<<4|low)
	}
	if len(s)%2 != 0 {
		all |= nibbles[s[len(s)-1]]
	}
	if all > 0xf {
		return dst[:at], false
	}
	return dst, true
}

const notHex = 0xff

// nibbles are the values of upper-case hexadecimal digits.
var nibbles = func() (t [256]byte) {
	for i := range t {
		t[i] = notHex
	}
	for i, c := range []byte("0123456789ABCDEF") {
		t[c] = byte(i)
	}
	return t
}()

// needsCode reports whether a value would have been written as a code: it
// holds a quote, a blank, or a byte that is not printable ASCII
// (audit_string_contains_control in the kernel's audit.c).
func needsCode(s []byte) bool {
	for _, c := range s {
		if c == '"' || c < 0x21 || c > 0x7e {
			return true
		}
	}
	return false
}

// decoded is the value of a field as it was before it was written. It is worked
// out once: the field then refers to the decoded bytes.
func (g *group) decoded(r *record, f *field) []byte {
	raw := g.text(f.value)
	if f.how != bare || f.part == enriched || f.id >= idAsked || !encodable[f.id] {
		return raw
	}
	f.how = plain
	at := len(g.buf)
	out, ok := unhex(g.buf, raw, f.value.end == r.body.end && len(raw) > 32)
	if !ok || (bareWords[f.id] && !needsCode(out[at:])) {
		return raw
	}
	if f.id == idProctitle {
		spaceOut(out[at:])
		out = out[:at+len(bytes.TrimRight(out[at:], " "))] // a title of NULs only must not eat what stands before it
	}
	g.buf = out
	f.value = span{uint32(at), uint32(len(out))}
	return g.text(f.value)
}

// spaceOut puts blanks in the place of the NULs between the words of a title.
func spaceOut(s []byte) {
	for i, c := range s {
		if c == 0 {
			s[i] = ' '
		}
	}
}

// keyMark separates the keys of a rule that has several (AUDIT_KEY_SEPARATOR).
const keyMark = 0x01

// maxKeys is how many keys of one value are told apart; the kernel takes 256
// bytes of them (AUDIT_MAX_KEY_LEN). What is behind them stays one value.
const maxKeys = 256

// appendKeys appends the keys of one value.
func appendKeys(dst [][]byte, value []byte) [][]byte {
	for n := 1; ; n++ {
		i := bytes.IndexByte(value, keyMark)
		if i < 0 || n == maxKeys {
			return append(dst, value)
		}
		dst = append(dst, value[:i:i])
		value = value[i+1:]
	}
}
