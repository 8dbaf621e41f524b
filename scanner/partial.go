package scanner

import (
	"errors"
	"slices"
	"strings"

	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/item"
	"tideline/scanner/ledger"
	"tideline/scanner/spill"
	"tideline/scanner/tally"
)

// A Partial is what Collect yields and Conclude takes: the seam between the
// two halves. Partials merge in any order and grouping to the same result. In
// one process its hits stay in a sorter; across machines and nights WritePartial
// and ReadPartial carry it.
type Partial struct {
	RulesHash   string
	Ledger      []finding.Entry // empty if it is too long to be held: see EachEntry
	Aggregates  *tally.Aggregates
	Interrupted bool

	hits    *spill.Sorter[finding.Hit]
	parted  *spill.Sorter[partedEvent]
	echoes  *echo.Store                  // nil: every hit is kept in full
	lists   ledger.Lists                 // of the ledger
	long    int                          // entries of the ledger that are held; 0 means all
	spilled *spill.Sorter[finding.Entry] // Optional: all of a ledger that is longer; Ledger is empty then
	joined  []finding.Entry              // of a spilled ledger: what Settle found, as joinedEvents wants it
}

// NewPartial returns an empty one that holds up to limit bytes of hits in
// memory; 0 means a default.
func NewPartial(limit int) *Partial {
	return &Partial{Aggregates: tally.NewAggregates(), hits: newHitSorter(limit), parted: newPartedSorter(limit)}
}

func newHitSorter(limit int) *spill.Sorter[finding.Hit] {
	return &spill.Sorter[finding.Hit]{
		Compare: func(a, b *finding.Hit) int { return a.Compare(b) },
		Size:    item.HitSize,
		Code:    item.CodeHit,
		Limit:   limit,
	}
}

// AddHit takes ownership of h.
func (p *Partial) AddHit(h *finding.Hit) error {
	if taken, _, err := p.repeats(h); taken || err != nil {
		return err
	}
	return p.hits.Add(h)
}

// repeats keeps the place of h alone, if that is enough.
func (p *Partial) repeats(h *finding.Hit) (taken bool, template int, err error) {
	if p.echoes == nil {
		return false, -1, nil
	}
	return p.echoes.Take(h)
}

// Hits is the number of hits.
func (p *Partial) Hits() int64 {
	n := p.hits.Len()
	if p.echoes != nil {
		n += p.echoes.Len()
	}
	return n
}

// readers yield the hits in sorted runs. spare is that of echoes.
func (p *Partial) readers(spare *spill.Spares[finding.Hit]) []*spill.Reader[finding.Hit] {
	out := p.hits.Readers()
	if p.echoes != nil {
		out = append(out, p.echoes.Readers(spare)...)
	}
	return out
}

// EachHit calls f for every hit in order. One that repeats another may come
// without its raw record, if it has a principal.
func (p *Partial) EachHit(f func(*finding.Hit) error) error {
	m := spill.Merger[finding.Hit]{Compare: p.hits.Compare}
	for _, r := range p.readers(nil) {
		if err := m.Add(r); err != nil {
			return err
		}
	}
	return m.Each(func(h *finding.Hit) error {
		if err := h.WithEvidence(); err != nil {
			return err
		}
		return f(h)
	})
}

// Join adds o to p; o stays as it is, but shares its hits with p.
func (p *Partial) Join(o *Partial) error {
	p.Aggregates.Merge(o.Aggregates)
	err := o.EachEntry(func(e *finding.Entry) error { return p.enter(*e) })
	sortLedger(p.Ledger)
	p.Interrupted = p.Interrupted || o.Interrupted
	return errors.Join(err, o.EachHit(p.AddHit), o.parted.Each(p.parted.Add))
}

// Close frees temporary files.
func (p *Partial) Close() error {
	err := p.spendHits()
	if p.spilled != nil {
		err = errors.Join(err, p.spilled.Close())
	}
	return err
}

// spendHits lets go of the hits, which were read for the last time.
func (p *Partial) spendHits() error {
	err := errors.Join(p.hits.Close(), p.parted.Close())
	if p.echoes != nil {
		err = errors.Join(err, p.echoes.Close())
		p.echoes = nil
	}
	return err
}

// sortLedger brings entries into the order of reports: by path.
func sortLedger(entries []finding.Entry) {
	slices.SortStableFunc(entries, func(a, b finding.Entry) int { return strings.Compare(a.Path, b.Path) })
}
