package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/finding"
)

// A listing is what a command that prints one list prints: rows for JSON, and
// functions for CSV and for people.
type listing struct {
	rows   any
	csv    func(io.Writer) error
	table  func(io.Writer) error
	other  func(io.Writer) error // Optional: in the format that only this list has
	failed error                 // why the list could not be made
	lacks  string                // Optional: what the list does not have, told on standard error
	// Optional: that everything could be read is told too, not only what could not.
	complete bool
}

// A lister makes the listing of what a scan found.
type lister func(*session, *scanner.Report, *scanner.Partial) listing

// listCommand builds a command that scans and prints one list of what the scan
// knows. choice are the flags that decide what is in it, besides those of reading.
func listCommand(e *env, name, usage string, choice []cli.Flag, list lister) *cli.Command {
	return &cli.Command{
		Name: name, Usage: usage, ArgsUsage: "PATH...",
		Flags:  flags(listFlags(""), secretFlags(), quietFlags("no progress"), colorFlag(), choice, readFlags()),
		Action: func(c *cli.Context) error { return printListing(c, e, newSession, list) },
	}
}

// printListing scans, in the session that open begins, and prints a listing, in one of
// the formats that all have or in one that only this has, other.
func printListing(c *cli.Context, e *env, open func(*cli.Context, *env) (*session, error), list lister, other ...string) error {
	paths, err := needPaths(c)
	if err != nil {
		return err
	}
	format, err := chosenFormat(c, e, append([]string{"table", "json", "csv"}, other...)...)
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
	if l.failed != nil {
		return l.failed
	}
	if err := write(e.stdout, format, l); err != nil {
		return stdoutError(err)
	}
	if l.lacks != "" {
		fmt.Fprintf(e.stderr, "tideline: %s\n", l.lacks)
	}
	if l.complete || !r.Overview.Summary.Complete {
		s.tellCompleteness(&r.Overview)
	}
	return s.verdict(&r.Overview)
}

// tellCompleteness says on standard error whether everything could be read; with --quiet
// only what could not, as no exit status 3 is without a reason.
func (s *session) tellCompleteness(o *finding.Overview) {
	if s.cli.Bool("quiet") && o.Summary.Complete {
		return
	}
	for _, line := range report.Completeness(o, s.reportOptions()) {
		fmt.Fprintln(s.env.stderr, line)
	}
}

// chosenFormat is the one of names that -f asks for. Without it, that is the first on a
// terminal, and else the second.
func chosenFormat(c *cli.Context, e *env, names ...string) (string, error) {
	name, last := c.String("format"), len(names)-1
	switch {
	case slices.Contains(names, name):
		return name, nil
	case name != "":
		return "", usageError("-f %.40q: want %s or %s", name, strings.Join(names[:last], ", "), names[last])
	case isTerminal(e.stdout):
		return names[0], nil
	}
	return names[1], nil
}

func write(w io.Writer, format string, l listing) error {
	switch format {
	case "table":
		return l.table(w)
	case "csv":
		return l.csv(w)
	case manifestFormat:
		return l.other(w)
	}
	return report.PrintJSON(w, l.rows, "  ")
}
