package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"tideline/scanner/finding"
)

// CoverageTable writes to w, for a terminal, which rules could fire on which
// sources, which did, and which could not and why.
func CoverageTable(w io.Writer, o *finding.Overview, opts Options) error {
	masked := NewRedactor(opts).Overview(&finding.Overview{Coverage: o.Coverage})
	p := &printer{w: w, width: tableWidth(opts.Width), color: opts.Color}
	coverageLines(p, &masked.Coverage)
	if len(masked.Coverage.Blind) > 0 {
		p.line("")
		p.styled(bold, "WHAT COULD NOT BE SEEN")
		for _, line := range masked.Coverage.Blind {
			p.hanging("  ", SafeCell(line), 8)
		}
	}
	return p.err
}

// coverageLines prints a paragraph for each kind of source. c is masked.
func coverageLines(p *printer, c *finding.Coverage) {
	if len(c.Sources) == 0 {
		return
	}
	p.styled(bold, "RULES PER SOURCE")
	for i := range c.Sources {
		s := &c.Sources[i]
		p.hanging("  ", SafeCell(cmp.Or(s.Format, "no known format")+": "+reachText(s)), 3)
		for _, path := range s.Paths {
			p.line("    " + Middle(SafeCell(path), max(p.width-4, 8)))
		}
		if n := s.Sources - len(s.Paths); n > 0 {
			p.line(fmt.Sprintf("    and %d more", n))
		}
		for _, g := range s.Blind {
			p.hanging("      ", SafeCell(blindText(g)), 4)
		}
	}
}

// reachText says how many rules could fire on a kind of source, and did.
func reachText(s *finding.SourceCoverage) string {
	parts := []string{count(int64(s.Sources), "source")}
	if s.Format != "" {
		parts = append(parts, count(s.Events, "event"), fmt.Sprintf("%d of %s could fire", s.Could, count(int64(s.Asked), "rule")),
			fmt.Sprintf("%d did", len(s.Fired)))
	}
	if len(s.Details) > 0 {
		parts = append(parts, "with "+strings.Join(s.Details, " "))
	}
	return strings.Join(parts, ", ")
}

func blindText(g finding.SourceGaps) string {
	return fmt.Sprintf("%d could not: %s", len(g.Rules), g.Why)
}
