package scanner

import (
	"context"
	"slices"

	"tideline/scanner/finding"
	"tideline/scanner/ledger"
	"tideline/scanner/spill"
	"tideline/scanner/tally"
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

// Accounts are what partials say of all that was read, besides the hits.
type accounts struct {
	aggregates  *tally.Aggregates
	ledger      []finding.Entry
	long        *longEntries // Optional: in place of ledger
	interrupted bool
}

// newAccounts joins those of partials; strict makes gaps of notes. Aggregates that are all there is are not
// copied: they must stay as they are.
func newAccounts(partials []*Partial, settled *Partial, strict bool) accounts {
	var a accounts
	sums := []*tally.Aggregates{settled.Aggregates}
	for _, p := range partials {
		sums = append(sums, p.Aggregates)
		a.interrupted = a.interrupted || p.Interrupted
	}
	a.aggregates = tally.Sum(sums)
	if isLong(partials) {
		joined := slices.Clip(settled.Ledger)
		for _, p := range partials {
			joined = append(joined, p.joined...)
		}
		a.long = &longEntries{partials, joined}
		return a
	}
	for _, p := range partials {
		a.ledger = append(a.ledger, p.Ledger...)
	}
	sortLedger(a.ledger)
	joinedEvents(a.ledger, settled.Ledger)
	ledger.NoteCopies(a.ledger, strict)
	return a
}

// eachEntry calls f for every entry of all ledgers.
func (a *accounts) eachEntry(ctx context.Context, f func(*finding.Entry)) error {
	each := func(e *finding.Entry) error {
		f(e)
		return ctx.Err()
	}
	if a.long != nil {
		return a.long.Each(each)
	}
	for i := range a.ledger {
		if err := each(&a.ledger[i]); err != nil {
			return err
		}
	}
	return nil
}
