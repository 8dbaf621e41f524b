package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// maxTop is how many of the gravest findings the screen keeps at most.
const maxTop = 10

// screenWriter writes what a person reads at a terminal, at three in the
// morning, without scrolling: who, the way they went, what to rotate, who else,
// what could not be seen, what was read. All of it fits the height of the
// terminal; what is left out is counted. It holds no more findings than it
// shows.
type screenWriter struct {
	w        io.Writer
	opts     Options
	mask     *Redactor
	width    int
	top      []finding.Finding // highest score first
	total    int64
	overview *finding.Overview
}

// newTable writes a summary for the terminal to w.
func newTable(w io.Writer, o Options) Writer {
	if o.Top <= 0 {
		o.Top = maxTop
	}
	return &screenWriter{w: w, opts: o, mask: NewRedactor(o), width: tableWidth(o.Width)}
}

func tableWidth(n int) int {
	if n <= 0 {
		return defaultWidth
	}
	return min(max(n, MinWidth), MaxWidth)
}

func (s *screenWriter) Begin(o *finding.Overview) error {
	if o.News != nil {
		s.opts.Top = max(s.opts.Top, maxNews)
	}
	s.overview = s.mask.Overview(&finding.Overview{News: o.News, Top: o.Top, Summary: o.Summary, Actors: o.Actors, Exposure: o.Exposure, Unlisted: o.Unlisted, Coverage: o.Coverage, Ledger: o.Ledger, Long: o.Long, Tool: o.Tool})
	return nil
}

// Write keeps f if it is one of the gravest. Between equals the earlier stays,
// and one finding stands for all of its rule and actor: ten rows should tell
// ten things.
func (s *screenWriter) Write(shown *Shown) error {
	f := shown.plain
	s.total++
	if len(s.top) == s.opts.Top && graver(&s.top[len(s.top)-1], f) <= 0 {
		return nil
	}
	if like := slices.IndexFunc(s.top, func(t finding.Finding) bool { return t.Rule.ID == f.Rule.ID && t.Actor.ID == f.Actor.ID }); like >= 0 {
		if graver(&s.top[like], f) <= 0 {
			return nil
		}
		s.top = slices.Delete(s.top, like, like+1)
	}
	masked := *shown.Masked()
	masked.Raw, masked.RawBase64 = "", ""
	at, _ := slices.BinarySearchFunc(s.top, &masked, func(a finding.Finding, b *finding.Finding) int { return cmp.Or(graver(&a, b), -1) })
	s.top = slices.Insert(s.top, at, masked)
	s.top = s.top[:min(len(s.top), s.opts.Top)]
	return nil
}

// graver orders findings for the reader: by score, then by the level of the
// rule.
func graver(a, b *finding.Finding) int {
	return cmp.Or(b.Score-a.Score, finding.LevelRank(b.Rule.Level)-finding.LevelRank(a.Rule.Level))
}

func (s *screenWriter) Close() error {
	p := &printer{w: s.w, width: s.width, color: s.opts.Color}
	page := []*block{s.headline(), s.way(), s.rotation(), s.others(), s.unseen(), s.findings(), s.read()}
	need := []*block{page[0], page[6], page[1], page[2], page[3], page[4], page[5]}
	empty := func(b *block) bool { return len(b.entries) == 0 }
	if s.overview.News != nil {
		s.news(p)
		page[5].entries = nil // they were listed
	}
	page, need = slices.DeleteFunc(page, empty), slices.DeleteFunc(need, empty)
	airy := arrange(s.height(), need)
	page = slices.DeleteFunc(page, func(b *block) bool { return b.given == 0 })
	for i, b := range page {
		if airy && i > 0 {
			p.line("")
		}
		b.print(p)
	}
	if s.opts.AllBlind {
		s.allBlind(p)
	}
	return p.err
}

// allBlind lists what could fire on each kind of source, the blind spots, and the rules that could not fire with what
// each of them missed: a text that is kept has no edge.
func (s *screenWriter) allBlind(p *printer) {
	c := &s.overview.Coverage
	if len(c.Sources) > 0 {
		p.line("")
		coverageLines(p, c)
	}
	for _, part := range []struct {
		title string
		lines []string
	}{{"what could not be seen", c.Blind}, {"rules that could not fire", whyBlind(c.Rules)}} {
		if len(part.lines) == 0 {
			continue
		}
		p.line("")
		p.styled(bold, strings.ToUpper(part.title))
		for _, line := range part.lines {
			p.hanging("  ", SafeCell(line), 8)
		}
	}
}

func whyBlind(list []finding.RuleCoverage) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].Title + ": " + list[i].Why
	}
	return out
}

// compact reports whether the terminal is a small one: then the parts behind the
// rotation list are said in a line or two.
func (s *screenWriter) compact() bool { return s.height() < 34 }

// height is how many lines there are, without those of the prompt and of the
// command.
func (s *screenWriter) height() int {
	if s.opts.Height <= 0 {
		return defaultHeight
	}
	return max(s.opts.Height-2, minHeight)
}

// ExposureTable writes the whole rotation list to w for a terminal.
func ExposureTable(w io.Writer, o *finding.Overview, opts Options) error {
	masked := NewRedactor(opts).Overview(&finding.Overview{Exposure: o.Exposure, Actors: o.Actors})
	p := &printer{w: w, width: tableWidth(opts.Width), color: opts.Color}
	rotationList(p, masked)
	return p.err
}

// shortActor shortens the user names of service accounts, and the ids of containers, as
// Docker prints them, so that the part that tells them apart fits the line.
func shortActor(s string) string {
	return shortIDs(strings.ReplaceAll(s, "system:serviceaccount:", "sa:"))
}

// Lengths of the id of a container, whole and as it is printed, in digits.
const (
	wholeID = 64
	shortID = 12
)

// shortIDs cuts the words of a sentence that are ids of containers.
func shortIDs(s string) string {
	if len(s) < wholeID {
		return s
	}
	var b strings.Builder
	kept := 0
	for i := 0; i < len(s); {
		n := i
		for n < len(s) && ('0' <= s[n] && s[n] <= '9' || 'a' <= s[n] && s[n] <= 'f') {
			n++
		}
		if n-i == wholeID && (i == 0 || s[i-1] == ' ') && (n == len(s) || strings.IndexByte(" ,;)", s[n]) >= 0 || strings.HasPrefix(s[n:], ": ")) {
			b.WriteString(s[kept : i+shortID])
			kept = n
		}
		i = n + 1
	}
	return b.String() + s[kept:]
}

func shortList(list []string, most int) string { return shortListBy(list, most, ", ") }

// shortListBy joins the first of a list, and counts the others.
func shortListBy(list []string, most int, by string) string {
	if len(list) <= most {
		return strings.Join(list, by)
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], by), len(list)-most)
}
