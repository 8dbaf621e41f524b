package words

import "bytes"

// A Text is one text that is looked for by the byte of it that is rarest in logs.
// bytes.Index goes by the first one, which in a line of a log is often found in vain:
// a blank, say. It is immutable.
type Text struct {
	text []byte
	rare int // index into text
}

// NewText makes a Text of one byte at least.
func NewText(text string) Text {
	t := Text{text: []byte(text)}
	for i := range t.text {
		if often[text[i]] < often[text[t.rare]] {
			t.rare = i
		}
	}
	return t
}

// Index is bytes.Index: where in b the text first stands, or -1.
func (t *Text) Index(b []byte) int {
	for from := t.rare; from < len(b); {
		i := bytes.IndexByte(b[from:], t.text[t.rare])
		if i < 0 {
			return -1
		}
		if start := from + i - t.rare; bytes.HasPrefix(b[start:], t.text) {
			return start
		}
		from += i + 1
	}
	return -1
}

// Len is how long the text is.
func (t *Text) Len() int { return len(t.text) }

// Trim is bytes.Trim for a cutset of blanks and control characters, of which nearly no
// text has any at its ends.
func Trim(b []byte, cutset string) []byte {
	if len(b) > 0 && b[0] > ' ' && b[len(b)-1] > ' ' {
		return b
	}
	return bytes.Trim(b, cutset)
}

// TrimLeft is bytes.TrimLeft, as Trim is bytes.Trim.
func TrimLeft(b []byte, cutset string) []byte {
	if len(b) > 0 && b[0] > ' ' {
		return b
	}
	return bytes.TrimLeft(b, cutset)
}
