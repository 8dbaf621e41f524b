package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"tideline/parsers/formats"
	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/finding"
)

func inventoryCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "inventory", Usage: "what is in the bundle: formats, events, time spans, gaps, hashes; runs no rules", ArgsUsage: "PATH...",
		Flags: flags([]cli.Flag{
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "`NAME` of the format: table, json or csv; table on a terminal, json otherwise"},
			&cli.BoolFlag{Name: "csv-raw", Usage: "do not guard CSV cells against formulas"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress"},
			&cli.BoolFlag{Name: "no-progress", Usage: "no progress bar"},
		}, readFlags()),
		Action: func(c *cli.Context) error { return inventory(c, e) },
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

func inventory(c *cli.Context, e *env) error {
	paths, err := needPaths(c)
	if err != nil {
		return err
	}
	format, err := listFormat(c, e)
	if err != nil {
		return err
	}
	s := &session{cli: c, env: e, reader: formats.NewReader(), rules: scanner.NewRuleset(nil, scanner.RuleOptions{})}
	if err := knownFormat(s.reader, c.String("input-format")); err != nil {
		return err
	}
	partial, err := s.collectAll(c.Context, paths)
	if err != nil {
		return err
	}
	defer partial.Close()
	r, err := s.conclude(c.Context, []*scanner.Partial{partial})
	if err != nil {
		return err
	}
	defer r.Close()
	o := report.Options{CSVRaw: c.Bool("csv-raw")}
	inv := describeBundle(report.NewRedactor(o).Overview(&r.Overview), partial)
	if err := write(e.stdout, format, listing{rows: inv,
		csv:   func(w io.Writer) error { return inventoryCSV(w, inv, o) },
		table: func(w io.Writer) error { return inventoryTable(w, inv) }}); err != nil {
		return (&sheet{name: "standard output"}).fail(err)
	}
	return s.verdict(&r.Overview)
}

func describeBundle(o *finding.Overview, p *scanner.Partial) *inventoryReport {
	inv := &inventoryReport{Schema: "tideline.inventory/1", Formats: []finding.FormatCoverage{}, Levels: []levelRow{}, Serials: []serialRow{},
		Silence: o.Coverage.Quiet, Sources: orEmptyLedger(o.Ledger)}
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
	sort.Slice(inv.Levels, func(i, j int) bool {
		a, b := inv.Levels[i], inv.Levels[j]
		return a.Kind < b.Kind || a.Kind == b.Kind && a.Level < b.Level
	})
	return inv
}

func inventoryTable(w io.Writer, inv *inventoryReport) error {
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "SOURCE\tFORMAT\tENVELOPE\tHOST\tEVENTS\tFIRST\tLAST\tNOTES\tGAPS\tSHA256")
	for i := range inv.Sources {
		s := &inv.Sources[i]
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s\t%.12s\n", cell(s.Path), cell(formatOrLooks(s)), cell(s.Envelope), cell(s.Host), s.Events,
			s.First, s.Last, remarkNames(s.Notes), remarkNames(s.Gaps), s.SHA256)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	return inventoryFacts(tw, inv)
}

// inventoryFacts prints what the logs could tell and where they are silent, each
// as a table of its own.
func inventoryFacts(tw *tabwriter.Writer, inv *inventoryReport) error {
	if len(inv.Levels) > 0 {
		fmt.Fprintln(tw, "\nOBJECT\tAUDIT LEVEL\tEVENTS")
	}
	for _, l := range inv.Levels {
		fmt.Fprintf(tw, "%s\t%s\t%d\n", cell(l.Kind), cell(l.Level), l.Events)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if len(inv.Silence) > 0 {
		fmt.Fprintln(tw, "\nSILENT\tFROM\tTO\tWHY IT IS TOLD")
	}
	for _, q := range inv.Silence {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", cell(q.Path), q.From, q.To, cell(q.Reason))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if len(inv.Serials) > 0 {
		fmt.Fprintln(tw, "\nSERIAL NUMBERS MISSING\tHOLES\tTHE FIRST")
	}
	for _, r := range inv.Serials {
		fmt.Fprintf(tw, "%s\t%d\t%s\n", cell(r.Path), r.Holes, cell(r.First))
	}
	return tw.Flush()
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

func inventoryCSV(w io.Writer, inv *inventoryReport, o report.Options) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"path", "format", "envelope", "codecs", "host", "cluster", "size", "bytes_read", "bytes_events",
		"bytes_notes", "bytes_gaps", "records", "events", "first", "last", "notes", "gaps", "sha256"}); err != nil {
		return err
	}
	n := func(i int64) string { return strconv.FormatInt(i, 10) }
	for i := range inv.Sources {
		s := &inv.Sources[i]
		cells := []string{s.Path, s.Format, s.Envelope, strings.Join(s.Codecs, " "), s.Host, s.Cluster, n(s.Size), n(s.Bytes.Read), n(s.Bytes.Events),
			n(s.Bytes.Notes), n(s.Bytes.Gaps), n(s.Records), n(s.Events), s.First.String(), s.Last.String(), remarkNames(s.Notes), remarkNames(s.Gaps), s.SHA256}
		for j := range cells {
			if !o.CSVRaw {
				cells[j] = report.SafeCSV(cells[j])
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
