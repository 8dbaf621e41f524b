package report

import (
	"io"
	"strings"
)

// Select Graphic Rendition sequences (ECMA-48 8.3.117): the only escape
// sequences a report contains, and only with Options.Color.
const (
	bold      = "\x1b[1m"
	faint     = "\x1b[2m"
	red       = "\x1b[31m"
	boldRed   = "\x1b[1;31m"
	yellow    = "\x1b[33m"
	cyan      = "\x1b[36m"
	resetSGR  = "\x1b[0m"
	noStyling = ""
)

func levelStyle(level string) string {
	switch level {
	case "critical":
		return boldRed
	case "high":
		return red
	case "medium":
		return yellow
	case "low":
		return cyan
	}
	return noStyling
}

// A printer prints lines of at most width columns and remembers the first
// error. It adds styles after measuring, so that they take no room.
type printer struct {
	w     io.Writer
	width int
	color bool
	err   error
}

func (p *printer) line(s string) { p.styled(noStyling, s) }

func (p *printer) styled(style, s string) {
	if p.err != nil {
		return
	}
	s = strings.TrimRight(fit(s, p.width), " ")
	if p.color && style != noStyling && s != "" {
		s = style + s + resetSGR
	}
	_, p.err = io.WriteString(p.w, s+"\n")
}

// wrapped prints s, made safe, in at most three lines with a hanging indent.
// A line that fits keeps its spaces.
func (p *printer) wrapped(s string) {
	s = SafeCell(s)
	if columns(s)+2 <= p.width {
		p.line("  " + s)
		return
	}
	text := strings.TrimLeft(s, " ")
	indent := strings.Repeat(" ", 2+len(s)-len(text))
	for i, line := range wrap(text, p.width-len(indent)-4, 3) {
		p.line(indent + strings.Repeat("    ", min(i, 1)) + line)
	}
}

// hanging prints s, which is safe, behind a label, the lines below indented as
// far.
func (p *printer) hanging(label, s string, most int) {
	for i, line := range wrap(s, max(p.width-len(label), 8), most) {
		if i > 0 {
			label = strings.Repeat(" ", len(label))
		}
		p.line(label + line)
	}
}

func (p *printer) heading(s string) {
	p.line("")
	p.styled(bold, strings.ToUpper(s))
}

// more says how many things are not shown.
func (p *printer) more(n int, noun string) {
	if n > 0 {
		p.styled(faint, "  "+count(int64(n), noun)+" not shown; the other formats list all")
	}
}

// grid prints g; style gives the style of a row.
func (p *printer) grid(g *grid, style func(row int) string) {
	if p.err != nil {
		return
	}
	var b strings.Builder
	if p.err = g.render(&b, p.width); p.err != nil {
		return
	}
	row := -1 // the header
	for line := range strings.Lines(b.String()) {
		switch {
		case row < 0:
			p.styled(faint, strings.TrimSuffix(line, "\n"))
		case row < len(g.rows):
			p.styled(style(row), strings.TrimSuffix(line, "\n"))
		}
		row++
	}
}
