package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf16"

	"tideline/scanner/finding"
)

// csvColumns are the columns of the findings, named after the keys of schema
// tideline.finding/1 and in their order. A list is joined by "; "; exposed is
// "certainty kind namespace/name"; reasons are "+60 why". Columns may be added
// at the end.
var csvColumns = []column{
	{"time", func(f *finding.Finding) string { return f.Time.String() }},
	{"last_time", func(f *finding.Finding) string { return f.LastTime.String() }},
	{"level", func(f *finding.Finding) string { return f.Rule.Level }},
	{"score", func(f *finding.Finding) string { return strconv.Itoa(f.Score) }},
	{"summary", func(f *finding.Finding) string { return f.Summary }},
	{"outcome", func(f *finding.Finding) string { return f.Outcome }},
	{"count", func(f *finding.Finding) string { return decimal(f.Count) }},
	{"actor_id", func(f *finding.Finding) string { return f.Actor.ID }},
	{"actor_kind", func(f *finding.Finding) string { return f.Actor.Kind }},
	{"actor_name", func(f *finding.Finding) string { return f.Actor.Name }},
	{"actor_impersonated", func(f *finding.Finding) string { return f.Actor.Impersonated }},
	{"actor_session", func(f *finding.Finding) string { return f.Actor.Session }},
	{"actor_addresses", func(f *finding.Finding) string { return strings.Join(f.Actor.Addresses, "; ") }},
	{"actor_agent", func(f *finding.Finding) string { return f.Actor.Agent }},
	{"action", func(f *finding.Finding) string { return f.Action }},
	{"target_kind", func(f *finding.Finding) string { return f.Target.Kind }},
	{"target_namespace", func(f *finding.Finding) string { return f.Target.Namespace }},
	{"target_name", func(f *finding.Finding) string { return f.Target.Name }},
	{"host", func(f *finding.Finding) string { return f.Host }},
	{"cluster", func(f *finding.Finding) string { return f.Cluster }},
	{"container_id", func(f *finding.Finding) string { return f.Container.ID }},
	{"container_name", func(f *finding.Finding) string { return f.Container.Name }},
	{"pod", func(f *finding.Finding) string { return f.Container.Pod }},
	{"pod_namespace", func(f *finding.Finding) string { return f.Container.Namespace }},
	{"command", func(f *finding.Finding) string { return f.Command }},
	{"exposed", func(f *finding.Finding) string { return strings.Join(exposedTexts(f.Exposed), "; ") }},
	{"attack", func(f *finding.Finding) string { return strings.Join(f.Attack, "; ") }},
	{"reasons", func(f *finding.Finding) string { return strings.Join(reasonTexts(f.Reasons), "; ") }},
	{"rule_id", func(f *finding.Finding) string { return f.Rule.ID }},
	{"rule_title", func(f *finding.Finding) string { return f.Rule.Title }},
	{"rule_author", func(f *finding.Finding) string { return f.Rule.Author }},
	{"id", func(f *finding.Finding) string { return f.ID }},
	{"related", func(f *finding.Finding) string { return strings.Join(f.Related, "; ") }},
	{"source_path", func(f *finding.Finding) string { return f.Source.Path }},
	{"source_format", func(f *finding.Finding) string { return f.Source.Format }},
	{"source_line", func(f *finding.Finding) string { return decimal(f.Source.Line) }},
	{"source_offset", func(f *finding.Finding) string { return decimal(f.Source.Offset) }},
	{"source_length", func(f *finding.Finding) string { return decimal(f.Source.Length) }},
	{"raw", func(f *finding.Finding) string { return f.Raw }},
	{"raw_base64", func(f *finding.Finding) string { return f.RawBase64 }},
}

type column struct {
	name string
	text func(*finding.Finding) string
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func exposedTexts(list []finding.Exposed) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.Certainty + " " + e.Kind + " " + scoped(e.Namespace, e.Name)
	}
	return out
}

// scoped is namespace/name, or what there is of it.
func scoped(namespace, name string) string {
	if namespace == "" {
		return name
	}
	return namespace + "/" + name
}

func reasonTexts(list []finding.Reason) []string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = signed(r.Points) + " " + r.Why
	}
	return out
}

func signed(n int) string {
	if n < 0 {
		return strconv.Itoa(n)
	}
	return "+" + strconv.Itoa(n)
}

// csvWriter writes findings as RFC 4180 with a header, a finding a line.
type csvWriter struct {
	maskCount
	w   *csv.Writer
	raw bool
	row []string
}

// newCSV writes findings to w as CSV. Cells are safe for a spreadsheet and for
// a terminal, see safeCSV, unless o.CSVRaw is set.
func newCSV(w io.Writer, o Options) Writer {
	return &csvWriter{w: csv.NewWriter(w), raw: o.CSVRaw}
}

func (c *csvWriter) Begin(*finding.Overview) error {
	names := make([]string, len(csvColumns))
	for i, col := range csvColumns {
		names[i] = col.name
	}
	return c.w.Write(names)
}

func (c *csvWriter) Write(f *Shown) error {
	masked := c.of(f)
	c.row = c.row[:0]
	for _, col := range csvColumns {
		c.row = append(c.row, csvCell(col.text(masked), c.raw))
	}
	return c.w.Write(c.row)
}

func (c *csvWriter) Close() error {
	c.w.Flush()
	return c.w.Error()
}

// PrintCSV writes a header and rows to w as CSV, with cells like those of the CSV report.
// Cells belong to PrintCSV, which may change them. What they hold is masked by the
// caller.
func PrintCSV(w io.Writer, o Options, header []string, rows iter.Seq[[]string]) error {
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	for row := range rows {
		for i := range row {
			row[i] = csvCell(row[i], o.CSVRaw)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// maxSpreadsheetCell is how many characters (UTF-16 code units) a cell of Excel holds. It
// spills a longer one over the rows below.
const maxSpreadsheetCell = 32767

// csvCell is a cell for a spreadsheet. What is too long for one is cut and says so.
func csvCell(s string, raw bool) string {
	if raw {
		return s
	}
	s = safeCSV(s)
	if len(s) <= maxSpreadsheetCell { // no character has more code units than bytes
		return s
	}
	left := maxSpreadsheetCell - 100
	for i, r := range s {
		if left -= utf16.RuneLen(r); left < 0 {
			return fmt.Sprintf("%s... (cut for a spreadsheet: %d of %d bytes; --csv-raw and the other formats have all)", s[:i], i, len(s))
		}
	}
	return s
}
