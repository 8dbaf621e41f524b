package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// How much of each part the first screen shows. What is left out is counted.
const (
	screenActors   = 4
	screenSteps    = 6
	screenFindings = 6
	screenExposure = 7
	screenBlind    = 3
)

// screenWriter writes what a person reads at a terminal: the verdict, who and
// what they did, the gravest findings, what to rotate, what could not be seen,
// and the closing summary. It holds no more findings than it shows.
type screenWriter struct {
	w        io.Writer
	opts     Options
	mask     *Redactor
	width    int
	top      []finding.Finding // highest score first
	total    int64
	overview *finding.Overview
}

// NewTable writes a summary for the terminal to w.
func NewTable(w io.Writer, o Options) Writer {
	if o.Top <= 0 {
		o.Top = screenFindings
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
	s.overview = s.mask.Overview(&finding.Overview{Top: o.Top, Summary: o.Summary, Actors: o.Actors, Exposure: o.Exposure, Coverage: o.Coverage, Ledger: o.Ledger})
	return nil
}

// Write keeps f if it is one of the gravest. Between equals the earlier stays,
// and one finding stands for all of its rule and actor: ten rows should tell
// ten things.
func (s *screenWriter) Write(f *finding.Finding) error {
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
	masked := s.mask.Finding(f)
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
	for _, line := range wrap(SafeCell(s.overview.Summary.Verdict), s.width, 7) {
		p.styled(bold, line)
	}
	s.actors(p)
	s.findings(p)
	printExposure(p, s.overview.Exposure, screenExposure)
	s.blind(p)
	p.heading("summary")
	for _, line := range closing(s.overview, s.width-14) {
		p.wrapped(line)
	}
	return p.err
}

func (s *screenWriter) actors(p *printer) {
	if len(s.overview.Actors) == 0 {
		return
	}
	p.heading("who")
	for i := range s.overview.Actors[:min(len(s.overview.Actors), screenActors)] {
		a := &s.overview.Actors[i]
		band := finding.Band(a.Score)
		names := a.Names
		if len(names) == 0 {
			names = []string{a.ID}
		}
		text := fmt.Sprintf("  %3d %-13s  %s", a.Score, band, SafeCell(shortActor(strings.Join(names, " = "))))
		if len(a.Addresses) > 0 {
			text += "  from " + SafeCell(shortList(a.Addresses, 3))
		}
		p.styled(levelStyle(band), text)
		if i == 0 {
			s.story(p, a)
		}
	}
	p.more(len(s.overview.Actors)-screenActors, "actor")
}

// story shows the gravest steps of the first actor, in the order they were
// done.
func (s *screenWriter) story(p *printer, a *finding.Actor) {
	steps := make([]int, len(a.Story))
	for i := range steps {
		steps[i] = i
	}
	slices.SortStableFunc(steps, func(x, y int) int { return a.Story[y].Score - a.Story[x].Score })
	told := map[string]bool{} // what was done twice is told once
	steps = slices.DeleteFunc(steps, func(i int) bool {
		again := told[a.Story[i].Summary]
		told[a.Story[i].Summary] = true
		return again
	})
	steps = steps[:min(len(steps), screenSteps)]
	slices.Sort(steps)
	for _, i := range steps {
		st := &a.Story[i]
		text := st.Summary
		if st.Count > 1 {
			text = fmt.Sprintf("%dx %s", st.Count, text)
		}
		if st.Outcome != "" && st.Outcome != "allowed" {
			text += " (" + st.Outcome + ")"
		}
		at := "        "
		if !st.Time.IsZero() {
			at = st.Time.UTC().Format("15:04:05")
		}
		p.hanging(strings.Repeat(" ", 6)+at+"  ", SafeCell(shortActor(text)), 1)
	}
	if more := len(a.Story) - len(steps); more > 0 {
		p.line(strings.Repeat(" ", 16) + count(int64(more), "more step"))
	}
}

func (s *screenWriter) findings(p *printer) {
	if len(s.top) == 0 {
		return
	}
	p.heading("gravest findings")
	first, last := s.overview.Summary.First, s.overview.Summary.Last
	sameDay := !first.IsZero() && first.UTC().Format("20060102") == last.UTC().Format("20060102")
	p.grid(findingsGrid(s.top, sameDay), func(row int) string { return levelStyle(s.top[row].Rule.Level) })
	p.more(int(s.total)-len(s.top), "finding")
}

func (s *screenWriter) blind(p *printer) {
	blind := s.overview.Coverage.Blind
	if len(blind) == 0 {
		return
	}
	p.heading("what could not be seen")
	if s.opts.AllBlind {
		s.allBlind(p)
		return
	}
	for _, b := range blind[:min(len(blind), screenBlind)] {
		p.wrapped(b)
	}
	p.more(len(blind)-screenBlind, "blind spot")
}

// allBlind lists the blind spots, and the rules that could not fire with what
// each of them missed.
func (s *screenWriter) allBlind(p *printer) {
	for _, b := range s.overview.Coverage.Blind {
		p.wrapped(b)
	}
	if len(s.overview.Coverage.Rules) == 0 {
		return
	}
	p.heading("rules that could not fire")
	for _, r := range s.overview.Coverage.Rules {
		p.wrapped(r.Title + ": " + r.Why)
	}
}

func printExposure(p *printer, list []finding.Exposure, most int) {
	if len(list) == 0 {
		return
	}
	p.heading("rotate")
	shown := list[:min(len(list), most)]
	p.grid(exposureGrid(shown), func(int) string { return "" })
	p.more(len(list)-len(shown), "credential")
}

// ExposureTable writes the whole rotation list to w for a terminal.
func ExposureTable(w io.Writer, o *finding.Overview, opts Options) error {
	masked := NewRedactor(opts).Overview(&finding.Overview{Exposure: o.Exposure})
	p := &printer{w: w, width: tableWidth(opts.Width), color: opts.Color}
	if len(masked.Exposure) == 0 {
		p.line("No credential is known to have been taken.")
	}
	printExposure(p, masked.Exposure, len(masked.Exposure))
	return p.err
}

// shortActor shortens the user names of service accounts, so that the part
// that tells them apart fits the line.
func shortActor(s string) string { return strings.ReplaceAll(s, "system:serviceaccount:", "sa:") }

func shortList(list []string, most int) string {
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}
