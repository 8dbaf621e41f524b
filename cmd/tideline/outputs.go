package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/finding"
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
		out := output{path: name}
		if strings.HasSuffix(name, ".partial") {
			out.partial = true
		} else if f, ok := report.ByExtension(name); ok {
			out.format = f
		} else {
			return nil, usageError("-o %q: the format follows from the extension, and this is none of those known: %s .partial", name, extensions())
		}
		if err := outsideEvidence(name, evidence); err != nil {
			return nil, err
		}
		outs = append(outs, out)
	}
	if toStdout {
		if w, closed := e.stdout.(closedStdout); closed { // say so before the work is done
			_, err := w.Write(nil)
			return nil, err
		}
		name := c.String("format")
		if name == "" {
			name = "ndjson"
			if isTerminal(e.stdout) {
				name = "table"
			}
		}
		f, ok := report.ByName(name)
		if !ok {
			return nil, usageError("-f %.40q: want one of %s", name, strings.Join(formatNames(), " "))
		}
		outs = append(outs, output{format: f})
	}
	return outs, nil
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
	if err != nil {
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

// errReaderLeft says that the reader of standard output went away.
var errReaderLeft = errors.New("the reader of standard output went away")

// deliver writes all reports in one pass over the findings.
func deliver(ctx context.Context, e *env, outs []output, r *scanner.Report, o report.Options, partial *scanner.Partial) error {
	d := &delivery{}
	for _, out := range outs {
		if err := d.open(e, out, o, partial); err != nil {
			return d.abort(err)
		}
	}
	if err := d.begin(&r.Overview); err != nil {
		return d.abort(err)
	}
	if err := r.Each(ctx, d.write); err != nil {
		return d.abort(err)
	}
	return d.close()
}

// A delivery is a set of reports being written.
type delivery struct{ sheets []*sheet }

// A sheet is one report being written.
type sheet struct {
	name   string
	writer report.Writer // nil for a partial result
	buffer *bufio.Writer
	file   *report.File // nil for standard output
}

func (d *delivery) open(e *env, out output, o report.Options, partial *scanner.Partial) error {
	s := &sheet{name: "standard output"}
	var w io.Writer = e.stdout
	if out.path != "" {
		f, err := report.Create(out.path)
		if err != nil {
			return deliveryError(out.path, err)
		}
		s.name, s.file, w = out.path, f, f
	}
	s.buffer = bufio.NewWriterSize(w, 64<<10)
	d.sheets = append(d.sheets, s)
	if out.partial {
		return s.fail(scanner.WritePartial(s.buffer, partial))
	}
	if out.path != "" { // a file is the same whatever terminal it was ordered on
		o.Color, o.AllBlind, o.Width, o.Height = false, true, 0, 0
	}
	s.writer = out.format.New(s.buffer, o)
	return nil
}

func (d *delivery) begin(o *finding.Overview) error {
	for _, s := range d.sheets {
		if s.writer == nil {
			continue
		}
		if err := s.fail(s.writer.Begin(o)); err != nil {
			return err
		}
	}
	return nil
}

func (d *delivery) write(f *finding.Finding) error {
	for _, s := range d.sheets {
		if s.writer == nil {
			continue
		}
		if err := s.fail(s.writer.Write(f)); err != nil {
			return err
		}
	}
	return nil
}

// close ends all reports first, and publishes files only when all are whole.
func (d *delivery) close() error {
	for _, s := range d.sheets {
		var err error
		if s.writer != nil {
			err = s.writer.Close()
		}
		if err = s.fail(errors.Join(err, s.buffer.Flush())); err != nil {
			return d.abort(err)
		}
	}
	for i, s := range d.sheets {
		if s.file == nil {
			continue
		}
		if err := s.file.Commit(); err != nil {
			rest := &delivery{sheets: d.sheets[i+1:]}
			return rest.abort(deliveryError(s.name, err))
		}
	}
	return nil
}

// abort leaves no file behind and returns err.
func (d *delivery) abort(err error) error {
	for _, s := range d.sheets {
		if s.file != nil {
			err = errors.Join(err, s.file.Abort())
		}
	}
	return err
}

func (s *sheet) fail(err error) error {
	switch {
	case err == nil:
		return nil
	case s.file == nil && errors.Is(err, syscall.EPIPE):
		return errReaderLeft
	}
	return deliveryError(s.name, err)
}

func deliveryError(name string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &exitError{exitDelivery, errors.Join(errors.New("could not deliver the report to " + name + ": " + err.Error()))}
}
