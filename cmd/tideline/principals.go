package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner"
)

func principalsCommand(e *env) *cli.Command {
	return listCommand(e, "principals", "who did what from where: principal x address x client, allowed and denied, first and last seen",
		func(s *session, _ *scanner.Report, p *scanner.Partial) listing {
			o := s.reportOptions()
			rows := principalRows(p, report.NewRedactor(o))
			return listing{rows: rows,
				csv:   func(w io.Writer) error { return principalsCSV(w, rows, o) },
				table: func(w io.Writer) error { return principalsTable(w, rows) }}
		})
}

// A principalRow is one line: a principal, from one address, with one client,
// doing one action on one kind of object.
type principalRow struct {
	Actor   string `json:"actor"`
	Address string `json:"address"`
	Agent   string `json:"agent"`
	Action  string `json:"action"`
	Kind    string `json:"kind"`
	Allowed int64  `json:"allowed"`
	Denied  int64  `json:"denied"`
	Other   int64  `json:"other"`
	First   string `json:"first"`
	Last    string `json:"last"`
}

func principalRows(p *scanner.Partial, mask *report.Redactor) []principalRow {
	records := p.Aggregates.Sorted()
	rows := make([]principalRow, len(records))
	for i, r := range records {
		rows[i] = principalRow{
			Actor: mask.Text(r.Key.Actor), Address: mask.Text(r.Key.Address), Agent: mask.Text(r.Key.Agent),
			Action: mask.Text(r.Key.Action), Kind: mask.Text(r.Key.Kind),
			Allowed: r.Row.Allowed, Denied: r.Row.Denied, Other: r.Row.Other, First: r.Row.First.String(), Last: r.Row.Last.String(),
		}
	}
	return rows
}

func (r *principalRow) cells() []string {
	n := func(i int64) string { return strconv.FormatInt(i, 10) }
	return []string{r.Actor, r.Address, r.Agent, r.Action, r.Kind, n(r.Allowed), n(r.Denied), n(r.Other), r.First, r.Last}
}

var principalColumns = []string{"actor", "address", "agent", "action", "kind", "allowed", "denied", "other", "first", "last"}

func principalsCSV(w io.Writer, rows []principalRow, o report.Options) error {
	out := csv.NewWriter(w)
	if err := out.Write(principalColumns); err != nil {
		return err
	}
	for i := range rows {
		cells := rows[i].cells()
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

func principalsTable(w io.Writer, rows []principalRow) error {
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "ACTOR\tADDRESS\tCLIENT\tACTION\tOBJECT\tALLOWED\tDENIED\tOTHER\tFIRST\tLAST")
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\t%s\n",
			cell(r.Actor), cell(r.Address), cell(r.Agent), cell(r.Action), cell(r.Kind), r.Allowed, r.Denied, r.Other, r.First, r.Last)
	}
	return tw.Flush()
}
