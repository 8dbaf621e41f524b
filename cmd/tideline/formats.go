package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"tideline/parsers"
	"tideline/parsers/envelope"
	"tideline/parsers/formats"
	"tideline/scanner/finding"
	"tideline/scanner/source"
)

func formatsCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "formats", Usage: "what can be read, and what is known to be unreadable",
		Flags:  []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "as JSON"}},
		Action: func(c *cli.Context) error { return listFormats(c, e) },
	}
}

func newReader() parsers.Reader { return formats.NewReader() }

// A readable is what `tideline formats --json` says.
type readable struct {
	Formats    []formatRow `json:"formats"`
	Envelopes  []string    `json:"envelopes"`
	Containers []string    `json:"containers"` // codecs and archives
	Unreadable []string    `json:"unreadable"` // recognised and named, not read

	Codes []finding.Code `json:"codes"` // of notes and gaps
}

type formatRow struct {
	Name  string   `json:"name"`
	Title string   `json:"title"`
	Views []string `json:"views"` // Sigma log sources, product/category/service
}

func describeFormats() readable {
	var r readable
	for _, f := range formats.All() {
		row := formatRow{Name: f.Name, Title: f.Title}
		for _, k := range f.Kinds {
			row.Views = append(row.Views, k.Name+" ("+sourceNames(k.Sources)+")")
		}
		r.Formats = append(r.Formats, row)
	}
	for _, x := range envelope.All() {
		r.Envelopes = append(r.Envelopes, x.Name)
	}
	r.Envelopes = append(r.Envelopes, envelope.BinaryJournal, envelope.ExportedJournal)
	r.Codes = finding.Codes()
	r.Containers, r.Unreadable = source.Readable(), source.Unreadable()
	return r
}

func sourceNames(list []parsers.LogSource) string {
	out := ""
	for i, s := range list {
		if i > 0 {
			out += ", "
		}
		out += s.Product
		for _, part := range [...]string{s.Category, s.Service} {
			if part != "" {
				out += "/" + part
			}
		}
	}
	return out
}

func listFormats(c *cli.Context, e *env) error {
	r := describeFormats()
	if c.Bool("json") {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "FORMAT\tWHAT IT IS")
	for _, f := range r.Formats {
		fmt.Fprintf(w, "%s\t%s\n", f.Name, f.Title)
		for _, v := range f.Views {
			fmt.Fprintf(w, "\t  seen by rules as %s\n", v)
		}
	}
	printList(w, "taken out of", r.Envelopes)
	printList(w, "unpacked from", r.Containers)
	printList(w, "named, not read", r.Unreadable)
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, "\nCODE\tIS A\tWHAT IT SAYS")
	for _, c := range r.Codes {
		fmt.Fprintf(w, "%s\t%s\t%s\n", c.Name, c.Kind, c.Meaning)
	}
	return w.Flush()
}

func printList(w *tabwriter.Writer, title string, list []string) {
	for i, s := range list {
		if i > 0 {
			title = ""
		}
		fmt.Fprintf(w, "%s\t%s\n", title, s)
	}
}
