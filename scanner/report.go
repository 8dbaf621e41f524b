package scanner

import (
	"context"

	"tideline/scanner/finding"
	"tideline/scanner/spill"
)

// A Report is the result of Conclude: everything a report says. The caller
// closes it.
type Report struct {
	Overview finding.Overview
	findings *spill.Sorter[finding.Finding]
	reported func(*finding.Finding) bool
	amend    func(*finding.Finding) *finding.Finding // Optional: what is shown in its place
}

// Each calls f for every reported finding in event-time order. It may be
// called more than once; f must not change the finding.
func (r *Report) Each(ctx context.Context, f func(*finding.Finding) error) error {
	return r.findings.Each(func(x *finding.Finding) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !r.reported(x) {
			return nil
		}
		if r.amend != nil {
			x = r.amend(x)
		}
		return f(x)
	})
}

// Close frees temporary files.
func (r *Report) Close() error { return r.findings.Close() }
