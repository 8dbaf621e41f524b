package journal

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strconv"
	"unicode/utf8"
)

// A field is one NAME=value of an entry; its bytes are in line.text.
type field struct{ name, value, end int }

// A line collects the fields of one entry and spells them as JSON, as
// "journalctl -o json --all" does: a value that is not UTF-8 is an array of its
// bytes, a name that occurs more than once has an array of its values. Fields
// come in the order of their names.
type line struct {
	fields []field
	text   []byte
	json   []byte
}

func (l *line) reset() {
	const kept = 1 << 20 // a buffer that one long entry made longer is not kept
	if cap(l.text) > kept || cap(l.json) > kept {
		l.text, l.json = nil, nil
	}
	l.fields, l.text, l.json = l.fields[:0], l.text[:0], l.json[:0]
}

// add takes a copy of a field.
func (l *line) add(name, value []byte) {
	f := field{name: len(l.text)}
	l.text = append(l.text, name...)
	f.value = len(l.text)
	l.text = append(l.text, value...)
	f.end = len(l.text)
	l.fields = append(l.fields, f)
}

func (l *line) name(f field) []byte  { return l.text[f.name:f.value] }
func (l *line) value(f field) []byte { return l.text[f.value:f.end] }

// has reports whether there is a field of that name.
func (l *line) has(name []byte) bool {
	return slices.ContainsFunc(l.fields, func(f field) bool { return bytes.Equal(l.name(f), name) })
}

// get returns the first value of a name, nil if there is none.
func (l *line) get(name string) []byte {
	for _, f := range l.fields {
		if string(l.name(f)) == name {
			return l.value(f)
		}
	}
	return nil
}

// An address is what an entry tells beside its fields. It has no text if the
// entry is lost.
type address struct {
	seqnum, realtime, monotonic, xor uint64
	seqnumID, boot                   [16]byte
}

// spell writes the line. a is nil for fields whose entry is lost.
func (l *line) spell(a *address) []byte {
	b := append(l.json[:0], '{')
	if a != nil {
		b = a.append(b)
	}
	slices.SortStableFunc(l.fields, func(x, y field) int { return bytes.Compare(l.name(x), l.name(y)) })
	for i := 0; i < len(l.fields); {
		if len(b) > 1 {
			b = append(b, ',')
		}
		name := l.name(l.fields[i])
		b = append(appendText(b, name), ':')
		n := 1
		for i+n < len(l.fields) && bytes.Equal(l.name(l.fields[i+n]), name) {
			n++
		}
		b = l.values(b, l.fields[i:i+n])
		i += n
	}
	l.json = append(b, '}')
	return l.json
}

func (l *line) values(b []byte, fields []field) []byte {
	if len(fields) == 1 {
		return appendValue(b, l.value(fields[0]))
	}
	for i, f := range fields {
		b = append(b, "[,"[min(i, 1)])
		b = appendValue(b, l.value(f))
	}
	return append(b, ']')
}

// append writes the members that journalctl makes of an entry's own object. The
// cursor finds the entry again: journalctl --file F --cursor C.
func (a *address) append(b []byte) []byte {
	b = append(b, `"__CURSOR":"s=`...)
	b = hex.AppendEncode(b, a.seqnumID[:])
	b = strconv.AppendUint(append(b, ";i="...), a.seqnum, 16)
	b = hex.AppendEncode(append(b, ";b="...), a.boot[:])
	b = strconv.AppendUint(append(b, ";m="...), a.monotonic, 16)
	b = strconv.AppendUint(append(b, ";t="...), a.realtime, 16)
	b = strconv.AppendUint(append(b, ";x="...), a.xor, 16)
	b = strconv.AppendUint(append(b, `","__REALTIME_TIMESTAMP":"`...), a.realtime, 10)
	b = strconv.AppendUint(append(b, `","__MONOTONIC_TIMESTAMP":"`...), a.monotonic, 10)
	return append(b, '"')
}

func appendValue(b, v []byte) []byte {
	if utf8.Valid(v) {
		return appendText(b, v)
	}
	b = append(b, '[')
	for i, c := range v {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(c), 10)
	}
	return append(b, ']')
}

const hexDigits = "0123456789abcdef"

func appendText(b, v []byte) []byte {
	b = append(b, '"')
	from := 0
	for i, c := range v {
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, v[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(b, v[from:]...), '"')
}
