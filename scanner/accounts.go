package scanner

import (
	"context"
	"slices"

	"tideline/scanner/finding"
	"tideline/scanner/tally"
)

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
	noteCopies(a.ledger, strict)
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
