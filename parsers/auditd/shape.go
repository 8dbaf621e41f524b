package auditd

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
)

// A shape is how the fields of a record follow one another: their names, in
// order, and what stands between them. The kernel writes the records of a type
// always alike, so that a record nearly always has the shape of one before it,
// and is read by looking whether the next name is the expected one: a quarter
// of the time that cutting it without a guess takes. Records of one shape share the
// index of its names. A shape is immutable.
type shape struct {
	leads    []lead
	tail     []byte   // behind the last value
	first    []uint16 // by nameID: one more than the place of its first field, or 0
	repeated bool     // of a name that has an id there are several
	torn     bool     // see lexer.torn
}

// A lead is what stands before a value: blanks, or 0x1D, then name and "=".
type lead struct {
	text       []byte
	word, mask uint64 // its first eight bytes
	from, to   uint32 // the name in it
	id         nameID
	part       part
	nested     bool // of msg='...', whose own fields follow
}

// Limits of the shapes of one decoder.
const (
	shapeSlots = 256
	shapeWays  = 8    // slots that a key may be in
	maxShapes  = 4096 // made, in all: a log that has more is read without them
	maxLeads   = 256
	maxTries   = 16 // to learn a shape for one key
	shapesKept = 4  // of one key
)

// shapes are the shapes met last, by the type of a record and its beginning,
// which for the arguments of a command tells how many there are.
type shapes struct {
	slots   [shapeSlots]shapeSlot
	made    int
	escapes bool // some record had an escape for its 0x1D, and others will have it
}

type shapeSlot struct {
	key    uint64
	shapes [shapesKept]*shape // the last one first
	tries  uint8              // records of that key that had another shape, or none
}

// fitted cuts a record by one of the shapes of its slot; nil if it has another.
func (s *shapeSlot) fitted(l *lexer) *shape {
	for i, shape := range s.shapes {
		if shape == nil {
			return nil
		}
		if l.fit(shape) {
			copy(s.shapes[1:i+1], s.shapes[:i])
			s.shapes[0] = shape
			return shape
		}
	}
	return nil
}

// slot is where the shape of a record is to be found, or put; nil if it has
// none.
func (s *shapes) slot(t rectype, body []byte) *shapeSlot {
	if len(body) < 8 {
		return nil
	}
	key := load64(body)<<8 ^ uint64(t)<<48 ^ uint64(t)
	set := s.slots[key*0x9e3779b97f4a7c15>>56&^(shapeWays-1):][:shapeWays]
	for i := range set {
		if set[i].key == key {
			return &set[i]
		}
	}
	at := &set[s.made%shapeWays]
	for i := range set {
		if set[i].shapes[0] == nil {
			at = &set[i]
		}
	}
	*at = shapeSlot{key: key}
	return at
}

func load64(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// fit cuts a record that has the shape s. It reports false, and leaves no
// fields, if it has another, or anything in it takes more than a look.
func (l *lexer) fit(s *shape) bool {
	fields := l.g.fields
	if len(fields)+len(s.leads) > maxFields || s.torn && bytes.IndexByte(l.text, separator) >= 0 {
		return false
	}
	text, i := l.text, 0 // within msg='...', text ends before the last quote
	for k := range s.leads {
		d := &s.leads[k]
		if len(text) < len(l.text) && d.part != inner {
			if i < len(text) {
				return false
			}
			text = l.text
		}
		if !d.stands(text, i) {
			return false
		}
		f := field{name: l.span(i+int(d.from), i+int(d.to)), id: d.id, part: d.part}
		i += len(d.text)
		switch c := byteAt(text, i); {
		case c == '"':
			i++
			n := quoteEnd(text, i)
			if n == i && byteAt(text, i+1) != ' ' {
				return false // quotes may be doubled: see respell
			}
			f.how, f.value = quoted, l.span(i, n)
			i = min(n+1, len(text))
		case c == '\'':
			if !d.nested {
				return false
			}
			i++
			text = text[:l.nestedEnd(i, len(text))]
			f.how, f.value = plain, l.span(i, len(text))
		case c == '{' && d.part == enriched:
			n := bytes.LastIndexByte(text[i:], '}')
			if n < 0 {
				return false
			}
			f.how, f.value = plain, l.span(i, i+n+1)
			i += n + 1
		case c == '\\' || c == '&': // likewise
			return false
		default:
			end := bareEnd(text, i)
			if d.nested || s.torn && d.part != enriched && bytes.IndexByte(text[i:end], '=') >= 0 {
				return false // a name may be glued to it
			}
			f.value = l.span(i, l.stripped(i, end, d.part))
			i = end
		}
		fields = append(fields, f)
	}
	if !bytes.Equal(l.text[i:], s.tail) || i < len(text) && len(text) < len(l.text) {
		return false
	}
	l.g.fields = fields
	return true
}

// stands reports whether text has the lead at i.
func (d *lead) stands(text []byte, i int) bool {
	if i+8 > len(text) {
		return bytes.HasPrefix(text[i:], d.text)
	}
	return load64(text[i:])&d.mask == d.word && (len(d.text) <= 8 || bytes.HasPrefix(text[i+8:], d.text[8:]))
}

// byteAt is text[i], or a blank behind the end.
func byteAt(text []byte, i int) byte {
	if i < len(text) {
		return text[i]
	}
	return ' '
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// zeros marks the bytes of x that are zero by their high bits; only the lowest
// mark is to be trusted.
func zeros(x uint64) uint64 { return (x - ones) &^ x & highs }

// bareEnd is where a value without quotes ends: at a blank or 0x1D.
func bareEnd(text []byte, i int) int {
	for ; i+8 <= len(text); i += 8 {
		x := load64(text[i:])
		if m := zeros(x^' '*ones) | zeros(x^separator*ones); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for i < len(text) && text[i] != ' ' && text[i] != separator {
		i++
	}
	return i
}

// quoteEnd is where the next quote stands; the end of the text if there is none.
func quoteEnd(text []byte, i int) int {
	for ; i+8 <= len(text); i += 8 {
		if m := zeros(load64(text[i:]) ^ '"'*ones); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for i < len(text) && text[i] != '"' {
		i++
	}
	return i
}

// learn makes the shape of a record that was just cut into fields; nil if it
// has parts that a shape does not describe, as free words.
func (s *shapes) learn(l *lexer, fields []field) *shape {
	if s.made >= maxShapes || len(fields) == 0 || len(fields) > maxLeads {
		return nil
	}
	out := &shape{torn: l.torn, first: make([]uint16, len(l.names.names))}
	parted := l.torn // or 0x1D stands between values, where fit sees it
	end := 0         // of the value before
	for i := range fields {
		d, stop, ok := l.leadOf(&fields[i], end)
		if !ok {
			return nil
		}
		out.leads = append(out.leads, d)
		if out.first[d.id] == 0 {
			out.first[d.id] = uint16(i + 1)
		} else if d.id != idNone {
			out.repeated = true
		}
		parted = parted || bytes.IndexByte(d.text, separator) >= 0
		end = stop
	}
	out.tail = bytes.Clone(l.text[end:])
	s.made++
	if !parted && bytes.IndexByte(out.tail, separator) < 0 || !out.gives(l, fields) {
		return nil
	}
	return out
}

// leadOf is the lead of a field that follows a value which ends at end, and
// where its own value ends.
func (l *lexer) leadOf(f *field, end int) (d lead, stop int, ok bool) {
	from, value := int(f.name.at-l.base), int(f.value.at-l.base)
	stop = int(f.value.end - l.base)
	d = lead{id: f.id, part: f.part}
	switch {
	case f.how == quoted:
		value--
		stop = min(stop+1, len(l.text))
	case f.how == plain && f.part == outer && f.id == idMsg:
		d.nested, stop = true, value
		value--
	case f.how == bare:
		stop = bareEnd(l.text, value)
		if f.part == inner {
			stop = int(f.value.end - l.base)
		}
	}
	if f.name.len() == 0 || from < end || value < from || stop < value {
		return d, 0, false
	}
	d.text, d.from = bytes.Clone(l.text[end:value]), uint32(from-end)
	d.to = d.from + uint32(f.name.len())
	var word [8]byte
	n := copy(word[:], d.text)
	d.word, d.mask = load64(word[:]), ^uint64(0)>>(8*(8-n))
	return d, stop, true
}

// gives reports whether the shape reads its own record as it was read.
func (s *shape) gives(l *lexer, want []field) bool {
	g := l.g
	n := len(g.fields)
	same := l.fit(s) && slices.Equal(g.fields[n:], want)
	g.fields = g.fields[:n]
	return same
}

// blankShape is that of a record without fields.
func blankShape(names *nameTable) *shape { return &shape{first: make([]uint16, len(names.names))} }
