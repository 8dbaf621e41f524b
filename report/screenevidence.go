package report

import (
	"fmt"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// unseen is what could not have been seen.
func (s *screenWriter) unseen() *block {
	b := &block{title: "not seen", least: 3, good: 4}
	c := &s.overview.Coverage
	for i := range c.Quiet {
		q := &c.Quiet[i]
		b.entries = append(b.entries, s.lines("", "  ", fmt.Sprintf("Silence of %s, %s: %s", q.Path, period(q.From.UTC(), q.To.UTC()), q.Reason), 2))
	}
	for _, blind := range c.Blind {
		b.entries = append(b.entries, s.lines("", "  ", blind, 3))
	}
	switch {
	case len(b.entries) == 0:
		return b
	case s.compact():
		return &block{entries: [][]text{s.lines("", "NOT SEEN  ", s.inShort(c, 3*(s.width-14)), 3)}, least: 3, good: 3}
	case s.height() < 48:
		b.entries = [][]text{s.lines("", "  ", s.inShort(c, 3*(s.width-6)), 3)}
	}
	b.note = func(shown int) string {
		more := ""
		if n := len(b.entries) - shown; n > 0 {
			more = fmt.Sprintf("%d more; ", n)
		}
		return "(" + more + "what to log next time: tideline rules coverage --advice)"
	}
	return b
}

// inShort names what could not be seen, without what that means, in room
// columns.
func (s *screenWriter) inShort(c *finding.Coverage, room int) string {
	var parts []string
	for i := range c.Quiet {
		q := &c.Quiet[i]
		parts = append(parts, fmt.Sprintf("silence of %s %s", q.Path, period(q.From.UTC(), q.To.UTC())))
	}
	for _, blind := range c.Blind {
		head, _, _ := strings.Cut(strings.TrimSuffix(blind, "."), ": ")
		parts = append(parts, withoutCount(head))
	}
	blind := ""
	if n := len(c.Rules); n > 0 {
		blind = fmt.Sprintf("; %s blind in all", count(int64(n), "rule"))
	}
	for n := len(parts); n > 1; n-- {
		if text := shortListBy(parts, n, "; ") + blind; columns(SafeCell(text)) <= room {
			return text
		}
	}
	return shortListBy(parts, 1, "; ") + blind
}

// withoutCount is a blind spot without how many rules it concerns, which the others
// here do not say: the sum is at the end.
func withoutCount(spot string) string {
	if at := strings.LastIndex(spot, " ("); at >= 0 && (strings.HasSuffix(spot, " blind)") || strings.HasSuffix(spot, " blind there)")) {
		return spot[:at]
	}
	return spot
}

// findings are the gravest findings, a line each.
func (s *screenWriter) findings() *block {
	b := &block{title: "gravest findings", good: 5}
	first, last := s.overview.Summary.First, s.overview.Summary.Last
	sameDay := !first.IsZero() && first.UTC().Format("20060102") == last.UTC().Format("20060102")
	if len(s.top) == 0 || s.width < 60 {
		return b
	}
	var rows strings.Builder
	if err := findingsGrid(s.top, sameDay).render(&rows, s.width); err != nil {
		return b // a strings.Builder does not fail
	}
	i := -1
	for line := range strings.Lines(rows.String()) {
		style := faint
		if i >= 0 && i < len(s.top) {
			style = levelStyle(s.top[i].Rule.Level)
		}
		b.entries, i = append(b.entries, []text{{style, strings.TrimSuffix(line, "\n")}}), i+1
	}
	b.note = func(shown int) string {
		if n := int(s.total) - (shown - 1); n > 0 {
			return fmt.Sprintf("(%d more: -o report.html)", n)
		}
		return ""
	}
	return b
}

// read is what the answers rest on: what was read, and what was not.
func (s *screenWriter) read() *block {
	most := 2*(s.width-10) - 24 // of a gap, in two lines: blanks in front, and where lines are broken
	all := closing(s.overview, s.width-14, most)
	b := &block{title: "read", least: 2, good: 3}
	style := ""
	if !s.overview.Summary.Complete {
		style = boldRed
	}
	add := func(style, line string, most int) {
		trimmed := strings.TrimLeft(line, " ")
		b.entries = append(b.entries, s.lines(style, strings.Repeat(" ", 2+len(line)-len(trimmed)), trimmed, most))
	}
	done := completeness(s.overview, most)
	if sum := &s.overview.Summary; s.compact() {
		label := "READ      "
		if !sum.Complete {
			label = ""
		}
		said := fmt.Sprintf("%s of %s, %s", strings.Join(strings.Fields(done[0]), " "), count(int64(sum.Sources), "source"), count(sum.Events, "event"))
		if sum.Complete {
			said = fmt.Sprintf("complete: every byte of %s, %s", count(int64(sum.Sources), "source"), count(sum.Events, "event"))
		}
		entries := [][]text{s.lines(style, label, said, 2)}
		if len(done) > 1 {
			entries = append(entries, s.lines("", "", strings.TrimSpace(done[1]), 1))
		}
		return &block{entries: entries, least: 2, good: 1 + len(entries)}
	}
	rest := all[1 : len(all)-len(done)]
	if len(done) > 1 {
		b.least, b.good = b.least+2, b.good+2
	}
	// What is missing is said before what is there; but what was read must have its
	// place also where there is room for one gap only, and gaps stand together.
	lines := slices.Concat(done, all[:1], rest)
	if len(done) > 2 {
		lines = slices.Concat(all[:1], done, rest)
	}
	for _, line := range lines {
		switch {
		case line == done[0]:
			add(style, line, 3)
		case len(done) > 1 && line == done[1]:
			add("", line, 2)
		default:
			add("", line, 3)
		}
	}
	return b
}
