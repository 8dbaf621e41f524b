package frame

import "bytes"

// object frames the object that begins at data[at].
func (f *Framer) object(p *Piece, at int) bool {
	if len(f.levels) == 0 {
		if end, ok := f.simpleLine(at); ok {
			next := f.trail(end)
			return f.record(p, at, end, next)
		}
	}
	return f.value(p, at, true)
}

// value frames the value that begins at data[at], of any layout; watch: it
// may be a wrapper.
func (f *Framer) value(p *Piece, at int, watch bool) bool {
	if watch && f.win.need(at+len(f.head.b)) {
		watch = !f.head.same(f.win.data()[at : at+len(f.head.b)])
	}
	f.walker.reset(watch)
	limit := at + f.max
	for i := at; ; {
		b := f.win.data()
		var v verdict
		i, v = f.walker.walk(b[:min(len(b), limit)], i)
		switch {
		case v == whole:
			if watch && i-at >= len(f.head.b) {
				f.head.set(b[at:i])
			}
			if b[at] == '[' {
				f.lost.row.setRow(b[at:i])
			}
			return f.record(p, at, i, f.trail(i))
		case v == broken:
			return f.torn(p, at, i)
		case v == array && f.opensWrapper(at, i):
			return f.openWrapper(p, at, i)
		case v == array:
			f.walker.take('[')
			i++
		case i == limit && b[at] == '{':
			return f.fold(p, at)
		case i == limit:
			return f.excessValue(p, at)
		case !f.win.more():
			return f.unended(p, at)
		}
	}
}

func (f *Framer) opensWrapper(at, bracket int) bool {
	if bracket-at+len(f.ctx) > maxContext {
		return false
	}
	c, _ := f.after(bracket + 1)
	return c == '{' || c == '['
}

// openWrapper makes the head of a wrapper a note, and its bytes the context of
// the records that follow.
func (f *Framer) openWrapper(p *Piece, at, bracket int) bool {
	f.levels = append(f.levels, level{ctx: len(f.ctx), objects: f.walker.depth})
	f.ctx = append(f.ctx, f.win.data()[at:bracket+1]...)
	return f.note(p, bracket+1, "json.wrapper", "the object around an array of records")
}

// wrapperTail goes from the end of an array to the end of its wrapper, or to
// the next array of records in it.
func (f *Framer) wrapperTail(p *Piece) bool {
	p.Kind, p.Code, p.Reason = Note, "json.wrapper", "the object around an array of records"
	p.Record.Pos = f.pos(0, 0)
	top := f.levels[len(f.levels)-1]
	for {
		i, v := f.walker.walk(f.win.data(), 0)
		switch {
		case v == array && f.opensWrapper(i, i):
			f.levels[len(f.levels)-1].objects = f.walker.depth
			f.tail = false
			i++
		case v == array:
			f.walker.take('[')
			p.Size += f.win.skip(i + 1)
			continue
		case v == whole:
			f.levels = f.levels[:len(f.levels)-1]
			f.ctx = f.ctx[:top.ctx]
			f.tail = false
		case v == broken:
			f.abandon()
		}
		p.Size += f.win.skip(i)
		if v != unfinished || (len(f.win.data()) == 0 && !f.win.more()) {
			p.Record.Pos.Length = f.win.off - p.Record.Pos.Offset
			return p.Size > 0
		}
	}
}

// simpleLine reports whether the object at data[at] is all of its line, and
// where it ends. It may say no of one that is; it says yes of one that is not
// only if the decoder is sure to notice.
func (f *Framer) simpleLine(at int) (end int, ok bool) {
	limit := at + min(maxFastLine, f.max)
	end, found := f.win.lineEnd(at+1, limit)
	if !found && end == limit {
		return 0, false
	}
	line := bytes.TrimRight(f.win.data()[at:end], " \t\r,")
	n := len(line)
	if !IsObject(line) || !IsSole(line) {
		return 0, false
	}
	if !f.head.same(line) {
		f.walker.reset(true)
		if i, v := f.walker.walk(line, 0); v != whole || i != n {
			return 0, false
		}
		f.head.set(line)
	}
	return at + n, true
}

// joined reports whether a brace opens right behind one that closes: a second
// value on the line, or a string that looks like it.
func joined(line []byte) bool { return bracesBehind(line, func(c byte) bool { return c == '}' }) }

// IsSole reports whether a line that IsObject, as far as braces tell, has nothing but that
// object: each of them opens where one may in JSON. It may say no of one that is, whose
// strings have braces in them. Where somebody put something between two objects, as NUL in
// GELF over TCP, a decoder may not notice the second.
func IsSole(line []byte) bool {
	return !bracesBehind(line, func(c byte) bool { return !beforeBrace[c] })
}

// beforeBrace are the bytes that stand before a brace that opens within an object, or
// within a string of JSON in one.
var beforeBrace = [256]bool{':': true, ',': true, '[': true, '"': true}

// bracesBehind reports whether a brace opens behind a byte, blanks aside, that is so.
func bracesBehind(line []byte, so func(c byte) bool) bool {
	for i := 1; i < len(line); i++ {
		n := bytes.IndexByte(line[i:], '{')
		if n < 0 {
			return false
		}
		i += n
		j := i - 1
		for j > 0 && (line[j] == ' ' || line[j] == '\t') {
			j--
		}
		if so(line[j]) {
			return true
		}
	}
	return false
}

// A headKey is the first key of an object that was found to be no wrapper.
// Objects of one log begin alike, so the search need not be done for each. If
// it is wrong, records lie in one piece that could have been cut: an envelope
// takes them apart all the same.
type headKey struct {
	n int
	b [48]byte
}

// headOf returns the beginning of a line that tells; nil if it is too long.
func headOf(line []byte) []byte {
	i := bytes.IndexByte(line[:min(len(line), len(headKey{}.b)-9)], ':')
	if i < 0 {
		return nil
	}
	if bytes.HasPrefix(line, []byte(`{"kind"`)) { // Event and EventList
		i = min(i+9, len(line)-1)
	}
	return line[:i+1]
}

func (h *headKey) same(line []byte) bool {
	return h.n > 0 && bytes.Equal(h.b[:h.n], headOf(line))
}

func (h *headKey) set(line []byte) { h.n = copy(h.b[:], headOf(line)) }
