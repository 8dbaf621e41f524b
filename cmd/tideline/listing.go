package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner"
)

// A listing is what a command that prints one list prints: rows for JSON, and
// functions for CSV and for people.
type listing struct {
	rows  any
	csv   func(io.Writer) error
	table func(io.Writer) error
	lacks string // Optional: what the list does not have, told on standard error
}

// A lister makes the listing of what a scan found.
type lister func(*session, *scanner.Report, *scanner.Partial) listing

// listCommand builds a command that scans and prints one list of what the scan
// knows.
func listCommand(e *env, name, usage string, list lister) *cli.Command {
	return &cli.Command{
		Name: name, Usage: usage, ArgsUsage: "PATH...",
		Flags: flags([]cli.Flag{
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "`NAME` of the format: table, json or csv; table on a terminal, json otherwise"},
			&cli.BoolFlag{Name: "show-secrets", Usage: "do not mask credentials"},
			&cli.BoolFlag{Name: "csv-raw", Usage: "CSV cells as logged: not guarded against formulas, and not cut to what a spreadsheet holds"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress"},
			&cli.BoolFlag{Name: "no-progress", Usage: "no progress bar"},
			&cli.BoolFlag{Name: "no-color", Usage: "no colours (also NO_COLOR)"},
		}, selectFlags(), ruleFlags(), readFlags()),
		Action: func(c *cli.Context) error { return printListing(c, e, newSession, list) },
	}
}

// printListing scans, in the session that open begins, and prints a listing.
func printListing(c *cli.Context, e *env, open func(*cli.Context, *env) (*session, error), list lister) error {
	paths, err := needPaths(c)
	if err != nil {
		return err
	}
	format, err := listFormat(c, e)
	if err != nil {
		return err
	}
	s, err := open(c, e)
	if err != nil {
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
	l := list(s, r, partial)
	if err := write(e.stdout, format, l); err != nil {
		return (&sheet{name: "standard output"}).fail(err)
	}
	if l.lacks != "" {
		fmt.Fprintf(e.stderr, "tideline: %s\n", l.lacks)
	}
	return s.verdict(&r.Overview)
}

func listFormat(c *cli.Context, e *env) (string, error) {
	switch name := c.String("format"); name {
	case "table", "json", "csv":
		return name, nil
	case "":
		if isTerminal(e.stdout) {
			return "table", nil
		}
		return "json", nil
	default:
		return "", usageError("-f %.40q: want table, json or csv", name)
	}
}

func write(w io.Writer, format string, l listing) error {
	switch format {
	case "table":
		return l.table(w)
	case "csv":
		return l.csv(w)
	}
	return report.PrintJSON(w, l.rows, "  ")
}
