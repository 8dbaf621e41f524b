package frame

import (
	"bytes"
	"io"
)

const (
	codeBroken   = "line.broken"
	codeTail     = "line.truncated_tail"
	codeOversize = "line.oversize"

	reasonBroken   = "the value breaks off where the next record begins"
	reasonTail     = "the stream ends within the record"
	reasonOversize = "longer than the limit of a record: read up to the limit"
)

// torn frames the value that begins at data[at] and cannot go on with
// data[bad].
func (f *Framer) torn(p *Piece, at, bad int) bool {
	b := f.win.data()
	if i := bytes.Index(b[at:bad], recordAtColumn0); i >= 0 {
		return f.cut(p, at, trimEnd(b, at, at+i), at+i+1, codeBroken, reasonBroken)
	}
	if i := swallowed(b[at:bad]); i > 0 {
		return f.cut(p, at, trimEnd(b, at, at+i), at+i, codeBroken, reasonBroken)
	}
	if b[bad] == '\n' {
		return f.cut(p, at, trimEnd(b, at, bad), bad+1, codeBroken, reasonBroken)
	}
	if i := bytes.LastIndexByte(b[at:bad], '\n'); i >= 0 {
		return f.cut(p, at, trimEnd(b, at, at+i), at+i+1, codeBroken, reasonBroken)
	}
	return f.tornLine(p, at)
}

// swallowed returns where in a torn value, which breaks off where a value may come, the
// record begins that came instead; 0 if none did. It is taken to begin like the torn one.
// An audit event is known by more than that: what it tells of may be an Event, too.
func swallowed(b []byte) int {
	mark := headOf(b)
	if bytes.HasPrefix(b, []byte(`{"kind":"Event"`)) {
		mark = []byte(`{"kind":"Event","apiVersion":"audit.k8s.io/`)
	}
	if len(mark) < 3 {
		return 0
	}
	return bytes.Index(b[1:], mark) + 1
}

// recordAtColumn0 is how the next record begins that a torn value has
// swallowed. Printers of JSON indent what lies within a value.
var recordAtColumn0 = []byte("\n{\"")

// tornLine frames a value that is broken within its line: up to where another
// record seems to begin in the line, or all of it.
func (f *Framer) tornLine(p *Piece, at int) bool {
	if i := f.resync(at); i > 0 {
		return f.cut(p, at, trimEnd(f.win.data(), at, at+i), at+i, codeBroken, reasonBroken)
	}
	end, ok := f.win.lineEnd(at+1, at+f.max)
	f.line(p, at, end, ok)
	f.lose(p.Record.Data, f.held)
	return true
}

// resync returns how far behind a broken record at data[at] another begins, in the same
// line; 0 if none does.
func (f *Framer) resync(at int) int {
	var own headKey // not the bytes themselves: they move when more is read
	own.set(f.win.data()[at:])
	marks := [][]byte{[]byte(`{"kind":"Event"`), own.b[:own.n], nil}
	if len(f.levels) > 0 {
		marks[2] = []byte(`,{"`)
	}
	return f.ahead(at, marks)
}

// leastAhead is how much of a line is looked at first.
const leastAhead = 4 << 10

// ahead returns how far behind data[at] the first of marks stands, in the same line; 0 if
// none does. It looks a little further each time: the line may be as long as the stream,
// and whoever writes it can tear every record in it.
func (f *Framer) ahead(at int, marks [][]byte) int {
	for most := min(leastAhead, f.max); ; most = min(2*most, f.max) {
		end, ok := f.win.lineEnd(at, at+most)
		if i := firstOf(f.win.data()[at:end], marks); i > 0 {
			return i
		}
		if ok || end < at+most || most == f.max {
			return 0
		}
	}
}

// firstOf is where the first of marks stands in b, behind its first byte; 0 if none does.
// Those below three bytes are none.
func firstOf(b []byte, marks [][]byte) int {
	first := 0
	for _, m := range marks {
		if len(m) < 3 || len(b) < 2 {
			continue
		}
		if i := bytes.Index(b[1:], m); i >= 0 && (first == 0 || i+1 < first) {
			first = i + 1
		}
	}
	return first
}

// unended frames the value that begins at data[at] and was still open when
// the stream ended.
func (f *Framer) unended(p *Piece, at int) bool {
	b := f.win.data()
	if i := bytes.Index(b[at:], recordAtColumn0); i >= 0 {
		return f.cut(p, at, trimEnd(b, at, at+i), at+i+1, codeBroken, reasonBroken)
	}
	if i := swallowed(b[at:]); i > 0 {
		return f.cut(p, at, trimEnd(b, at, at+i), at+i, codeBroken, reasonBroken)
	}
	return f.cut(p, at, trimEnd(b, at, len(b)), len(b), codeTail, reasonTail)
}

// text frames the line that begins at data[at].
func (f *Framer) text(p *Piece, at int) bool {
	if p := f.pos(at, at); len(f.levels) > 0 && !f.lost.seeks(p.Line, p.Offset) { // a member seems to have ended before its end
		f.lose(nil, at)
	}
	f.abandon()
	if i := f.found(at); i > 0 {
		return f.record(p, at, at+i, at+i)
	}
	end, ok := f.win.lineEnd(at, at+f.max)
	if onlyBrackets(f.win.data()[at:end]) {
		return f.note(p, f.trail(end), "json.brackets", "brackets around records")
	}
	if ok && f.opensEvent(at, end) {
		if next := f.valueEnd(end - 1); next > 0 {
			return f.record(p, at, next, f.trail(next))
		}
	}
	return f.line(p, at, end, ok)
}

// maxEventHead is how long the line may be at whose end an event begins.
const maxEventHead = 256

// opensEvent reports whether data[at:end] is a line that begins with a date and ends
// with the bracket of an audit event that is printed over many lines, as
// "aws logs tail --format json" does.
func (f *Framer) opensEvent(at, end int) bool {
	b := f.win.data()
	if end-at > maxEventHead || b[end-1] != '{' || !bytes.HasPrefix(b[at:], []byte("20")) {
		return false
	}
	const kind = `"kind"`
	if c, i := f.after(end); c == '"' && f.win.need(i+len(kind)) {
		return string(f.win.data()[i:i+len(kind)]) == kind
	}
	return false
}

// valueEnd is the end of the value that begins at data[at]; zero if it has none, or is
// longer than a record may be.
func (f *Framer) valueEnd(at int) int {
	f.walker.reset(false)
	for i := at; ; {
		b := f.win.data()
		var v verdict
		i, v = f.walker.walk(b[:min(len(b), at+f.max)], i)
		switch {
		case v == whole:
			return i
		case v == broken || i == at+f.max || !f.win.more():
			return 0
		}
	}
}

// line frames data[at:end], which window.lineEnd found.
func (f *Framer) line(p *Piece, at, end int, ok bool) bool {
	b := f.win.data()
	to := end
	for to > at+1 && (b[to-1] == '\r' || b[to-1] == 0) { // blanks at the end belong to a line
		to--
	}
	switch {
	case ok && isEOL(b[end]):
		next := end + 1
		if b[end] == '\r' && f.win.need(next+1) && f.win.data()[next] == '\n' {
			next++
		}
		return f.record(p, at, to, next)
	case ok && (b[at] == '{' || b[at] == '[' && len(f.levels) > 0):
		return f.cut(p, at, to, end, codeBroken, "the record breaks off in a run of NUL bytes")
	case ok: // a run of NULs
		return f.record(p, at, to, end)
	case end == at+f.max:
		return f.excessLine(p, at)
	case f.win.err == io.EOF:
		return f.record(p, at, to, end)
	}
	return f.cut(p, at, to, end, codeTail, reasonTail)
}

func isEOL(c byte) bool { return c == '\n' || c == '\r' }

// onlyBrackets reports whether a line is what remains of an array of which the
// beginning is missing.
func onlyBrackets(line []byte) bool {
	for _, c := range line {
		switch c {
		case ']', '}', ',', ' ', '\t', '\r':
		default:
			return false
		}
	}
	return true
}

// trimEnd returns the end of data[at:end] without white space and NULs.
func trimEnd(b []byte, at, end int) int {
	for end > at+1 {
		switch b[end-1] {
		case ' ', '\t', '\r', '\n', 0:
			end--
			continue
		}
		break
	}
	return end
}

// An excess is what is being skipped of a record above the limit.
type excess uint8

const (
	within excess = iota
	ofValue
	ofLine
)

func (f *Framer) excessValue(p *Piece, at int) bool {
	f.over = ofValue
	return f.cut(p, at, at+f.max, at+f.max, codeOversize, reasonOversize)
}

func (f *Framer) excessLine(p *Piece, at int) bool {
	f.over = ofLine
	return f.cut(p, at, at+f.max, at+f.max, codeOversize, reasonOversize)
}

// skipExcess makes p a gap: the rest of a record above the limit. Nothing of it
// is kept in memory.
func (f *Framer) skipExcess(p *Piece) bool {
	p.Kind, p.Code = Gap, codeOversize
	p.Reason = "the rest of a record above the limit, which was not searched"
	p.Record.Pos = f.pos(0, 0)
	for f.over != within {
		switch f.over {
		case ofValue:
			p.Size += f.skipValue()
		case ofLine:
			p.Size += f.skipLine()
		}
	}
	p.Record.Pos.Length = f.win.off - p.Record.Pos.Offset
	return p.Size > 0
}

// skipValue skips to the end of the value that the walker is in, or to a
// record that seems to begin before it.
func (f *Framer) skipValue() (size int64) {
	keep := 0 // bytes walked and still held: a mark may straddle two reads
	for {
		i, v := f.walker.walk(f.win.data(), keep)
		b := f.win.data()
		if v == array {
			f.walker.take('[')
			keep = i + 1
			continue
		}
		if n := bytes.Index(b[:i], recordAtColumn0); n >= 0 {
			f.over = within
			return size + f.win.skip(n+1)
		}
		switch v {
		case whole:
			f.over = within
			return size + f.win.skip(i)
		case broken:
			f.over = ofLine
			if i > 0 && b[i-1] == '\n' { // the line that broke it is a record
				f.over = within
			}
			return size + f.win.skip(i)
		}
		keep = min(i, len(recordAtColumn0)-1)
		size += f.win.skip(i - keep)
		if !f.win.more() {
			f.over = within
			return size + f.win.skip(keep)
		}
	}
}

// skipLine skips to the end of the line.
func (f *Framer) skipLine() (size int64) {
	for {
		b := f.win.data()
		if i := f.win.eolIn(b); i >= 0 {
			f.over = within
			return size + f.win.skip(i+1)
		}
		size += f.win.skip(len(b))
		if !f.win.more() {
			f.over = within
			return size
		}
	}
}
