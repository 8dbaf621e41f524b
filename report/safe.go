package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text from evidence is hostile wherever it is shown. Each function here makes
// it safe for one place:
//
//	SafeText      a terminal, free text: line breaks and tabs stay
//	SafeCell      a terminal, one cell: one line, columns stay in order
//	safeCSV       a spreadsheet: no formula, one line
//	safeMarkdown  Markdown: no markup, no link, no HTML
//	jsonEncoder   JSON that may be shown on a terminal, or embedded in HTML
//
// What a place cannot bear is shown as a visible escape: \x1b for a control
// character and for a byte that is not UTF-8, \u202e for other characters. A
// backslash itself stays as it is, so the escapes are for reading; the exact
// text is in the JSON formats, where escaping loses nothing.

// maxCellBytes bounds the bytes of evidence in one cell of a table or in one line
// of text; what is longer ends in an ellipsis. Longer than any terminal is
// wide, so that only the layout decides what is seen.
const maxCellBytes = 4096

// maxMarks is how many combining marks may follow one character; more of them
// are drawn over the lines above and below.
const maxMarks = 2

// SafeText makes s safe to print on a terminal as free text.
func SafeText(s string) string { return escape(s, keepLines) }

// SafeCell makes s safe to print on a terminal as a part of a line or as a
// cell of a table. Letters of right-to-left scripts are escaped too: without
// bidi controls, which are themselves refused, they reorder their neighbours
// on the line, and a score or an outcome would seem to be another's.
func SafeCell(s string) string { return escape(limit(s, maxCellBytes), oneLine) }

// safeCSV makes s safe as a cell of a spreadsheet. A cell that a spreadsheet
// might take for a formula gets a leading apostrophe, and so does one that
// begins with an apostrophe: taking one leading apostrophe off every cell that
// has one gives the text back. Control and bidi characters are escaped, so
// that a line is a row and showing the file on a terminal is safe.
func safeCSV(s string) string {
	s = escape(s, oneLineCSV)
	if startsFormula(s) {
		return "'" + s
	}
	return s
}

// startsFormula reports whether a spreadsheet may take s for something other
// than text: OWASP lists = + - @ tab and carriage return; their full-width
// forms count in some locales, and white space before them is skipped by some
// programs.
func startsFormula(s string) bool {
	if strings.HasPrefix(s, "'") || strings.HasPrefix(s, `\t`) || strings.HasPrefix(s, `\r`) || strings.HasPrefix(s, `\n`) || strings.HasPrefix(s, `\x00`) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, unicode.IsSpace))
	return strings.ContainsRune("=+-@|%＝＋－＠", r)
}

// safeMarkdown makes s safe inside a paragraph of Markdown (CommonMark 0.31):
// every ASCII punctuation character is preceded by a backslash, which takes
// its meaning away, and < > & become entities for readers that pass HTML on.
func safeMarkdown(s string) string {
	s = escape(s, oneLine)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '&':
			b.WriteString("&amp;")
		case strings.IndexByte("\\`*_{}[]()#+-.!|~:\"'=@/", c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// A place says what else than the harmless may stay.
type place uint8

const (
	keepLines  place = iota // \n and \t stay
	oneLine                 // they do not; right-to-left letters go too
	oneLineCSV              // they do not; right-to-left letters stay
)

// escape replaces what p cannot bear. Text that needs nothing is returned as
// it is, without copying.
func escape(s string, p place) string {
	i := 0
	for i < len(s) && s[i] >= 0x20 && s[i] < 0x7f {
		i++
	}
	if i == len(s) {
		return s
	}
	b := append(make([]byte, 0, len(s)+16), s[:i]...)
	for marks := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.Is(unicode.M, r) {
			marks++
		} else {
			marks = 0
		}
		if r == utf8.RuneError && size == 1 {
			b = appendHexEscape(b, s[i])
		} else if bears(r, p) && marks <= maxMarks {
			b = append(b, s[i:i+size]...)
		} else {
			b = appendEscape(b, r)
		}
		i += size
	}
	return string(b)
}

func bears(r rune, p place) bool {
	switch {
	case r >= 0x20 && r < 0x7f:
		return true
	case r == '\n' || r == '\t':
		return p == keepLines
	case invisible(r):
		return false
	}
	return p != oneLine || !rightToLeft(r)
}

// invisible reports whether r has no visible form of its own or changes how
// its neighbours are shown: controls, format characters (bidi, zero width, tags,
// BOM), separators other than the space, private and unassigned code points,
// and the few letters and marks that are drawn as nothing.
func invisible(r rune) bool {
	if !unicode.IsPrint(r) {
		return true
	}
	switch {
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef, r >= 0x180b && r <= 0x180f: // variation selectors
		return true
	}
	switch r {
	case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0: // joiners, fillers, blanks
		return true
	}
	return false
}

// rightToLeft reports whether r belongs to a script written from right to
// left: the blocks that Unicode 15.1 (DerivedBidiClass) reserves for them.
func rightToLeft(r rune) bool {
	return r >= 0x0590 && r <= 0x08ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff ||
		r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff
}

func appendEscape(b []byte, r rune) []byte {
	switch {
	case r == '\n':
		return append(b, `\n`...)
	case r == '\t':
		return append(b, `\t`...)
	case r == '\r':
		return append(b, `\r`...)
	case r < utf8.RuneSelf:
		return appendHexEscape(b, byte(r))
	case r <= 0xffff:
		return appendUEscape(b, r)
	}
	b = append(b, `\U`...)
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, hexDigits[r>>shift&15])
	}
	return b
}

const hexDigits = "0123456789abcdef"

func appendHexEscape(b []byte, c byte) []byte {
	return append(b, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
}

func appendUEscape(b []byte, r rune) []byte {
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// validText makes s valid UTF-8: bytes that are not become \xNN, which says
// what stood there where U+FFFD would not.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	b := make([]byte, 0, len(s)+16)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			b = appendHexEscape(b, s[i])
		} else {
			b = append(b, s[i:i+size]...)
		}
		i += size
	}
	return string(b)
}

// limit cuts s to at most n bytes, at a character, and says that it did.
func limit(s string, n int) string {
	if len(s) <= n {
		return s
	}
	cut := n - len("…")
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:max(cut, 0)] + "…"
}

// count is n and the noun, in the plural unless n is 1.
func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	switch {
	case strings.HasSuffix(noun, "y"):
		noun = strings.TrimSuffix(noun, "y") + "ies"
	default:
		noun += "s"
	}
	return strconv.FormatInt(n, 10) + " " + noun
}
