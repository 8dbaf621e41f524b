package auditd

import "bytes"

// plainHeader reads a head as auditd writes it; ok is false if it is any other.
//
//	type=SYSCALL msg=audit(1740823200.123:42): ...
//	node=h type=SYSCALL msg=audit(1740823200.123:42): ...
func plainHeader(line []byte, known *stampMemo) (h header, ok bool) {
	rest := line
	if bytes.HasPrefix(rest, markNode) {
		rest = rest[len(markNode):]
		n := bytes.IndexByte(rest[:min(len(rest), maxPlainNode)], ' ')
		if n < 0 || bytes.IndexByte(rest[:n], '\t') >= 0 {
			return h, false
		}
		h.node, rest = rest[:n], rest[n+1:]
	}
	if !bytes.HasPrefix(rest, markType) {
		return h, false
	}
	rest = rest[len(markType):]
	n := bytes.IndexByte(rest[:min(len(rest), maxPlainKind)], ' ')
	if n < 0 || !bytes.HasPrefix(rest[n:], markPlain) || bytes.IndexByte(rest[:n], '\t') >= 0 {
		return h, false
	}
	h.kind, rest = rest[:n], rest[n+len(markPlain):]
	if end := known.n; end > 0 && end+1 < len(rest) && rest[end] == ')' && rest[end+1] == ':' && string(rest[:end]) == string(known.text[:end]) {
		h.stamp, h.body = known.stamp, rest[end+2:]
		return h, true
	}
	end, ok := h.stamp.plain(rest)
	if !ok {
		return h, false
	}
	known.keep(rest[:end], &h)
	h.body = rest[end+2:]
	return h, true
}

var markPlain = []byte(" msg=audit(")

// Where the parts of a plain head end at the latest.
const (
	maxPlainNode = 256
	maxPlainKind = 32
)

// plain reads SECONDS.MILLISECONDS:SERIAL and the "):" behind it, whose place it
// returns. What is spelled in another way is not ok.
func (s *stamp) plain(text []byte) (end int, ok bool) {
	seconds, i := digitsAt(text, 0, 11)
	if i == 0 || i+5 > len(text) || text[i] != '.' || text[i+4] != ':' {
		return 0, false
	}
	milli, dot := digitsAt(text, i+1, 3)
	serial, end := digitsAt(text, i+5, 18)
	if dot != i+4 || end == i+5 || end+1 >= len(text) || text[end] != ')' || text[end+1] != ':' {
		return 0, false
	}
	*s = stamp{sec: int64(seconds), nsec: int32(milli) * 1e6, has: hasTime | hasSerial, serial: serial}
	return end, true
}

// digitsAt reads at most so many decimal digits from text[i:], and returns what stands
// behind them.
func digitsAt(text []byte, i, most int) (n uint64, end int) {
	for most = min(i+most, len(text)); i < most; i++ {
		c := text[i] - '0'
		if c > 9 {
			break
		}
		n = n*10 + uint64(c)
	}
	return n, i
}
