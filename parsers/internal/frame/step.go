package frame

import "bytes"

// step makes p the next piece, or reports false if it only moved on.
func (f *Framer) step(p *Piece) bool {
	switch {
	case f.over != within:
		return f.skipExcess(p)
	case f.tail:
		return f.wrapperTail(p)
	}
	lead, line, done := f.blanks(p)
	if done {
		return true
	}
	switch f.win.data()[lead] {
	case '{':
		if f.opens(lead, `"}`) {
			return f.object(p, lead)
		}
	case '[':
		if len(f.levels) > 0 {
			return f.value(p, lead, false)
		}
		if f.opensArray(lead) {
			f.levels = append(f.levels, level{ctx: len(f.ctx)})
			return f.note(p, lead+1, "json.brackets", "brackets around records")
		}
	case '"':
		if len(f.levels) > 0 {
			return f.value(p, lead, false)
		}
	case ']':
		if len(f.levels) > 0 {
			return f.closeArray(p, lead)
		}
	}
	switch {
	case f.rows:
		return f.row(p, lead)
	case f.docs && line == lead:
		return f.document(p, line)
	}
	return f.text(p, line)
}

// bom is the byte order mark in UTF-8.
const bom = "\xef\xbb\xbf"

// blanks finds what stands before the next record: lead is where the first
// byte of a value would be, line where a line begins, with its indentation. It
// makes p a note, and reports so, if there is no record behind the blanks, if NULs are
// among them or a byte order mark is behind them.
func (f *Framer) blanks(p *Piece) (lead, line int, done bool) {
	nul := false
	for {
		for b := f.win.data(); lead < len(b) && lead < maxBlank && f.blank(b[lead]); lead++ {
			switch b[lead] {
			case 0:
				nul = true
				line = lead + 1
			case '\n', '\r', 0x1e, 0x1a, ',':
				line = lead + 1
			}
		}
		if lead == maxBlank || lead < len(f.win.data()) || !f.win.more() {
			break
		}
	}
	switch {
	case nul:
		return 0, 0, f.note(p, max(line, 1), "bytes.nul_run", "NUL bytes, as a crash or a cut file leaves them")
	case lead == maxBlank || lead == len(f.win.data()):
		return 0, 0, f.note(p, lead, "text.blank", "blank lines")
	case f.win.data()[lead] == bom[0] && f.win.need(lead+len(bom)) && string(f.win.data()[lead:lead+len(bom)]) == bom:
		return 0, 0, f.note(p, lead+len(bom), "text.bom", "a byte order mark between lines, as where files were joined")
	}
	return lead, line, false
}

// blank reports whether c may stand before a record.
func (f *Framer) blank(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', 0, 0x1e, 0x1a: // 0x1e: RFC 7464; 0x1a: the end of a text to DOS, and to copy of Windows
		return true
	case ',':
		return len(f.levels) > 0
	}
	return false
}

// opens reports whether the bracket at i is followed by one of the bytes in
// any, white space aside, or by the end of the stream.
func (f *Framer) opens(i int, any string) bool {
	c, _ := f.after(i + 1)
	return c == 0 || bytes.IndexByte([]byte(any), c) >= 0
}

// opensArray tells an array of records from text that begins with a bracket:
// "[pod/web] started", "[0] tag: [[...".
func (f *Framer) opensArray(i int) bool {
	c, at := f.after(i + 1)
	switch c {
	case '{', ']':
		return true
	case '"':
		return !f.rows && f.isRecordText(at)
	case '[':
		c, inner := f.after(at + 1)
		return c == '{' || c == '"' || c >= '0' && c <= '9' && f.isPair(inner)
	}
	return false
}

// textHeads are how records begin that are the strings of an array.
var textHeads = []string{`"{`, `"type=`, `"node=`, `"time=`}

// isRecordText reports whether the string at i begins like a record.
func (f *Framer) isRecordText(i int) bool {
	f.win.need(i + 8)
	for _, head := range textHeads {
		if bytes.HasPrefix(f.win.data()[i:], []byte(head)) {
			return true
		}
	}
	return false
}

// isPair reports whether behind the number at i a record stands as a string: such are
// the rows of a query for a time and a line.
func (f *Framer) isPair(i int) bool {
	for end := i + maxDigits; i < end && f.win.need(i+1) && literal[f.win.data()[i]]; i++ {
	}
	c, at := f.after(i)
	if c != ',' {
		return false
	}
	c, at = f.after(at + 1)
	return c == '"' && f.isRecordText(at)
}

// maxDigits is how long the number of a pair may be.
const maxDigits = 32

// after returns the next byte from i on that is no white space, and where it
// is; zero if there is none near.
func (f *Framer) after(i int) (byte, int) {
	for ; i < maxContext && f.win.need(i+1); i++ {
		switch c := f.win.data()[i]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c, i
		}
	}
	return 0, i
}

// trail returns the end of what belongs to the record that ends at i: white
// space and commas up to the end of the line.
func (f *Framer) trail(i int) int {
	for end := i + maxBlank; i < end && f.win.need(i+1); i++ {
		switch f.win.data()[i] {
		case f.win.eol:
			return i + 1
		case ' ', '\t', '\r', ',':
		default:
			return i
		}
	}
	return i
}

// closeArray ends the innermost array at its bracket, data[i].
func (f *Framer) closeArray(p *Piece, i int) bool {
	top := f.levels[len(f.levels)-1]
	f.levels = f.levels[:len(f.levels)-1]
	if top.objects > 0 {
		f.walker.inside(top.objects)
		f.tail = true
		f.levels = append(f.levels, level{ctx: top.ctx}) // until the wrapper ends
	} else {
		f.ctx = f.ctx[:top.ctx]
	}
	return f.note(p, i+1, "json.brackets", "brackets around records")
}

// abandon leaves all arrays: what follows is not of them.
func (f *Framer) abandon() {
	f.tail = false
	f.levels, f.ctx = f.levels[:0], f.ctx[:f.header]
}
