package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/finding"
)

// errReaderLeft says that the reader of standard output went away.
var errReaderLeft = errors.New("the reader of standard output went away")

// deliver writes all reports in one pass over the findings. One that cannot be
// delivered costs none of the others: what they say depends on no other, and reading
// the evidence may have taken hours. The error names all that failed; it is
// errReaderLeft if nothing failed but that the reader of standard output went away.
func (s *session) deliver(ctx context.Context, outs []output, r *scanner.Report, partial *scanner.Partial) error {
	o := s.reportOptions()
	d := &delivery{drafts: s.env.drafts, masker: report.NewMasker(o)}
	for _, out := range outs {
		d.open(s.env, out, o, partial)
	}
	d.begin(&r.Overview)
	d.start()
	err := r.Each(ctx, d.write)
	d.finish()
	if err != nil && !errors.Is(err, errNoSheets) {
		return d.abort(err)
	}
	d.close()
	r.Overview.Summary.Masked = d.masked() // not before: no report depends on what the others are
	return d.outcome()
}

// masked is how many sightings of secrets were masked, if a report says all.
func (d *delivery) masked() (n int64) {
	for _, s := range d.sheets {
		if c, ok := s.writer.(report.MaskCounter); ok {
			n = max(n, c.Masked())
		}
	}
	return n
}

// A delivery is a set of reports being written, each by a goroutine of its own
// while the next findings are read. What one writes depends on no other.
type delivery struct {
	drafts *drafts
	sheets []*sheet
	masker *report.Masker
	batch  []*report.Shown
	failed atomic.Int32 // how many of the sheets did: without any other there is no use in going on
	work   sync.WaitGroup
}

// deliveryBatch is how many findings are handed over at once. A few batches are
// held for each sheet, and findings quote evidence: they must not be many.
const deliveryBatch = 16

// A sheet is one report being written.
type sheet struct {
	name    string        // of the file
	writer  report.Writer // nil for a partial result
	buffer  *bufio.Writer
	file    *report.File // nil for standard output
	batches chan []*report.Shown
	err     error // of writing it: it is written no more
}

// open begins a report, which is written whole if it is a partial result.
func (d *delivery) open(e *env, out output, o report.Options, partial *scanner.Partial) {
	s := &sheet{name: out.path}
	d.sheets = append(d.sheets, s)
	var w io.Writer = e.stdout
	if out.path != "" {
		f, err := e.drafts.create(out.path)
		if err != nil {
			d.fail(s, err)
			return
		}
		s.file, w = f, f
	}
	s.buffer = bufio.NewWriterSize(w, 64<<10)
	if out.partial {
		d.fail(s, scanner.WritePartial(s.buffer, partial))
		return
	}
	if out.path != "" { // a file is the same whatever terminal it was ordered on
		o.Color, o.AllBlind, o.Width, o.Height = false, true, 0, 0
	}
	s.writer = out.format.New(s.buffer, o)
}

// fail says that s could not be written; nil changes nothing.
func (d *delivery) fail(s *sheet, err error) {
	if err == nil || s.err != nil {
		return
	}
	if s.err = deliveryError(s.name, err); s.name == "" {
		s.err = stdoutError(err)
	}
	d.failed.Add(1)
}

func (d *delivery) begin(o *finding.Overview) {
	for _, s := range d.sheets {
		if s.writer != nil {
			d.fail(s, s.writer.Begin(o))
		}
	}
}

// start lets every sheet wait for findings.
func (d *delivery) start() {
	for _, s := range d.sheets {
		if s.writer == nil {
			continue
		}
		s.batches = make(chan []*report.Shown, 1)
		d.work.Go(func() {
			for batch := range s.batches {
				for i := 0; i < len(batch) && s.err == nil; i++ {
					d.fail(s, s.writer.Write(batch[i]))
				}
			}
		})
	}
}

// errNoSheets ends the reading of findings: every report failed.
var errNoSheets = errors.New("no report could be written")

// write gives f to all sheets, which share it and do not change it.
func (d *delivery) write(f *finding.Finding) error {
	if d.batch = append(d.batch, d.masker.Show(f)); len(d.batch) >= deliveryBatch {
		d.send()
	}
	if int(d.failed.Load()) == len(d.sheets) {
		return errNoSheets
	}
	return nil
}

func (d *delivery) send() {
	for _, s := range d.sheets {
		if s.batches != nil {
			s.batches <- d.batch
		}
	}
	d.batch = nil
}

// finish waits until everything is written.
func (d *delivery) finish() {
	d.send()
	for _, s := range d.sheets {
		if s.batches != nil {
			close(s.batches)
		}
	}
	d.work.Wait()
}

// close ends all reports first, and then publishes the files that are whole, and
// leaves none of the others behind.
func (d *delivery) close() {
	for _, s := range d.sheets {
		if s.err == nil && s.writer != nil {
			d.fail(s, s.writer.Close())
		}
		if s.err == nil {
			d.fail(s, s.buffer.Flush())
		}
	}
	for _, s := range d.sheets {
		switch {
		case s.file == nil:
		case s.err == nil:
			d.fail(s, d.drafts.commit(s.file))
		default:
			s.err = errors.Join(s.err, d.drafts.abort(s.file))
		}
	}
}

// outcome is the error of a delivery that was closed.
func (d *delivery) outcome() error {
	var failed []string
	var left error
	whole := 0
	for _, s := range d.sheets {
		switch {
		case s.err == nil:
			whole++
		case errors.Is(s.err, errReaderLeft):
			left = errReaderLeft
		default:
			failed = append(failed, strings.ReplaceAll(s.err.Error(), "\n", ", "))
		}
	}
	if len(failed) == 0 {
		return left
	}
	text := strings.Join(failed, "; ")
	if whole > 0 {
		text += fmt.Sprintf("; %s delivered", counted(whole, "other report"))
	}
	return &exitError{exitDelivery, errors.New(text)}
}

// abort leaves no file behind and returns err.
func (d *delivery) abort(err error) error {
	for _, s := range d.sheets {
		if s.file != nil {
			err = errors.Join(err, d.drafts.abort(s.file))
		}
	}
	return err
}

func deliveryError(name string, err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		err = path.Err
	}
	return &exitError{exitDelivery, fmt.Errorf("could not deliver the report to %s: %w", name, err)}
}

// stdoutError is the error of a write to standard output: errReaderLeft if its
// reader has seen enough.
func stdoutError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EPIPE):
		return errReaderLeft
	}
	return deliveryError("standard output", err)
}
