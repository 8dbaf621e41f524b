package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/finding"
)

// errReaderLeft says that the reader of standard output went away.
var errReaderLeft = errors.New("the reader of standard output went away")

// deliver writes all reports in one pass over the findings. If the reader of
// standard output goes away, the reports that go to files are written all the same,
// and the error is errReaderLeft.
func deliver(ctx context.Context, e *env, outs []output, r *scanner.Report, o report.Options, partial *scanner.Partial) error {
	d := &delivery{drafts: e.drafts}
	for _, out := range outs {
		if err := d.open(e, out, o, partial); err != nil {
			return d.abort(err)
		}
	}
	if err := d.begin(&r.Overview); err != nil {
		return d.abort(err)
	}
	d.start()
	err := r.Each(ctx, d.write)
	if failed := d.finish(); failed != nil {
		err = failed
	}
	if err != nil {
		return d.abort(err)
	}
	err = d.close()
	r.Overview.Summary.Masked = d.masked() // not before: no report depends on what the others are
	return err
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
	batch  []*finding.Finding
	failed atomic.Bool // one of the sheets did: there is no use in going on
	work   sync.WaitGroup
}

// deliveryBatch is how many findings are handed over at once. A few batches are
// held for each sheet, and findings quote evidence: they must not be many.
const deliveryBatch = 16

// A sheet is one report being written.
type sheet struct {
	name    string
	writer  report.Writer // nil for a partial result
	buffer  *bufio.Writer
	file    *report.File // nil for standard output
	batches chan []*finding.Finding
	err     error // of writing them
	left    bool  // its reader went away, and there are others to write
}

func (d *delivery) open(e *env, out output, o report.Options, partial *scanner.Partial) error {
	s := &sheet{name: "standard output"}
	var w io.Writer = e.stdout
	if out.path != "" {
		f, err := e.drafts.create(out.path)
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
		if err := d.spare(s, s.fail(s.writer.Begin(o))); err != nil {
			return err
		}
	}
	return nil
}

// spare is err, or nil if it is the reader of one of several reports that went away:
// `| head` must not cost the reports that go to files. s is written no more.
func (d *delivery) spare(s *sheet, err error) error {
	if errors.Is(err, errReaderLeft) && len(d.sheets) > 1 {
		s.left = true
		return nil
	}
	return err
}

// start lets every sheet wait for findings.
func (d *delivery) start() {
	for _, s := range d.sheets {
		if s.writer == nil {
			continue
		}
		s.batches = make(chan []*finding.Finding, 1)
		d.work.Go(func() {
			for batch := range s.batches {
				if s.err == nil && !s.left {
					s.err = d.spare(s, s.write(batch))
				}
				if s.err != nil {
					d.failed.Store(true)
				}
			}
		})
	}
}

// errSheetFailed ends the reading of findings; finish has the reason.
var errSheetFailed = errors.New("a report could not be written")

// write gives f to all sheets, which share it and do not change it.
func (d *delivery) write(f *finding.Finding) error {
	if d.batch = append(d.batch, f); len(d.batch) >= deliveryBatch {
		d.send()
	}
	if d.failed.Load() {
		return errSheetFailed
	}
	return nil
}

func (d *delivery) send() {
	for _, s := range d.sheets {
		if s.writer != nil {
			s.batches <- d.batch
		}
	}
	d.batch = nil
}

// finish waits until everything is written. Its error is that of the first sheet
// that failed.
func (d *delivery) finish() error {
	d.send()
	var first error
	for _, s := range d.sheets {
		if s.writer != nil {
			close(s.batches)
		}
	}
	d.work.Wait()
	for _, s := range d.sheets {
		first = cmp.Or(first, s.err)
	}
	return first
}

func (s *sheet) write(batch []*finding.Finding) error {
	for _, f := range batch {
		if err := s.fail(s.writer.Write(f)); err != nil {
			return err
		}
	}
	return nil
}

// close ends all reports first, and publishes files only when all are whole.
func (d *delivery) close() error {
	var left error
	for _, s := range d.sheets {
		var err error
		if s.writer != nil && !s.left {
			err = s.writer.Close()
		}
		if !s.left {
			err = d.spare(s, s.fail(errors.Join(err, s.buffer.Flush())))
		}
		if err != nil {
			return d.abort(err)
		}
		if s.left {
			left = errReaderLeft
		}
	}
	for i, s := range d.sheets {
		if s.file == nil {
			continue
		}
		if err := d.drafts.commit(s.file); err != nil {
			rest := &delivery{drafts: d.drafts, sheets: d.sheets[i+1:]}
			return rest.abort(deliveryError(s.name, err))
		}
	}
	return left
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
