package report

import (
	"io"
	"strings"
)

// gap is the number of spaces between the columns of a Narrow table.
const gap = 2

// A Column of a Narrow table: its heading, and the columns of the terminal that
// it keeps whatever the width. Least 0 is a column that is never cut.
type Column struct {
	Head  string
	Least int
	Right bool // numbers
}

// Middle cuts s, which is one line, to n columns by leaving out its middle: of
// paths and clients both ends tell them apart. What was cut has an ellipsis.
func Middle(s string, n int) string {
	if columns(s) <= n {
		return s
	}
	if n < 3 {
		return fit(s, n)
	}
	runes := []rune(s)
	tail := (n - 1) / 2
	start, used := len(runes), 0
	for start > 0 && used+columns(string(runes[start-1])) <= tail {
		start--
		used += columns(string(runes[start]))
	}
	end, head := 0, n-1-used
	for used = 0; end < start && used+columns(string(runes[end])) <= head; end++ {
		used += columns(string(runes[end]))
	}
	return string(runes[:end]) + "…" + string(runes[start:])
}

// Narrow writes rows as a table of at most width columns, cells that do not fit
// cut in the middle; width 0 is no limit. The widest columns give way first.
// Cells must be safe for a terminal (SafeCell). A row of one cell is a heading
// over those that follow. It returns the first error of w.
func Narrow(w io.Writer, width int, cols []Column, rows [][]string) error {
	heads := make([]string, len(cols))
	for i, c := range cols {
		heads[i] = c.Head
	}
	all := append([][]string{heads}, rows...)
	widths := narrowWidths(width, cols, all)
	for _, row := range all {
		if len(row) == 1 && len(cols) > 1 {
			line := row[0]
			if width > 0 {
				line = Middle(line, width)
			}
			if _, err := io.WriteString(w, line+"\n"); err != nil {
				return err
			}
			continue
		}
		var b strings.Builder
		for i, c := range row {
			c = Middle(c, widths[i])
			pad := strings.Repeat(" ", widths[i]-columns(c))
			if cols[i].Right {
				c = pad + c
			} else {
				c += pad
			}
			b.WriteString(c + strings.Repeat(" ", gap))
		}
		if _, err := io.WriteString(w, strings.TrimRight(b.String(), " ")+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// narrowWidths gives each column what its cells need, and then takes from the
// widest that may be cut until all fit, and from any if that is not enough.
func narrowWidths(width int, cols []Column, rows [][]string) []int {
	widths := make([]int, len(cols))
	for _, row := range rows {
		if len(row) == 1 && len(cols) > 1 {
			continue
		}
		for i, c := range row {
			widths[i] = max(widths[i], columns(c))
		}
	}
	if width <= 0 {
		return widths
	}
	over := gap*(len(cols)-1) - width
	for _, n := range widths {
		over += n
	}
	least := func(i int) int {
		if cols[i].Least == 0 {
			return widths[i]
		}
		return cols[i].Least
	}
	for ; over > 0; over-- {
		widest := -1
		for i := range widths {
			if widths[i] > least(i) && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	for i := len(widths) - 1; i >= 0 && over > 0; i-- {
		if cut := min(over, widths[i]-1); cut > 0 {
			widths[i], over = widths[i]-cut, over-cut
		}
	}
	return widths
}
