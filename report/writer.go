package report

import "tideline/scanner/finding"

// A Writer writes one report. One goroutine uses it. It does not close what it
// writes to. The findings it is given are borrowed until Write returns, and shared
// with other writers; it must not change them.
type Writer interface {
	// Begin is called once, first.
	Begin(*finding.Overview) error
	// Write is called for each finding, in event-time order.
	Write(*Shown) error
	// Close ends the report and flushes it.
	Close() error
}

// A MaskCounter is a Writer that knows how many sightings of secrets it has masked.
// Those are that write all findings.
type MaskCounter interface{ Masked() int64 }
