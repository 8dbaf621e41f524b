package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tideline/scanner/finding"
)

// maxClosingRemarks is how many gaps the closing summary names one by one.
const maxClosingRemarks = 5

// Closing is the closing summary, a line each, without newlines: what was
// read, what was found, and what could not be read. Every line is masked and
// safe to print on a terminal.
func Closing(o *finding.Overview, opts Options) []string {
	masked := NewRedactor(opts).Overview(&finding.Overview{Summary: o.Summary, Ledger: o.Ledger, Long: o.Long, Coverage: o.Coverage, Tool: o.Tool})
	lines := closing(masked, 60, 0)
	for i := range lines {
		lines[i] = SafeCell(lines[i])
	}
	return lines
}

// Completeness are the lines of Closing that say whether everything could be read,
// and if not, what could not and what helps.
func Completeness(o *finding.Overview, opts Options) []string {
	masked := NewRedactor(opts).Overview(&finding.Overview{Summary: o.Summary, Ledger: o.Ledger, Long: o.Long, Coverage: o.Coverage})
	lines := completeness(masked, 0)
	for i := range lines {
		lines[i] = SafeCell(lines[i])
	}
	return lines
}

// closing are the lines for an overview that is already masked; the sparkline
// is at most width cells wide, and what is said of a gap most columns, as in completeness.
func closing(o *finding.Overview, width, most int) []string {
	s := &o.Summary
	lines := []string{fmt.Sprintf("read      %s, %s, %s, %s", count(int64(s.Sources), "source"), count(s.Records, "record"), count(s.Events, "event"), byteSize(s.Bytes))}
	if s.Unread > 0 {
		lines[0] += fmt.Sprintf("; %d of no known format", s.Unread)
	}
	if !s.First.IsZero() {
		lines = append(lines, fmt.Sprintf("span      %s to %s (%s)", s.First.UTC().Format(time.DateTime), s.Last.UTC().Format("2006-01-02 15:04:05 UTC"), span(s.Last.Sub(s.First.Time))))
	}
	if bars := sparkline(s.Timeline, width); bars != "" {
		lines = append(lines, "activity  "+bars)
	}
	if asked := choices(o.Tool.Arguments); asked != "" {
		lines = append(lines, "asked     only for "+asked)
	}
	lines = append(lines, "found     "+levels(s))
	if s.Masked > 0 {
		lines = append(lines, "masked    "+count(s.Masked, "sighting")+" of secrets (--show-secrets shows them)")
	}
	lines = append(append(lines, unread(o)...), reports(o)...)
	return append(lines, completeness(o, most)...)
}

// choices are the arguments that leave findings out without counting them. Who
// reads "0 findings" must see what was not asked for.
func choices(arguments []string) string {
	var out []string
	for _, a := range arguments {
		name, _, _ := strings.Cut(a, "=")
		switch name {
		case "--since", "--until", "--tag", "--rule", "--exclude-rule":
			out = append(out, a)
		}
	}
	return strings.Join(out, " ")
}

// verdict is the verdict, and what it is about if not all was asked for.
func verdict(o *finding.Overview) string {
	if asked := choices(o.Tool.Arguments); asked != "" {
		return o.Summary.Verdict + " All that was asked for: " + asked + "."
	}
	return o.Summary.Verdict
}

// levels counts all findings by their levels, and says how many of them the report
// leaves out.
func levels(s *finding.Summary) string {
	var parts []string
	for i := len(finding.Levels) - 1; i >= 0; i-- {
		if n := s.ByLevel[finding.Levels[i]]; n > 0 {
			parts = append(parts, strconv.FormatInt(n, 10)+" "+finding.Levels[i])
		}
	}
	known := toldEarlier(s)
	text := count(s.Findings+known+s.Hidden, "finding")
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	if known > 0 || s.Hidden > 0 {
		text += fmt.Sprintf("; %d shown", s.Findings)
	}
	if known > 0 {
		text += fmt.Sprintf(", %d told in runs before", known)
	}
	if s.Hidden > 0 {
		text += fmt.Sprintf(", %d below --min-level or --min-score", s.Hidden)
	}
	return text
}

// toldEarlier is how many findings a run with a state leaves out because those before it
// told them: they are counted by level, with all that is known.
func toldEarlier(s *finding.Summary) int64 {
	known := -s.Findings - s.Hidden
	for _, n := range s.ByLevel {
		known += n
	}
	return max(0, known)
}

// completeness says what could not be read: gaps first, each with what would
// lift it, then what ended the scan early. Reasons of gaps are shortened so that what
// helps against them fits into most columns; 0 is no limit.
func completeness(o *finding.Overview, most int) []string {
	s := &o.Summary
	if s.Complete {
		text := "complete  every byte was read and accounted for"
		if s.NoteCount > 0 {
			text += "; " + count(s.NoteCount, "note")
		}
		return []string{text}
	}
	lines := []string{"INCOMPLETE  " + lacks(o)}
	worst, kinds, err := worstGaps(o)
	if err != nil {
		lines = append(lines, unreadable(err))
	}
	for _, g := range worst {
		lines = append(lines, "  gap     "+g.text(most))
	}
	if more := kinds - len(worst); more > 0 {
		lines = append(lines, "  and "+count(int64(more), "more kind")+" of gap; tideline inventory lists all")
	}
	for i, r := range o.Coverage.Refused {
		if i == maxClosingRemarks {
			lines = append(lines, "  and "+count(int64(len(o.Coverage.Refused)-i), "more rule")+" refused")
			break
		}
		lines = append(lines, fmt.Sprintf("  rule not run  %s:%d: %s", r.Path, r.Line, r.Reason))
	}
	return lines
}

// lacks says of an incomplete scan what makes it one.
func lacks(o *finding.Overview) string {
	s := &o.Summary
	var parts []string
	if s.GapCount > 0 {
		text := count(s.GapCount, "gap")
		if s.GapBytes > 0 { // none where the end of something is missing
			text += fmt.Sprintf(", %s not understood", byteSize(s.GapBytes))
		}
		parts = append(parts, text)
	}
	if n := len(o.Coverage.Refused); n > 0 {
		parts = append(parts, count(int64(n), "rule")+" not run")
	}
	if s.Interrupted {
		parts = append(parts, "the scan was interrupted")
	}
	if len(parts) == 0 { // what is left is told in full with what could not be seen
		return "correlations had to forget open windows"
	}
	return strings.Join(parts, "; ")
}

// A gapOf is one kind of gap of one source.
type gapOf struct {
	path string
	finding.Remark
}

// text says where, what, how often and why, and what would lift it.
func (g gapOf) text(most int) string {
	head := fmt.Sprintf("%s, offset %d, %s", g.path, g.Pos.Offset, g.Code)
	if g.Count > 1 {
		head += fmt.Sprintf(", %d times", g.Count)
	}
	head += ": "
	help := ""
	if g.Lift != "" {
		help = " What helps: " + g.Lift
	}
	room := maxReason
	if most > 0 {
		room = min(room, max(minReason, most-columns(head)-columns(help)))
	}
	reason := brief(g.Reason, room)
	if help != "" && !strings.HasSuffix(reason, "…") {
		reason += "."
	}
	return head + reason + help
}

// worstGaps are those to be told one by one: first inputs that could not be opened,
// then the most bytes, and of like ones the first. kinds counts all.
func worstGaps(o *finding.Overview) (worst []gapOf, kinds int, err error) {
	err = o.EachEntry(func(e *finding.Entry) error {
		for j := range e.Gaps {
			g := gapOf{e.Path, e.Gaps[j]}
			kinds++
			at, _ := slices.BinarySearchFunc(worst, g, func(a, b gapOf) int {
				if a.worse(b) || !b.worse(a) {
					return -1 // of like ones the first stays the first
				}
				return 1
			})
			if at < maxClosingRemarks {
				worst = slices.Insert(worst, at, g)
				worst = worst[:min(len(worst), maxClosingRemarks)]
			}
		}
		return nil
	})
	return worst, kinds, err
}

// unreadable says that the ledger, which lies in a temporary file, could not be
// read again.
func unreadable(err error) string {
	return fmt.Sprintf("  the list of what was read could not be read again, so this is not all of it: %v (is the disk of TMPDIR sound?)", err)
}

// worse reports whether a is to be told before b.
func (a gapOf) worse(b gapOf) bool {
	aFile, bFile := strings.HasPrefix(a.Code, "fs."), strings.HasPrefix(b.Code, "fs.")
	if aFile != bFile {
		return aFile
	}
	return a.Bytes > b.Bytes
}

// How many bytes of a reason a person reads on a terminal, and without how many it
// says nothing.
const (
	maxReason = 160
	minReason = 40
)

// brief cuts a reason that goes on for longer than most, after one of its clauses if
// that leaves half of it.
func brief(reason string, most int) string {
	if len(reason) <= most {
		return reason
	}
	reason = strings.ToValidUTF8(reason[:most], "")
	if at := strings.LastIndexByte(reason, ';'); at > most/2 {
		reason = reason[:at]
	} else if at := strings.LastIndexByte(reason, ' '); at > most/2 {
		reason = reason[:at]
	}
	return reason + "…"
}

// byteSize is n bytes in the unit a person would choose (IEC 80000-13).
func byteSize(n int64) string {
	if n < 1024 {
		return count(n, "byte")
	}
	f := float64(n)
	for _, unit := range []string{"KiB", "MiB", "GiB"} {
		if f /= 1024; f < 1024 {
			return strconv.FormatFloat(f, 'f', 1, 64) + " " + unit
		}
	}
	return strconv.FormatFloat(f/1024, 'f', 1, 64) + " TiB"
}

// span is a duration in its two largest units.
func span(d time.Duration) string {
	switch h := int64(d / time.Hour); {
	case h >= 48:
		return fmt.Sprintf("%dd %dh", h/24, h%24)
	case h > 0:
		return fmt.Sprintf("%dh %dm", h, int64(d/time.Minute)%60)
	case d >= time.Minute:
		return fmt.Sprintf("%dm %ds", int64(d/time.Minute), int64(d/time.Second)%60)
	}
	return d.Round(time.Millisecond).String()
}

// bars are the heights of a sparkline; a step without events is a dot, so that
// silence is not taken for little.
var bars = []rune("▁▂▃▄▅▆▇█")

// sparkline draws the number of events over time in at most width cells, on a
// square-root scale: one busy hour must not flatten the rest.
func sparkline(t finding.Timeline, width int) string {
	if len(t.Buckets) == 0 || width < 8 || t.Step <= 0 {
		return ""
	}
	from := t.Buckets[0].Time.Unix()
	total := (t.Buckets[len(t.Buckets)-1].Time.Unix()-from)/t.Step + 1
	if total < 1 || len(t.Buckets) < 2 {
		return ""
	}
	n := int(min(total, int64(width)))
	cells := make([]int64, n)
	most := int64(1)
	for i := range t.Buckets {
		at := (t.Buckets[i].Time.Unix() - from) / t.Step
		if at < 0 || at >= total {
			continue // out of order: the contract says it cannot be
		}
		c := int(float64(at) / float64(total) * float64(n))
		cells[c] += t.Buckets[i].Events
		most = max(most, cells[c])
	}
	out := make([]rune, n)
	for i, v := range cells {
		out[i] = '·'
		if v > 0 {
			out[i] = bars[isqrt(v*int64(len(bars)-1)*int64(len(bars)-1)/most)]
		}
	}
	return string(out)
}

// isqrt is the integer square root of a small number.
func isqrt(n int64) int64 {
	r := int64(0)
	for (r+1)*(r+1) <= n {
		r++
	}
	return r
}
