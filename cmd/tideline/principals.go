package main

import (
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/tally"
)

func principalsCommand(e *env) *cli.Command {
	return listCommand(e, "principals", "who did what from where: principal x address x client, allowed and denied, first and last seen",
		under(headSelect, baselineFlag()), // every event counts, whatever rules say of it
		func(s *session, _ *scanner.Report, p *scanner.Partial) listing {
			o := s.reportOptions()
			rows := principalRows(p.Aggregates.ByClass(s.habits), report.NewRedactor(o))
			return listing{rows: rows, lacks: unlisted(p.Aggregates.Overflow),
				csv:   func(w io.Writer) error { return principalsCSV(w, rows, o) },
				table: func(w io.Writer) error { return principalsTable(w, rows, terminalWidth(w)) }}
		})
}

// unlisted says that events are missing from a full table; "" if none are.
func unlisted(events int64) string {
	if events == 0 {
		return ""
	}
	return fmt.Sprintf("the table was full: %s of further principals or names are not in it (scan the logs of one host or of fewer days at a time)", counted(int(events), "event"))
}

// A principalRow is one line: a principal, from one address, with one client,
// doing one class of things to one kind of object.
type principalRow struct {
	Actor   string `json:"actor"`
	Address string `json:"address"`
	Agent   string `json:"agent"`
	Class   string `json:"class"` // of verbs: read, write, connect, run, or the action
	Kind    string `json:"kind"`
	Allowed int64  `json:"allowed"`
	Denied  int64  `json:"denied"`
	Other   int64  `json:"other"`
	First   string `json:"first"`
	Last    string `json:"last"`
	New     string `json:"new"` // what is new about it: "" for nothing
	Usual   bool   `json:"usual"`
}

func principalRows(list []tally.Principal, mask *report.Redactor) []principalRow {
	rows := make([]principalRow, len(list))
	for i := range list {
		p := &list[i]
		rows[i] = principalRow{
			Actor: mask.Text(p.Actor), Address: mask.Text(p.Address), Agent: mask.Text(p.Agent),
			Class: mask.Text(p.Class), Kind: mask.Text(p.Kind),
			Allowed: p.Allowed, Denied: p.Denied, Other: p.Other, First: p.First.String(), Last: p.Last.String(),
			New: mask.Text(p.New), Usual: p.Known,
		}
	}
	return rows
}

// standing is what a person reads of what is new or usual.
func (r *principalRow) standing() string {
	switch {
	case r.New != "":
		return "new: " + r.New
	case r.Usual:
		return "usual"
	}
	return ""
}

func (r *principalRow) cells() []string {
	return []string{r.Actor, r.Address, r.Agent, r.Class, r.Kind, digits(r.Allowed), digits(r.Denied), digits(r.Other), r.First, r.Last, r.standing()}
}

var principalColumns = []string{"actor", "address", "agent", "class", "kind", "allowed", "denied", "other", "first", "last", "standing"}

func principalsCSV(w io.Writer, rows []principalRow, o report.Options) error {
	return report.PrintCSV(w, o, principalColumns, func(yield func([]string) bool) {
		for i := range rows {
			if !yield(rows[i].cells()) {
				return
			}
		}
	})
}

// principalsTable writes the rows for a person: in full where nothing limits the
// width (0), and otherwise those of one principal, address and client under one
// heading, for the three alone would fill the line.
func principalsTable(w io.Writer, rows []principalRow, width int) error {
	if width > 0 {
		return principalsNarrow(w, rows, width)
	}
	var cols []report.Column
	for _, head := range []string{"ACTOR", "ADDRESS", "CLIENT", "DID", "OBJECT", "ALLOWED", "DENIED", "OTHER", "FIRST", "LAST", "NEW OR USUAL"} {
		cols = append(cols, report.Column{Head: head})
	}
	var lines [][]string
	for i := range rows {
		r := &rows[i]
		lines = append(lines, []string{cell(r.Actor), cell(r.Address), cell(r.Agent), cell(r.Class), cell(r.Kind), digits(r.Allowed), digits(r.Denied), digits(r.Other), r.First, r.Last, cell(r.standing())})
	}
	return report.Narrow(w, 0, cols, lines)
}

// roomy is the width in columns from which a table has room for what can be
// looked up in the other formats.
const roomy = 100

func principalsNarrow(w io.Writer, rows []principalRow, width int) error {
	cols := []report.Column{{Head: "  DID", Least: 10}, {Head: "OBJECT", Least: 10}, {Head: "ALLOWED", Right: true}, {Head: "DENIED", Right: true},
		{Head: "OTHER", Right: true}, {Head: "FIRST"}, {Head: "LAST (UTC)"}, {Head: "NEW?", Least: 5}}
	var lines [][]string
	for i := range rows {
		r := &rows[i]
		if p := &rows[max(i-1, 0)]; i == 0 || r.Actor != p.Actor || r.Address != p.Address || r.Agent != p.Agent {
			lines = append(lines, []string{principalHeading(r, width)})
		}
		standing := cell(r.standing())
		if width < roomy && r.New != "" {
			standing = "new"
		}
		lines = append(lines, []string{"  " + cell(r.Class), cell(r.Kind), digits(r.Allowed), digits(r.Denied), digits(r.Other), minuteOf(r.First), minuteOf(r.Last), standing})
	}
	return report.Narrow(w, width, cols, lines)
}

func digits(n int64) string { return strconv.FormatInt(n, 10) }

// principalHeading names who, from where, with what. The address stays whole, the
// client gives way first, down to a third of the line.
func principalHeading(r *principalRow, width int) string {
	from, with := "", ""
	if r.Address != "" {
		from = "  from " + cell(r.Address)
	}
	if r.Agent != "" {
		with = "  " + cell(r.Agent)
	}
	length := utf8.RuneCountInString
	who := report.Middle(cell(r.Actor), max(width-length(from)-min(length(with), width/3), width/4))
	return who + from + report.Middle(with, max(width-length(who)-length(from), 0))
}

// minuteOf shortens a time in RFC 3339 to month, day and minute.
func minuteOf(stamp string) string {
	if len(stamp) < len("2006-01-02T15:04") {
		return stamp
	}
	return stamp[5:10] + " " + stamp[11:16]
}
