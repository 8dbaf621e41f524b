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
			rows := principalRows(p.Aggregates.ByClass(s.habits), report.NewRedactor(o))
			return listing{rows: rows,
				csv:   func(w io.Writer) error { return principalsCSV(w, rows, o) },
				table: func(w io.Writer) error { return principalsTable(w, rows) }}
		})
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

func principalRows(list []scanner.Principal, mask *report.Redactor) []principalRow {
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
	n := func(i int64) string { return strconv.FormatInt(i, 10) }
	return []string{r.Actor, r.Address, r.Agent, r.Class, r.Kind, n(r.Allowed), n(r.Denied), n(r.Other), r.First, r.Last, r.standing()}
}

var principalColumns = []string{"actor", "address", "agent", "class", "kind", "allowed", "denied", "other", "first", "last", "standing"}

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
	fmt.Fprintln(tw, "ACTOR\tADDRESS\tCLIENT\tDID\tOBJECT\tALLOWED\tDENIED\tOTHER\tFIRST\tLAST\tNEW OR USUAL")
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\t%s\t%s\n",
			cell(r.Actor), cell(r.Address), cell(r.Agent), cell(r.Class), cell(r.Kind), r.Allowed, r.Denied, r.Other, r.First, r.Last, cell(r.standing()))
	}
	return tw.Flush()
}
