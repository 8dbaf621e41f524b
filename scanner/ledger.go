package scanner

import (
	"slices"
	"strings"

	"tideline/scanner/finding"
	"tideline/scanner/item"
	"tideline/scanner/ledger"
	"tideline/scanner/spill"
	"tideline/scanner/text"
)

// longLedger is how many entries of a ledger are held one by one. A tree may have a
// million files, and an entry takes half a kilobyte from when its file was read
// until the last report is written: a longer ledger goes to a sorter, which
// writes it to temporary runs.
const longLedger = 8192

// ledgerLimit is how many bytes of a long ledger are held before a run is written.
const ledgerLimit = 2 << 20

func newEntrySorter() *spill.Sorter[finding.Entry] {
	return &spill.Sorter[finding.Entry]{
		Compare: func(a, b *finding.Entry) int { return strings.Compare(a.Path, b.Path) },
		Size:    entrySize,
		Code:    item.CodeEntry,
		Limit:   ledgerLimit,
	}
}

// entrySize estimates the bytes that an entry takes in memory.
func entrySize(e *finding.Entry) int {
	n := 512 + len(e.Path) + len(e.SHA256) + len(e.Looks)
	for _, list := range [][]finding.Remark{e.Notes, e.Gaps} {
		for i := range list {
			n += 160 + len(list[i].Reason) + len(list[i].Lift)
		}
	}
	return n
}

// enter adds an entry to the ledger.
func (p *Partial) enter(e finding.Entry) error {
	if p.lists == nil {
		p.lists = ledger.Lists{}
	}
	e.Details, e.Matched = p.lists.One(e.Details), p.lists.One(e.Matched)
	if p.spilled != nil {
		return p.spilled.Add(&e)
	}
	p.Ledger = append(p.Ledger, e)
	if p.long > 0 && len(p.Ledger) > p.long {
		return p.spillLedger()
	}
	return nil
}

// spillLedger moves the ledger to a sorter, where the rest of it will go.
func (p *Partial) spillLedger() error {
	p.spilled = newEntrySorter()
	for i := range p.Ledger {
		e := p.Ledger[i] // a copy: the list is let go
		if err := p.spilled.Add(&e); err != nil {
			return err
		}
	}
	p.Ledger = nil
	return nil
}

// EachEntry calls f for every entry of the ledger in order of path. f must neither
// change nor keep the entry.
func (p *Partial) EachEntry(f func(*finding.Entry) error) error {
	return eachEntry([]*Partial{p}, p.joined, f)
}

// eachEntry is EachEntry over several partials; settled is as joinedEvents wants it.
func eachEntry(partials []*Partial, settled []finding.Entry, f func(*finding.Entry) error) error {
	m := spill.Merger[finding.Entry]{Compare: newEntrySorter().Compare}
	for _, p := range partials {
		for _, r := range p.entryReaders() {
			if err := m.Add(r); err != nil {
				return err
			}
		}
	}
	join := newEntryJoiner(settled)
	return m.Each(func(e *finding.Entry) error {
		own := *e
		join.apply(&own)
		return f(&own)
	})
}

// entryReaders yield the ledger in sorted runs.
func (p *Partial) entryReaders() []*spill.Reader[finding.Entry] {
	if p.spilled != nil {
		return p.spilled.Readers()
	}
	list := make([]*finding.Entry, len(p.Ledger))
	for i := range p.Ledger {
		list[i] = &p.Ledger[i]
	}
	slices.SortStableFunc(list, newEntrySorter().Compare)
	return []*spill.Reader[finding.Entry]{spill.Listed(list)}
}

// A longEntries is the ledger of a report that is too long to be held.
type longEntries struct {
	partials []*Partial
	settled  []finding.Entry
}

// Len is the number of entries.
func (l *longEntries) Len() int64 {
	n := int64(0)
	for _, p := range l.partials {
		n += int64(len(p.Ledger))
		if p.spilled != nil {
			n += p.spilled.Len()
		}
	}
	return n
}

// Each calls f for every entry in order of path.
func (l *longEntries) Each(f func(*finding.Entry) error) error {
	return eachEntry(l.partials, l.settled, f)
}

// isLong reports whether one of them has a ledger that is not held.
func isLong(partials []*Partial) bool {
	return slices.ContainsFunc(partials, func(p *Partial) bool { return p.spilled != nil })
}

// An entryJoiner takes the events that were counted twice off the ledger, and
// adds how far the rules reached into those that were settled.
type entryJoiner struct {
	less map[string]int64
	more map[string]*finding.Entry
}

func newEntryJoiner(settled []finding.Entry) *entryJoiner {
	j := &entryJoiner{map[string]int64{}, map[string]*finding.Entry{}}
	for i := range settled {
		e := &settled[i]
		j.less[e.Path] += e.Events
		if len(e.Details)+len(e.Matched) > 0 {
			j.more[e.Path] = e
		}
	}
	return j
}

// apply is for each entry once, in order.
func (j *entryJoiner) apply(e *finding.Entry) {
	if m := j.more[e.Path]; m != nil {
		e.Details, e.Matched = text.Merge(e.Details, m.Details), text.Merge(e.Matched, m.Matched)
	}
	if n := min(-j.less[e.Path], e.Events); n > 0 { // two sources of one path: the first that has them
		e.Events -= n
		j.less[e.Path] += n
	}
}

// joinedEvents applies settled to a ledger that is held.
func joinedEvents(ledger, settled []finding.Entry) {
	j := newEntryJoiner(settled)
	for i := range ledger {
		j.apply(&ledger[i])
	}
}
