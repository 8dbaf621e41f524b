package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/report"
)

func formatNames() []string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// An output is one report to be written.
type output struct {
	path    string // "" for standard output
	partial bool   // a partial result instead of a report
	format  report.Format
}

// parseOutputs reads -o and -f. With neither, standard output gets the table
// on a terminal and NDJSON otherwise; with -o and without -f it stays empty.
func parseOutputs(c *cli.Context, e *env, evidence []string) ([]output, error) {
	var outs []output
	toStdout := c.IsSet("format") || !c.IsSet("o")
	for _, name := range c.StringSlice("o") {
		if name == "-" {
			toStdout = true
			continue
		}
		if slices.ContainsFunc(outs, func(o output) bool { return filepath.Clean(o.path) == filepath.Clean(name) }) {
			return nil, usageError("-o %q is given twice: the second report would replace the first", name)
		}
		out, err := fileOutput(e, name, evidence)
		if err != nil {
			return nil, err
		}
		outs = append(outs, out)
	}
	if toStdout {
		out, err := stdoutOutput(e, c.String("format"))
		if err != nil {
			return nil, err
		}
		outs = append(outs, out)
	}
	return outs, nil
}

// fileOutput is the report of a file name, whose extension tells the format. That it
// can be written is found out before the work is done.
func fileOutput(e *env, name string, evidence []string) (output, error) {
	out := output{path: name}
	if strings.HasSuffix(name, ".partial") {
		out.partial = true
	} else if f, ok := report.ByExtension(name); ok {
		out.format = f
	} else {
		return output{}, usageError("-o %q: the format follows from the extension, and this is none of those known: %s .partial", name, extensions())
	}
	if err := outsideEvidence(name, evidence); err != nil {
		return output{}, err
	}
	return out, canBegin(e.drafts, name)
}

// stdoutOutput is the report on standard output, in the format of that name or, if it is
// empty, in the one that fits.
func stdoutOutput(e *env, name string) (output, error) {
	if w, closed := e.stdout.(closedStdout); closed { // say so before the work is done
		_, err := w.Write(nil)
		return output{}, err
	}
	if name == "" {
		name = "ndjson"
		if isTerminal(e.stdout) {
			name = "table"
		}
	}
	f, ok := report.ByName(name)
	if !ok {
		return output{}, usageError("-f %.40q: want one of %s", name, strings.Join(formatNames(), " "))
	}
	return output{format: f}, nil
}

// canBegin finds out whether the report name can be begun, before the work is done
// that it is to tell of.
func canBegin(d *drafts, name string) error {
	f, err := d.create(name)
	if err == nil {
		err = d.abort(f)
	}
	if err != nil {
		return deliveryError(name, err)
	}
	return nil
}

func extensions() string {
	var all []string
	for _, f := range report.Formats() {
		all = append(all, f.Extensions...)
	}
	return strings.Join(all, " ")
}

// outsideEvidence refuses a report that would change the evidence: one inside
// a scanned folder, or in place of an input.
func outsideEvidence(name string, evidence []string) error {
	dir, err := filepath.EvalSymlinks(filepath.Dir(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usageError("-o %q: no such file or directory: make the folder %q first, or write elsewhere", name, filepath.Dir(name))
	case err != nil:
		return usageError("-o %q: %w", name, err)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return usageError("-o %q: %w", name, err)
	}
	target := filepath.Join(dir, filepath.Base(name))
	for _, in := range evidence {
		real, err := filepath.EvalSymlinks(in)
		if err != nil {
			continue // missing: the scan names it
		}
		if real, err = filepath.Abs(real); err != nil {
			return usageError("-o %q: %w", name, err)
		}
		info, err := os.Stat(real)
		if err != nil {
			continue
		}
		inside := info.IsDir() && (strings.HasPrefix(target, strings.TrimSuffix(real, "/")+"/"))
		if inside || target == real {
			return usageError("-o %q lies within the evidence %q, which is never changed: write it elsewhere", name, in)
		}
	}
	return nil
}
