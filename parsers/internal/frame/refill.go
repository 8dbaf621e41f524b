package frame

import "bytes"

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
// Refill: Next will hardly have to read on.
func (f *Framer) Ready() bool { return f.win.r+f.held < f.win.lines }
