package frame

import (
	"bytes"

	"tideline/parsers"
)

// An object that is longer than a record may be is folded: three quarters of the
// limit are kept as they stand, and of each member of the outermost object that
// follows, the beginning. So what says who did what is read however much stands
// before it, and no more than the limit is held.
const (
	foldParts  = 4 // of the limit, one is for what follows the head
	reasonFold = "longer than the limit of a record: read were its head, and the beginning of each member behind that"
	reasonRest = "what was left out of a record above the limit; it was not searched"
)

// fold frames the object that begins at data[at] and is longer than a record may
// be. If it turns out to be torn, the record is Cut.
func (f *Framer) fold(p *Piece, at int) bool {
	room := f.max / foldParts
	cut := at + f.max - room
	f.walker.reset(false)
	f.walker.members = true
	cut = f.walker.headOf(f.win.data()[:cut], at)
	b := f.win.data()[:cut]
	kept, closing := f.walker.closed(b[at:])
	if len(closing) >= room {
		return f.excessValue(p, at) // hardly anything but brackets
	}
	g := &folding{walk: &f.walker, win: f.from(cut), keeps: newKeeps(room, closing)}
	g.skipping = f.walker.depth > 1 || f.walker.want != wantNext && f.walker.want != wantKey
	g.keeps.first = len(closing) == 0 && len(bytes.TrimSpace(b[at:at+kept])) == 1
	for !g.step() {
	}
	return f.folded(p, g, at, at+kept, cut)
}

// headOf walks through the head of an object, from b[at] on, and returns where it had
// better end: where the last member does, if the next one is not long. Whoever pads a
// record is not to choose which one is cut.
func (w *walker) headOf(b []byte, at int) int {
	end, ended := at, *w
	for i, v := at, member; v == member; {
		if i, v = w.walk(b, i); v == member {
			end, ended = i, *w
		}
	}
	if end == at || len(b)-end > foldMember {
		return len(b)
	}
	*w = ended // in the outermost object, of which what is noted stays
	return end
}

// from is a window of what is unread from data[i] on.
func (f *Framer) from(i int) window {
	w, at := f.win, f.pos(i, i)
	w.buf = bytes.Clone(w.data()[i:])
	w.r, w.w, w.off, w.line = 0, len(w.buf), at.Offset, at.Line
	w.pinned, w.lines, w.nul, w.nulSeen = false, 0, 0, 0
	return w
}

// folded gives out the record, of which data[at:end] is the head, and then, as a
// gap, all that stands behind that. What follows in the stream moves up to it.
func (f *Framer) folded(p *Piece, g *folding, at, end, cut int) bool {
	w := &f.win
	ended := w.r + cut + int(g.win.off-f.pos(cut, cut).Offset)
	gap := Piece{Kind: Gap, Code: codeOversize, Reason: reasonRest}
	gap.Record.Pos = f.pos(end, end)
	gap.Record.Pos.Length = g.win.off - gap.Record.Pos.Offset
	gap.Size = w.size(w.data()[end:cut]) + g.passed
	f.waiting = append(f.waiting, gap)
	p.Record.Pos = f.pos(at, end)
	p.Size = w.size(w.data()[:end])

	kept := append(g.keeps.out, '}')
	f.held = end + len(kept)
	if w.lines -= ended - w.r - f.held; w.lines < w.r+f.held {
		w.lines = 0 // it was not among them
	}
	w.replace(end, kept, g.win.data())
	w.err = g.win.err
	f.behind = parsers.Pos{Line: g.win.line, Offset: g.win.off}
	f.over = g.over
	text := f.held
	if g.whole {
		f.foldedTrail(p)
	}
	p.Kind, p.Code, p.Reason, p.Record.Cut = Record, codeOversize, reasonFold, !g.whole
	p.Record.Data = w.data()[at:text:text]
	p.Record.Raw = p.Record.Data[: end-at : end-at]
	if len(f.ctx) > 0 {
		p.Record.Context = f.ctx
	}
	return true
}

// foldedTrail counts the end of the line with the record.
func (f *Framer) foldedTrail(p *Piece) {
	from := f.held
	f.held = f.trail(from)
	ending := f.win.data()[from:f.held]
	p.Size += f.win.size(ending)
	f.behind.Offset += int64(len(ending))
	f.behind.Line += int64(bytes.Count(ending, []byte{f.win.eol}))
}

// A folding is an object while what follows its head is read.
type folding struct {
	walk   *walker
	win    window // of what follows the head
	passed int64  // bytes as read that were taken from it
	last   byte   // of those
	clear  int    // bytes of win, from its beginning, in which no record begins

	keeps    keeps
	member   []byte // the one at hand, as far as it is kept
	skipping bool   // it is longer, and what is kept of it is in keeps

	whole bool   // the object has ended, and was sound
	over  excess // what is still to be skipped
}

// step reads on, and reports whether the object has ended. Where another record
// begins within, it was torn, and the rest of it is missing.
func (g *folding) step() bool {
	g.win.need(len(recordAtColumn0))
	b := g.win.data()
	if len(b) == 0 {
		g.tear()
		return true
	}
	if g.clear == 0 && !g.look(b) {
		g.passed += g.win.skip(1)
		g.tear()
		return true
	}
	n := g.clear
	if !g.skipping {
		n = min(n, g.keeps.most-len(g.member))
	}
	i, v := g.walk.walk(b[:n], 0)
	if g.take(b[:i]); v == broken {
		if g.last != '\n' { // else the line that broke it is a record
			g.over = ofLine
		}
		g.tear()
		return true
	}
	return g.turn(v)
}

// look finds out how much of b, which win holds, can be walked through: up to where
// a record begins, if one does. It reports false if one begins behind the first
// byte.
func (g *folding) look(b []byte) bool {
	i := bytes.Index(b, recordAtColumn0)
	switch {
	case i >= 0:
		g.clear = i
	case len(b) < len(recordAtColumn0):
		g.clear = len(b)
	default:
		g.clear = len(b) - len(recordAtColumn0) + 1
	}
	return i != 0
}

// take takes part from win.
func (g *folding) take(part []byte) {
	if !g.skipping {
		g.member = append(g.member, part...)
	}
	if len(part) > 0 {
		g.last = part[len(part)-1]
	}
	g.clear -= len(part)
	g.passed += g.win.skip(len(part))
}

// turn does what is due where the walker stands.
func (g *folding) turn(v verdict) bool {
	switch {
	case v == whole:
		g.whole = true
	case v == member:
		if !g.skipping {
			g.keeps.add(g.member)
		}
		g.member, g.skipping = g.member[:0], false
	case g.walk.depth == 1 && g.walk.want == wantKey:
		g.member = g.member[:0] // only blanks so far
	case !g.skipping && len(g.member) == g.keeps.most:
		g.shorten()
	}
	return v == whole
}

// shorten keeps what there is of the member at hand, and leaves out the rest.
func (g *folding) shorten() {
	n, closing := g.walk.closed(g.member)
	g.keeps.add(append(g.member[:n], closing...))
	g.member, g.skipping = g.member[:0], true
}

// tear ends an object that has no end.
func (g *folding) tear() {
	if !g.skipping {
		g.shorten()
	}
}
