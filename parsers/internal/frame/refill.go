package frame

import (
	"bytes"
	"io"
)

// Refill goes on in buf: what Next has not given out is moved to its beginning,
// and the rest is filled from the stream. From then on pieces are not borrowed
// until the next call of Next, but for as long as buf is left alone: many of them
// can be given to another goroutine, in memory that is its own. Only their Context
// is still overwritten. buf must be left alone until the next Refill, which takes
// over what is unread in it; that may be given the same buffer, or another.
//
// Next works as ever; what it would have to read on for goes into a new buffer.
func (f *Framer) Refill(buf []byte) {
	f.release()
	f.start()
	w := &f.win
	n := w.w - w.r
	if w.pinned && n > len(buf) {
		return // what a long record was read into is nobody else's, and not to be moved
	}
	if n+w.block/2 > len(buf) { // a long record is unread
		buf = make([]byte, n+w.block)
	}
	copy(buf, w.buf[w.r:w.w])
	if !w.pinned {
		w.free()
	}
	w.nul, w.nulSeen = max(0, w.nul-w.r), max(0, w.nulSeen-w.r)
	w.buf, w.r, w.w, w.pinned = buf, 0, n, true
	for len(buf)-w.w >= w.block/2 && w.more() {
	}
	w.lines = bytes.LastIndexByte(w.data(), w.eol) + 1
}

// Ready reports whether there is a whole line left in the buffer of the last
// Refill, or of a part, or else a good deal, of an array without lines: Next will
// hardly have to read on.
func (f *Framer) Ready() bool {
	w := &f.win
	return len(f.waiting) > 0 || w.r+f.held < w.lines || w.w-w.r-f.held > goodDeal
}

// goodDeal is how many bytes hold a record for all that is known.
const goodDeal = 64 << 10

// Part makes part the Framer of what is unread in the buffer of the last Refill, but
// for the last line, and takes that as read itself; another goroutine may use part,
// as long as it is Ready. It reports false, and does nothing, if that might cut
// otherwise than Next does: unless all lines are objects that begin like the last
// one that was read and end in a brace. Then each begins a piece, whatever stands
// before it: two values side by side are broken between them, and so is a string
// with a newline in it.
func (f *Framer) Part(part *Framer) bool {
	text := f.Lines()
	w := &f.win
	if !w.pinned || f.head.n == 0 || len(text) == 0 || w.r+len(text) != w.lines {
		return false
	}
	head := f.head.b[:f.head.n]
	lines, last := 0, 0
	for at := 0; at < len(text); lines++ {
		end := at + bytes.IndexByte(text[at:], '\n')
		if !bytes.HasPrefix(text[at:end], head) || text[end-1] != '}' {
			return false
		}
		last, at = at, end+1
	}
	if lines--; lines == 0 {
		return false
	}
	*part = Framer{max: f.max, started: true, head: f.head, walker: part.walker, levels: part.levels[:0], ctx: part.ctx[:0]}
	part.win = *w
	part.win.src, part.win.err = nil, io.EOF
	part.win.lines = w.r + last
	part.win.w = part.win.lines + 1 // how the next line begins
	part.win.nul, part.win.nulSeen = part.win.w, part.win.w
	f.Take(last, lines)
	return true
}
