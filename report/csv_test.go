package report

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode/utf16"

	"tideline/scanner/finding"
)

// TestCSVCellsFitASpreadsheet: a longer one would be spilt over the rows below it.
func TestCSVCellsFitASpreadsheet(t *testing.T) {
	for _, raw := range []string{strings.Repeat("x", maxSpreadsheetCell), strings.Repeat("x", maxSpreadsheetCell+1), strings.Repeat("漢", 20000), strings.Repeat("漢", 90000), strings.Repeat("\U0001F600", 30000), "=" + strings.Repeat("y", 1<<20)} {
		f := sampleFindings()[0]
		f.Raw = raw
		cell := rawCell(t, Options{}, &f)
		units := len(utf16.Encode([]rune(cell)))
		whole := len(utf16.Encode([]rune(safeCSV(raw)))) <= maxSpreadsheetCell
		if units > maxSpreadsheetCell || whole != (cell == safeCSV(raw)) || !whole && !strings.HasSuffix(cell, "have all)") {
			t.Errorf("%.8q, %d bytes: a cell of %d characters that ends in %q", raw, len(raw), units, cell[max(0, len(cell)-80):])
		}
		if got := rawCell(t, Options{CSVRaw: true}, &f); got != raw {
			t.Errorf("%.8q, %d bytes: %d bytes as logged", raw, len(raw), len(got))
		}
	}
}

func rawCell(t *testing.T, o Options, f *finding.Finding) string {
	t.Helper()
	var b bytes.Buffer
	w := newCSV(&b, o)
	if err := w.Begin(nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(NewMasker(o).Show(f)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, name := range rows[0] {
		if name == "raw" {
			return rows[1][i]
		}
	}
	t.Fatal("no column raw")
	return ""
}
