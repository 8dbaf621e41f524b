package report

import (
	"cmp"
	"io"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"tideline/scanner/finding"
)

// Widths of the table in columns. Below MinWidth nothing could be read, beyond
// MaxWidth the eye loses the line.
const (
	MinWidth     = 40
	MaxWidth     = 400
	defaultWidth = 100
)

// columns is how many columns s takes on a terminal, whatever the locale.
func columns(s string) int { return twwidth.WidthWithOptions(s, twwidth.Options{}) }

// fit cuts s, which is one line, to n columns, at a character, and says so.
func fit(s string, n int) string {
	if columns(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	used := 0
	for i, r := range s {
		w := columns(string(r))
		if used+w > n-1 {
			return s[:i] + "…"
		}
		used += w
	}
	return s
}

// wrap breaks s, which is one line, into at most most lines of n columns at
// spaces; what does not fit ends in an ellipsis.
func wrap(s string, n, most int) []string {
	var lines []string
	line := ""
	words := strings.Split(s, " ") // not Fields: runs of spaces line things up
	for i, word := range words {
		joined := strings.TrimPrefix(line+" "+word, " ")
		if columns(joined) <= n || line == "" {
			line = joined
			continue
		}
		if len(lines) == most-1 {
			return append(lines, fit(line+" "+strings.Join(words[i:], " "), n))
		}
		lines, line = append(lines, fit(line, n)), word
	}
	if line != "" {
		lines = append(lines, fit(line, n))
	}
	return lines
}

// A grid is a small table: a header, rows, and the column that gives way when
// the width is short. Cells are safe text already.
type grid struct {
	header []string
	rows   [][]string
	align  []tw.Align
	give   []give // how columns are cut when the width is short, in order
}

// give says that a column may be cut to that many columns of the terminal.
type give struct{ column, least int }

// render writes g, indented by two, in at most width columns.
func (g *grid) render(w io.Writer, width int) error {
	g.shrink(width - 2)
	var b strings.Builder
	t := tablewriter.NewTable(&b,
		tablewriter.WithEastAsian(tw.Off), // a process-wide setting that follows the locale: always off
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{Global: tw.AlignLeft, PerColumn: g.align}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{Global: tw.AlignLeft, PerColumn: g.align}),
		tablewriter.WithPadding(tw.Padding{Right: "  ", Overwrite: true}),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{Borders: tw.BorderNone,
			Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone}})),
	)
	t.Header(g.header)
	for _, row := range g.rows {
		if err := t.Append(row); err != nil {
			return err
		}
	}
	if err := t.Render(); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := io.WriteString(w, "  "+strings.TrimRight(line, " \n")+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// shrink cuts cells until the widest row fits: first as give says, then any,
// from the last column.
func (g *grid) shrink(width int) {
	widths := make([]int, len(g.header))
	for _, row := range append([][]string{g.header}, g.rows...) {
		for i, c := range row {
			widths[i] = max(widths[i], columns(c))
		}
	}
	over := 2*len(widths) - width
	for _, n := range widths {
		over += n
	}
	for _, v := range g.give {
		if cut := min(over, widths[v.column]-v.least); cut > 0 {
			widths[v.column], over = widths[v.column]-cut, over-cut
		}
	}
	for i := len(widths) - 1; i >= 0 && over > 0; i-- {
		if cut := min(over, widths[i]-1); cut > 0 {
			widths[i], over = widths[i]-cut, over-cut
		}
	}
	for _, row := range append([][]string{g.header}, g.rows...) {
		for i := range row {
			row[i] = fit(row[i], widths[i])
		}
	}
}

// findingsGrid lists findings: what a reader needs to decide where to look.
func findingsGrid(list []finding.Finding, day bool) *grid {
	g := &grid{header: []string{"TIME (UTC)", "LEVEL", "SCORE", "WHO", "WHAT", "OUTCOME"}, give: []give{{3, 28}, {4, 40}, {3, 16}, {4, 24}, {3, 8}, {4, 12}, {0, 5}},
		align: []tw.Align{tw.AlignLeft, tw.AlignLeft, tw.AlignRight, tw.AlignLeft, tw.AlignLeft, tw.AlignLeft}}
	layout := "01-02 15:04:05"
	if day {
		layout = "15:04:05"
	}
	for i := range list {
		f := &list[i]
		at := "-"
		if !f.Time.IsZero() {
			at = f.Time.UTC().Format(layout)
		}
		what := cmp.Or(f.Summary, f.Rule.Title)
		if f.Count > 1 {
			what = strconv.FormatInt(f.Count, 10) + "x " + what
		}
		g.rows = append(g.rows, []string{at, SafeCell(f.Rule.Level), strconv.Itoa(f.Score), SafeCell(shortActor(cmp.Or(f.Actor.Name, f.Actor.ID, "-"))), SafeCell(shortActor(what)), SafeCell(f.Outcome)})
	}
	return g
}
