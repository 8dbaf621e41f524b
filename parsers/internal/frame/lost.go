package frame

// Behind a torn object stands its rest, which is text, and whatever tore it. Where objects
// are joined without newlines, as Firehose does it, all that follows is of the same line.
// So text near there, and in the line in which an object was found again, ends where one
// begins like the torn one, or like the wrapper around it.
type lost struct {
	near  int64 // offset up to which a line may begin
	line  int64 // any; 0: none
	heads [2]headKey
	row   headKey // of the last sound row
}

// nearTear is what may be damaged at a time, in bytes: a page, a cluster of a disk.
const nearTear = 64 << 10

// rowHead is how long the beginning of a row is that is taken for that of all rows: a time
// mostly, of which the first digits are the same.
const rowHead = len(`["2025`)

// setRow is set for a row.
func (h *headKey) setRow(b []byte) {
	if len(b) > 1 && b[1] == '{' {
		h.set(b)
		return
	}
	h.n = copy(h.b[:], b[:min(len(b), rowHead)])
}

// lose remembers the torn object or row b, or the last sound one if b is nil, and what is
// around it; cutting resumes at data[next].
func (f *Framer) lose(b []byte, next int) {
	p := f.pos(next, next)
	f.lost.near, f.lost.line = p.Offset+nearTear, p.Line
	switch {
	case b == nil && f.lost.row.n > 0:
		f.lost.heads[0] = f.lost.row
	case b == nil:
		f.lost.heads[0] = f.head
	case b[0] == '[':
		f.lost.heads[0].setRow(b)
	default:
		f.lost.heads[0].set(b)
	}
	f.lost.heads[1].set(f.ctx[f.header:])
}

// seeks reports whether an object that was lost may be in a line, or in one that goes on
// at offset.
func (l *lost) seeks(line, offset int64) bool { return l.line == line || offset < l.near }

// found returns how far behind data[at], in the same line, the next object begins; 0 if none
// does, or none was torn.
func (f *Framer) found(at int) int {
	p := f.pos(at, at)
	if !f.lost.seeks(p.Line, p.Offset) {
		return 0
	}
	var marks [len(f.lost.heads)][]byte
	for i := range marks {
		if h := &f.lost.heads[i]; h.n >= len(`{"a":`) {
			marks[i] = h.b[:h.n]
		}
	}
	i := f.ahead(at, marks[:])
	if i > 0 {
		f.lost.line = p.Line
	}
	return i
}
