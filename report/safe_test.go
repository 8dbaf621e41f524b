package report

import (
	"strings"
	"testing"
)

// TestSpreadsheetsSeeNoFormula: what one might be taken for begins with an apostrophe,
// and so does what begins with one; the rest is as it was.
func TestSpreadsheetsSeeNoFormula(t *testing.T) {
	for s, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "|x": "'|x", "%x": "'%x", "＝x": "'＝x", "＋x": "'＋x", "－x": "'－x", "＠x": "'＠x",
		"  =x": "'  =x", "\u00a0=x": `\u00a0=x`, "\t=x": `'\t=x`, "\r=x": `'\r=x`, "\nx": `'\nx`, "\x00x": `'\x00x`, "'x": "''x",
		"": "", "a=1": "a=1", "x": "x", "\x01=": `\x01=`, " x": " x", "a\r\nb": `a\r\nb`, "שלום": "שלום", "a\u202eb": `a\u202eb`,
	} {
		if got := safeCSV(s); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	}
}

// TestMarkdownSaysWhatStoodThere: each character that means something in it is escaped,
// and shown.
func TestMarkdownSaysWhatStoodThere(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "plain, text; 1 ? 2 é": "plain, text; 1 ? 2 é",
		"<b>&amp;": "&lt;b&gt;&amp;amp;", "[a](http://x)": `\[a\]\(http\:\/\/x\)`, "`x` *y* _z_ {}": "\\`x\\` \\*y\\* \\_z\\_ \\{\\}",
		"# - 1. + ! | ~ : \" ' = @ \\": "\\# \\- 1\\. \\+ \\! \\| \\~ \\: \\\" \\' \\= \\@ \\\\", "a\nb": `a\\nb`,
	} {
		if got := safeMarkdown(s); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	}
}

// TestTerminalsSeeEscapes: what steers a terminal, hides or reorders is shown as what it
// is, in the way that Go writes it.
func TestTerminalsSeeEscapes(t *testing.T) {
	for _, c := range []struct{ s, cell, text string }{
		{"plain ~ text", "plain ~ text", ""}, {"é 漢 🙂", "é 漢 🙂", ""}, {"", "", ""},
		{"\x1b[31mred", `\x1b[31mred`, ""}, {"\x7f", `\x7f`, ""}, {"a\x00", `a\x00`, ""}, {"\u0085", `\u0085`, ""}, {"a\xffb", `a\xffb`, ""}, {"\ufffd", "\ufffd", ""},
		{"a\nb\tc\rd", `a\nb\tc\rd`, "a\nb\tc\\rd"},
		{"\u202e\u200b\ufeff", `\u202e\u200b\ufeff`, ""}, {"\U000e0041", `\U000e0041`, ""}, {"\ue000", `\ue000`, ""}, {"\u00a0\u2028", `\u00a0\u2028`, ""},
		{"\ufe00a\ufe0fb\U000e0100c\U000e01efd\u180be\u180f", `\ufe00a\ufe0fb\U000e0100c\U000e01efd\u180be\u180f`, ""}, {"\ufdff\ufe10", `\ufdff` + "\ufe10", "\ufdff\ufe10"},
		{"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0", `\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0`, ""},
		{"e\u0301\u0301\u0301\u0301x\u0301", "e\u0301\u0301" + `\u0301\u0301` + "x\u0301", ""},
		{"שa", `\u05e9a`, "שa"}, {"ا\ufb1d\ufe70", `\u0627\ufb1d\ufe70`, "ا\ufb1d\ufe70"}, {"\U00010800\U0001e800", `\U00010800\U0001e800`, "\U00010800\U0001e800"}, {"\u058f\u0904", "\u058f\u0904", ""},
	} {
		if c.text == "" {
			c.text = c.cell
		}
		if got := SafeCell(c.s); got != c.cell {
			t.Errorf("cell: %q becomes %q, want %q", c.s, got, c.cell)
		}
		if got := SafeText(c.s); got != c.text {
			t.Errorf("text: %q becomes %q, want %q", c.s, got, c.text)
		}
	}
	long := strings.Repeat("é", maxCellBytes)
	if got := SafeCell(long); len(got) > maxCellBytes || !strings.HasSuffix(got, "é…") || SafeText(long) != long {
		t.Errorf("a cell of %d bytes: %.20q...", len(got), got)
	}
	if got := SafeCell(long[:maxCellBytes]); got != long[:maxCellBytes] {
		t.Errorf("a cell that fits has %d bytes", len(got))
	}
}

func TestValidText(t *testing.T) {
	for s, want := range map[string]string{"é": "é", "a\xffb": `a\xffb`, "\xc3": `\xc3`, "é\xe2\x82": `é\xe2\x82`, "\ufffd\xfe": "\ufffd" + `\xfe`} {
		if got := validText(s); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		n          int64
		noun, want string
	}{{1, "entry", "1 entry"}, {2, "entry", "2 entries"}, {0, "note", "0 notes"}, {1, "note", "1 note"}} {
		if got := count(c.n, c.noun); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
