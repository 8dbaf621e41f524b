package locallog

import (
	"encoding/binary"
	"time"
)

// An entry is one message of a container. Its bytes are borrowed.
type entry struct {
	source, line []byte
	nanos        int64
	timed        bool
	partial      bool
	part         bool // it says which part of a line it is
	last         bool // the last one
}

// Fields of LogEntry and of PartialLogEntryMetadata.
const (
	fieldSource  = 1
	fieldTime    = 2
	fieldLine    = 3
	fieldPartial = 4
	fieldPart    = 5
	fieldLast    = 1
)

// read reads a message, and reports whether it is whole. Of one that is cut, the
// beginning of the line is kept.
func (e *entry) read(b []byte) bool {
	return fields(b, func(field int, n uint64, value []byte) {
		switch field {
		case fieldSource:
			e.source = value
		case fieldTime:
			e.nanos, e.timed = int64(n), true
		case fieldLine:
			e.line = value
		case fieldPartial:
			e.partial = n != 0
		case fieldPart:
			e.part = true
			fields(value, func(field int, n uint64, _ []byte) { e.last = e.last || field == fieldLast && n != 0 })
		}
	})
}

// fields calls yield for the fields of a message: n of those that are numbers, value of
// those that have a length. It reports whether the message is whole.
func fields(b []byte, yield func(field int, n uint64, value []byte)) bool {
	const varint, fixed64, bytes, fixed32 = 0, 1, 2, 5
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 {
			return false
		}
		b = b[n:]
		number := uint64(0)
		var value []byte
		switch kind := tag & 7; kind {
		case varint, bytes:
			if number, n = binary.Uvarint(b); n <= 0 {
				return false
			}
			b = b[n:]
			if kind == bytes {
				value = b[:min(number, uint64(len(b)))]
				b = b[len(value):]
			}
		case fixed64, fixed32:
			size := 8
			if kind == fixed32 {
				size = 4
			}
			if len(b) < size {
				return false
			}
			b = b[size:]
		default:
			return false
		}
		yield(int(min(tag>>3, 1<<20)), number, value)
		if tag&7 == bytes && uint64(len(value)) < number {
			return false
		}
	}
	return true
}

// spell appends the entry as a line of the json-file driver, whose log ends with a
// newline unless more of the line is to come.
func (e *entry) spell(dst []byte) []byte {
	dst = append(dst, `{"log":"`...)
	dst = escape(dst, e.line)
	if more := e.part && !e.last || !e.part && e.partial; !more {
		dst = append(dst, `\n`...)
	}
	dst = append(dst, `","stream":"`...)
	dst = escape(dst, e.source)
	if e.timed {
		dst = append(dst, `","time":"`...)
		dst = time.Unix(0, e.nanos).UTC().AppendFormat(dst, time.RFC3339Nano)
	}
	return append(dst, `"}`...)
}

// escape appends text as a JSON string has it. What is not UTF-8 stays as it is.
func escape(dst, text []byte) []byte {
	const hex = "0123456789abcdef"
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
