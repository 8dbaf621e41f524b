package main

import (
	"encoding/json"
	"io"
	"strings"

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
		Flags:  programFlags("json"),
		Action: func(c *cli.Context) error { return listFormats(c, e) },
	}
}

func newReader() parsers.Reader { return formats.NewReader() }

// A readable is what `tideline formats -f json` says.
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
	r.Envelopes = append(r.Envelopes, envelope.BinaryJournal, envelope.ExportedJournal, envelope.DockerLocal)
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
	document, err := forPrograms(c, "json")
	if err != nil {
		return err
	}
	if document {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	_, err = io.WriteString(e.stdout, formatsText(&r, terminalWidth(e.stdout)))
	return err
}

// formatsText is what `tideline formats` prints, in lines of at most width columns; 0
// is no limit, so that grep finds a code with its meaning.
func formatsText(r *readable, width int) string {
	const column = 20
	var b strings.Builder
	b.WriteString("FORMATS\n")
	for _, f := range r.Formats {
		entry(&b, width, f.Name, f.Title, column)
		for _, v := range f.Views {
			entry(&b, width, "", "seen by rules as "+v, column+2)
		}
	}
	lists := []struct {
		title string
		names []string
	}{{"taken out of", r.Envelopes}, {"unpacked from", r.Containers}, {"named, not read", r.Unreadable}}
	for _, l := range lists {
		entry(&b, width, l.title, strings.Join(l.names, ", "), column)
	}
	b.WriteString("\nCODES OF NOTES AND GAPS  (a note leaves a scan complete, a gap does not)\n")
	for _, c := range r.Codes {
		entry(&b, width, c.Name, c.Kind+": "+c.Meaning, 26)
	}
	return b.String()
}
