package frame

import (
	"bytes"

	"tideline/parsers"
)

// MaxLine is how long a line of Lines may be, in bytes, to be taken as it is.
const MaxLine = 32 << 10

// Lines returns whole lines that are unread, with what ends them, for who reads
// many at a time; none, if the stream is not one of plain lines, or the next one is
// not whole yet. There is no NUL in them. Of a line that begins with neither a
// blank, a comma nor a bracket, that is not longer than MaxLine and does not end in
// CR LF, Next would make a record as it stands. The bytes are borrowed until the
// next call of Next.
func (f *Framer) Lines() []byte {
	f.release()
	w := &f.win
	if !f.started || len(f.waiting) > 0 || f.wide != nil || w.eol != '\n' || f.rows || f.docs || f.max < MaxLine ||
		f.over != within || f.tail || len(f.levels) > 0 || w.r == w.w {
		return nil
	}
	if w.w > w.nulSeen || w.nul < w.r {
		w.findNUL(w.r)
	}
	b := w.buf[w.r:w.nul]
	return b[: bytes.LastIndexByte(b, '\n')+1 : len(b)]
}

// Place is where the next piece begins.
func (f *Framer) Place() parsers.Pos {
	f.release()
	return parsers.Pos{Line: f.win.line, Offset: f.win.off}
}

// Take takes n bytes, which are so many of Lines.
func (f *Framer) Take(n, lines int) {
	f.win.r += n
	f.win.off += int64(n)
	f.win.line += int64(lines)
}
