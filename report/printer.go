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

// whole prints s, which is safe, behind a label, and cuts nothing: what does not
// fit the line is broken at any character.
func (p *printer) whole(label, s string) {
	room := max(p.width-columns(label), 8)
	for s != "" {
		line, used := s, 0
		for i, r := range s {
			if used += columns(string(r)); used > room {
				line = s[:i]
				break
			}
		}
		p.line(label + line)
		s, label = s[len(line):], strings.Repeat(" ", columns(label))
	}
}
