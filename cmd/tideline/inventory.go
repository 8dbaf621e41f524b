package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
)

func inventoryCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "inventory", Usage: "what is in the bundle: formats, events, time spans, gaps, hashes; runs no rules", ArgsUsage: "PATH...",
		Flags:  flags(listFlags(", or "+manifestFormat+", which sha256sum -c checks"), quietFlags("no progress and no closing line"), readFlags()),
		Action: func(c *cli.Context) error { return printListing(c, e, inventorySession, listInventory, manifestFormat) },
	}
}

// An inventoryReport is what `tideline inventory` says in JSON.
type inventoryReport struct {
	Schema  string                   `json:"schema"` // tideline.inventory/1
	Formats []finding.FormatCoverage `json:"formats"`
	Levels  []levelRow               `json:"levels"`  // audit level per Kubernetes resource
	Silence []finding.Silence        `json:"silence"` // spans without events where there should be some
	Serials []serialRow              `json:"serials"` // auditd serial numbers that are missing
	Sources []finding.Entry          `json:"sources"`
}

// A levelRow counts the events on one kind of object at one audit level.
type levelRow struct {
	Kind   string `json:"kind"`
	Level  string `json:"level"`
	Events int64  `json:"events"`
}

// A serialRow is a log in which auditd's serial numbers have holes.
type serialRow struct {
	Path  string `json:"path"`
	Holes int64  `json:"holes"`
	First string `json:"first"` // the first of them
}

// serialGap is the code of the note that package auditd writes about a hole.
const serialGap = "audit.serial_gap"

// inventorySession is a session without rules.
func inventorySession(c *cli.Context, e *env) (*session, error) {
	s := &session{cli: c, env: e, reader: newReader(), rules: ruleset.New(nil, ruleset.Options{})}
	return s, knownFormat(s.reader, c.String("input-format"))
}

func listInventory(s *session, r *scanner.Report, p *scanner.Partial) listing {
	o := s.reportOptions()
	inv, err := describeBundle(report.NewRedactor(o).Overview(&r.Overview), p)
	return listing{rows: inv, complete: true, failed: err,
		csv:   func(w io.Writer) error { return inventoryCSV(w, inv, o) },
		table: func(w io.Writer) error { return inventoryTable(w, inv, terminalWidth(w)) },
		other: func(w io.Writer) error { return writeManifest(w, &r.Overview, report.NewRedactor(o)) }}
}

// describeBundle is the inventory as programs read it.
func describeBundle(o *finding.Overview, p *scanner.Partial) (*inventoryReport, error) {
	inv := &inventoryReport{Schema: "tideline.inventory/1", Formats: []finding.FormatCoverage{}, Levels: []levelRow{}, Serials: []serialRow{},
		Silence: o.Coverage.Quiet, Sources: make([]finding.Entry, 0, o.Entries())}
	err := o.EachEntry(func(e *finding.Entry) error {
		inv.Sources = append(inv.Sources, *e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	for _, f := range o.Coverage.Formats {
		if f.Sources > 0 {
			inv.Formats = append(inv.Formats, f)
		}
	}
	for _, f := range p.Aggregates.Formats {
		for key, n := range f.Levels {
			kind, level, _ := strings.Cut(key, " ")
			inv.Levels = append(inv.Levels, levelRow{kind, level, n})
		}
	}
	for i := range inv.Sources {
		for _, n := range inv.Sources[i].Notes {
			if n.Code == serialGap {
				inv.Serials = append(inv.Serials, serialRow{inv.Sources[i].Path, max(n.Count, 1), n.Reason})
			}
		}
	}
	slices.SortFunc(inv.Levels, func(a, b levelRow) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Level, b.Level))
	})
	return inv, nil
}

// inventoryTable writes the ledger and what follows from it, in at most width
// columns; 0 is no limit.
func inventoryTable(w io.Writer, inv *inventoryReport, width int) error {
	cols := []report.Column{{Head: "SOURCE", Least: max(16, width/5)}, {Head: "FORMAT", Least: 10}, {Head: "ENVELOPE", Least: 3}, {Head: "HOST", Least: 7},
		{Head: "EVENTS", Right: true}, {Head: "FIRST"}, {Head: "LAST (UTC)"}, {Head: "NOTES", Least: 5}, {Head: "GAPS", Least: 4}, {Head: "SHA256", Least: 6}}
	stamp := func(t finding.Time) string { return t.String() }
	if width > 0 {
		stamp = func(t finding.Time) string { return minuteOf(t.String()) }
	}
	rows := make([][]string, len(inv.Sources))
	for i := range inv.Sources {
		s := &inv.Sources[i]
		rows[i] = []string{cell(s.Path), cell(formatOrLooks(s)), cell(s.Envelope), cell(s.Host), strconv.FormatInt(s.Events, 10),
			stamp(s.First), stamp(s.Last), remarkNames(s.Notes), remarkNames(s.Gaps), fmt.Sprintf("%.12s", s.SHA256)}
	}
	cols[1].Least = 0
	if width > 0 && width < narrow {
		cols[1].Least = 10
	}
	if width > 0 {
		cols, rows = worthwhile(cols, rows, width)
	}
	if err := report.Narrow(w, width, cols, rows); err != nil {
		return err
	}
	if width > 0 && width < roomy {
		if err := inventoryRemarks(w, inv, width); err != nil {
			return err
		}
	}
	return inventoryFacts(w, inv, width)
}

// narrow is the width below which not even formats are whole.
const narrow = 76

// inventoryRemarks prints the notes and the gaps, which have no room beside the
// rest.
func inventoryRemarks(w io.Writer, inv *inventoryReport, width int) error {
	var rows [][]string
	for i := range inv.Sources {
		s := &inv.Sources[i]
		for _, r := range []struct {
			word string
			list []finding.Remark
		}{{"gap", s.Gaps}, {"note", s.Notes}} {
			for _, m := range r.list {
				rows = append(rows, []string{r.word, cell(m.Code), strconv.FormatInt(max(m.Count, 1), 10), cell(s.Path)})
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return err
	}
	return report.Narrow(w, width, []report.Column{{Head: "REMARK"}, {Head: "CODE"}, {Head: "TIMES", Right: true}, {Head: "SOURCE", Least: 18}}, rows)
}

// worthwhile leaves out the columns that are empty in every row, and where there
// is little room hashes, which are whole in JSON and CSV, and remarks, which are
// listed below.
func worthwhile(cols []report.Column, rows [][]string, width int) ([]report.Column, [][]string) {
	var kept []report.Column
	out := make([][]string, len(rows))
	for i, c := range cols {
		filled := slices.ContainsFunc(rows, func(r []string) bool { return r[i] != "" })
		if !filled || width < roomy && (c.Head == "SHA256" || c.Head == "NOTES" || c.Head == "GAPS") {
			continue
		}
		kept = append(kept, c)
		for j := range rows {
			out[j] = append(out[j], rows[j][i])
		}
	}
	return kept, out
}

// inventoryFacts prints what the logs could tell and where they are silent, each
// as a table of its own.
func inventoryFacts(w io.Writer, inv *inventoryReport, width int) error {
	var levels, silence, serials [][]string
	for _, l := range inv.Levels {
		levels = append(levels, []string{cell(l.Kind), cell(l.Level), strconv.FormatInt(l.Events, 10)})
	}
	for _, q := range inv.Silence {
		silence = append(silence, []string{cell(q.Path), q.From.String(), q.To.String(), cell(q.Reason)})
	}
	for _, r := range inv.Serials {
		serials = append(serials, []string{cell(r.Path), strconv.FormatInt(r.Holes, 10), cell(r.First)})
	}
	for _, t := range []struct {
		cols []report.Column
		rows [][]string
	}{
		{[]report.Column{{Head: "OBJECT", Least: 8}, {Head: "AUDIT LEVEL", Least: 8}, {Head: "EVENTS", Right: true}}, levels},
		{[]report.Column{{Head: "SILENT", Least: 8}, {Head: "FROM"}, {Head: "TO"}, {Head: "WHY IT IS TOLD", Least: 8}}, silence},
		{[]report.Column{{Head: "SERIAL NUMBERS MISSING", Least: 8}, {Head: "HOLES", Right: true}, {Head: "THE FIRST", Least: 8}}, serials},
	} {
		if len(t.rows) == 0 {
			continue
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
		if err := report.Narrow(w, width, t.cols, t.rows); err != nil {
			return err
		}
	}
	return nil
}

func formatOrLooks(s *finding.Entry) string {
	switch {
	case s.Format != "":
		return s.Format
	case s.Looks != "":
		return "(" + s.Looks + ")"
	}
	return "-"
}

func remarkNames(list []finding.Remark) string {
	names := make([]string, len(list))
	for i, r := range list {
		names[i] = fmt.Sprintf("%s:%d", r.Code, max(r.Count, 1))
	}
	return strings.Join(names, " ")
}

var inventoryColumns = []string{"path", "format", "envelope", "codecs", "host", "cluster", "size", "bytes_read", "bytes_events",
	"bytes_notes", "bytes_gaps", "records", "events", "first", "last", "notes", "gaps", "sha256"}

func inventoryCSV(w io.Writer, inv *inventoryReport, o report.Options) error {
	n := func(i int64) string { return strconv.FormatInt(i, 10) }
	return report.PrintCSV(w, o, inventoryColumns, func(yield func([]string) bool) {
		for i := range inv.Sources {
			s := &inv.Sources[i]
			if !yield([]string{s.Path, s.Format, s.Envelope, strings.Join(s.Codecs, " "), s.Host, s.Cluster, n(s.Size), n(s.Bytes.Read), n(s.Bytes.Events),
				n(s.Bytes.Notes), n(s.Bytes.Gaps), n(s.Records), n(s.Events), s.First.String(), s.Last.String(), remarkNames(s.Notes), remarkNames(s.Gaps), s.SHA256}) {
				return
			}
		}
	})
}
