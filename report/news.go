package report

import (
	"fmt"
	"strings"

	"tideline/scanner/finding"
)

// maxNews is how many findings a night's report lists; the others are counted.
const maxNews = 25

// news heads the page of a run that told only what is new: what that is, before
// the whole picture. Whoever gets it by mail looks for nothing else.
func (s *screenWriter) news(p *printer) {
	n := s.overview.News
	since := "THE FIRST RUN"
	if !n.Since.IsZero() {
		since = "NEW SINCE " + n.Since.UTC().Format("2006-01-02 15:04 UTC")
	}
	p.styled(bold, since+": "+n.Said)
	for i := range s.top {
		f := &s.top[i]
		at := "     -     "
		if !f.Time.IsZero() {
			at = f.Time.UTC().Format("01-02 15:04")
		}
		label := fmt.Sprintf("  %s  %-8s  %3d  ", at, f.Rule.Level, f.Score)
		for _, l := range s.lines(levelStyle(f.Rule.Level), label, shortActor(f.Summary), 3) {
			p.styled(l.style, l.line)
		}
		if why := toldBefore(f); why != "" {
			for _, l := range s.lines("", strings.Repeat(" ", columns(label))+"changed: ", why, 2) {
				p.styled(l.style, l.line)
			}
		}
	}
	if rest := s.total - int64(len(s.top)); rest > 0 {
		p.line(fmt.Sprintf("  and %s of the same kinds, or less grave: -f ndjson and -o report.html list all", count(rest, "finding")))
	}
	p.line("")
	p.styled(bold, "ALL THAT IS KNOWN SO FAR")
}

// toldBefore is the reason for which a finding is told again.
func toldBefore(f *finding.Finding) string {
	for _, r := range f.Reasons {
		if r.Points == 0 && strings.HasPrefix(r.Why, finding.ToldBefore) {
			return r.Why
		}
	}
	return ""
}
