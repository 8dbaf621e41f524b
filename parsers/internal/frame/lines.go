package frame

import (
	"bytes"

	"tideline/parsers"
)

// MaxLine is how long a line of Lines may be, in bytes, to be taken as it is.
const MaxLine = 32 << 10

// Lines returns whole lines that are unread, with what ends them, for who reads
// many at a time; none, if the stream is not one of plain lines, or the next one is
// not whole yet. There is no NUL in them. Next would make a record as it stands of
// a line that is not longer than MaxLine and
//
//   - begins with neither a blank, a comma, a bracket nor a byte order mark, and does not
//     end in CR LF,
//   - or begins like the first, up to the value of its first key, and IsObject.
//
// The bytes are borrowed until the next call of Next.
func (f *Framer) Lines() []byte {
	f.release()
	w := &f.win
	if !f.started || len(f.waiting) > 0 || f.wide != nil || w.eol != '\n' || f.rows || f.docs || f.max < MaxLine ||
		f.over != within || f.tail || len(f.levels) > 0 || w.r == w.w || f.lost.seeks(w.line, w.off) {
		return nil
	}
	if w.w > w.nulSeen || w.nul < w.r {
		w.findNUL(w.r)
	}
	b := w.buf[w.r:w.nul]
	if len(b) > 0 && b[0] == '{' && !f.head.same(b) {
		return nil
	}
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

// Objects hands the lines of text, which Lines returned, to decode, as long as they
// begin like the first, an object, and end in a brace. They are rec, whose Pos is to
// be that of the first. Of each decode says whether it is done: no if it does not
// know for sure that the line is one object, and it does not look like one either.
// The results are those of parsers.Runner.
func Objects(text []byte, rec *parsers.Record, decode func(*parsers.Record) (bool, error)) (lines, size int, bad *parsers.Record, err error) {
	head := headOf(text)
	if len(head) < 2 || head[0] != '{' {
		return 0, 0, nil, nil
	}
	for size < len(text) {
		n := bytes.IndexByte(text[size:], '\n')
		line := text[size : size+n : size+n]
		if n > MaxLine || !bytes.HasPrefix(line, head) || line[n-1] != '}' {
			break
		}
		rec.Data, rec.Raw, rec.Pos.Length = line, line, int64(n)
		switch done, err := decode(rec); {
		case err == parsers.ErrForeign || err == nil && !done:
			return lines, size, nil, nil
		case err != nil:
			return lines, size, rec, err
		}
		lines++
		size += n + 1
		rec.Pos.Line++
		rec.Pos.Offset += int64(n) + 1
	}
	return lines, size, nil, nil
}

// IsObject reports whether a line that begins with a brace looks like one JSON
// object: its last byte is a brace, and it IsPaired. It may say no of one that is.
func IsObject(line []byte) bool { return line[len(line)-1] == '}' && IsPaired(line) }

// IsPaired reports whether as many braces open as close in a part of a line, and none
// opens right behind one that closes.
func IsPaired(part []byte) bool {
	return bytes.Count(part, []byte{'{'}) == bytes.Count(part, []byte{'}'}) && !joined(part)
}

// Spread returns what a stream begins with from its first object on, if that does not
// end in the line that it begins in: logs whose lines are objects are kept like that
// by who prints them for people. For Sniff, whose lines tell nothing then.
func Spread(prefix []byte) (text []byte, ok bool) {
	if bytes.IndexByte(prefix, '\n') < 0 {
		return nil, false // as nearly all are that are asked about, one by one
	}
	text = bytes.TrimLeft(prefix, "\xef\xbb\xbf \t\r\n\x00\x1e[")
	return text, len(text) > 0 && text[0] == '{' && bytes.IndexByte(text, '\n') >= 0
}
