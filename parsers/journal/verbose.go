package journal

import (
	"bytes"
	"strconv"

	"tideline/parsers"
)

// "journalctl -o verbose" prints an entry as a line with its time and its address,
// and then a line for each field. A value of several lines goes on below where it
// began; one that is not text is given as its length:
//
//	Sat 2025-03-01 10:00:00.123456 UTC [s=...;i=1;b=...;m=1;t=62f...;x=...]
//	    _AUDIT_TYPE=1300
//	    MESSAGE=SYSCALL arch=c000003e syscall=59 ...
//	    OTHER=[9B blob data]
//
// The time is read out of the address, where it is an instant.

// verboseHead is how much of a stream is looked at.
const verboseHead = 4 << 10

// isVerbose reports whether a stream begins like "journalctl -o verbose".
func isVerbose(prefix []byte) bool {
	for len(prefix) > 0 {
		var text []byte
		text, prefix, _ = bytes.Cut(prefix, []byte{'\n'})
		text = bytes.TrimRight(text, "\r")
		if len(text) == 0 || isMark(text) {
			continue
		}
		name, _, ok := verboseField(prefix)
		return verboseAddress(text) != nil && ok && isFieldName(name)
	}
	return false
}

// isMark recognises "-- Boot 4f0c... --" and the like.
func isMark(text []byte) bool { return bytes.HasPrefix(text, []byte("-- ")) }

// verboseAddress is the address in the first line of an entry; nil if it is none.
func verboseAddress(text []byte) []byte {
	at := bytes.LastIndex(text, []byte(" [s="))
	if at <= 0 || text[0] == ' ' || !bytes.HasSuffix(text, []byte("]")) || !bytes.Contains(text[at:], []byte(";t=")) {
		return nil
	}
	return text[at+len(" [") : len(text)-1]
}

// verboseField parts a line of a field.
func verboseField(text []byte) (name, value []byte, ok bool) {
	rest, ok := bytes.CutPrefix(text, []byte("    "))
	if !ok {
		return nil, nil, false
	}
	return bytes.Cut(rest, []byte{'='})
}

// verboseLine reads one line. It reports false at the end of an entry.
func (e *Exporter) verboseLine() bool {
	if !e.again && !e.readLine() {
		return false
	}
	text := bytes.TrimRight(e.text, "\r\n")
	address, mark := verboseAddress(text), isMark(text)
	if (address != nil || mark) && e.size > 0 && !e.again {
		e.again = true // it is of the next piece
		return false
	}
	if e.size == 0 {
		e.start = parsers.Pos{Line: e.rows + 1, Offset: e.off}
	}
	e.take(e.text)
	e.again = false
	if mark {
		e.mark = true
		return false
	}
	e.verbose(text, address)
	return true
}

// verbose takes what a line says.
func (e *Exporter) verbose(text, address []byte) {
	name, value, ok := verboseField(text)
	switch {
	case len(text) == 0:
	case address != nil:
		e.keep([]byte("__CURSOR"), address)
		_, hex, _ := bytes.Cut(address, []byte(";t="))
		hex, _, _ = bytes.Cut(hex, []byte{';'})
		if n, err := strconv.ParseUint(string(hex), 16, 63); err == nil {
			e.keep([]byte("__REALTIME_TIMESTAMP"), strconv.AppendUint(nil, n, 10))
		}
	case ok && isFieldName(name):
		e.blob = e.blob || bytes.HasPrefix(value, []byte{'['}) && bytes.HasSuffix(value, []byte(" blob data]"))
		e.keep(name, value)
	case text[0] == ' ' && len(e.line.fields) > 0:
		e.goOn(text)
	default:
		e.damaged = true
	}
}

// goOn adds a line to the value before it, without what it was moved in by.
func (e *Exporter) goOn(text []byte) {
	l := &e.line
	last := &l.fields[len(l.fields)-1]
	in := len("    ") + last.value - last.name + len("=")
	for in > 0 && len(text) > 0 && text[0] == ' ' {
		text, in = text[1:], in-1
	}
	if len(l.text)+len(text) >= e.max {
		e.over = true
		return
	}
	l.text = append(append(l.text, '\n'), text...)
	last.end = len(l.text)
}
