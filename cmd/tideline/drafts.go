package main

import (
	"sync"

	"tideline/report"
)

// drafts are the reports of a run that are begun and neither delivered nor given
// up. A run that is interrupted while it cannot end by itself (the reader of its
// standard output has stopped reading, say) is ended from outside, and must not
// leave half of a report behind. Many goroutines may use it.
type drafts struct {
	mu        sync.Mutex
	open      map[*report.File]bool
	delivered bool // one at least
}

// create is report.Create.
func (d *drafts) create(name string) (*report.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, err := report.Create(name)
	if err != nil {
		return nil, err
	}
	if d.open == nil {
		d.open = map[*report.File]bool{}
	}
	d.open[f] = true
	return f, nil
}

// commit delivers f.
func (d *drafts) commit(f *report.File) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, f)
	err := f.Commit()
	d.delivered = d.delivered || err == nil
	return err
}

// abort gives f up; after commit it does nothing.
func (d *drafts) abort(f *report.File) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, f)
	return f.Abort()
}

// discard gives all of them up, for good: the process is about to end, and who
// wants to deliver or abort one from now on waits for that. It waits for a report
// that is being delivered. What cannot be removed is left, as it would have been.
func (d *drafts) discard() {
	d.mu.Lock()
	d.abortAll()
}

// discardNow is discard, but where a report is being delivered it does nothing.
func (d *drafts) discardNow() {
	if d.mu.TryLock() {
		d.abortAll()
	}
}

func (d *drafts) abortAll() {
	for f := range d.open {
		_ = f.Abort()
	}
}

// leaves says what an interrupted run leaves. The caller has the lock, or is the
// only goroutine left.
func (d *drafts) leaves() string {
	if d.delivered {
		return "its reports had been delivered"
	}
	return "no report was left behind"
}
