package scanner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tideline/scanner/finding"
	"tideline/scanner/ledger"
	"tideline/scanner/state"
	"tideline/scanner/tally"
	"tideline/scanner/text"
)

// load joins what the report is made of, with the paths that the sources have
// now: the checkpoint, and the hits behind it.
func (n *nightReader) load(p plan) error {
	night := n.night
	all := NewPartial(night.limit)
	all.RulesHash = n.options.Rules.Hash
	night.Partial, night.sums, night.entries = all, tally.NewAggregates(), map[string][]finding.Entry{}
	if p.from != nil {
		if err := n.loadBase(p); err != nil {
			return err
		}
	}
	rest := tally.NewAggregates()
	for i := range n.next {
		if err := n.ctx.Err(); err != nil {
			return err
		}
		if err := n.loadSource(p, &n.next[i], rest); err != nil {
			return err
		}
		night.next.Sources[i].Shown = n.next[i].name
	}
	all.Aggregates.Merge(night.sums)
	all.Aggregates.Merge(rest)
	all.Ledger = append(all.Ledger, night.Notes...)
	sortLedger(all.Ledger)
	for _, f := range all.Aggregates.Formats {
		night.next.Newest = finding.Later(night.next.Newest, f.Last.Time)
	}
	return nil
}

// loadBase reads the checkpoint that the plan goes on from.
func (n *nightReader) loadBase(p plan) error {
	f, err := n.store.Open(p.from.Segment)
	if err != nil {
		return err
	}
	defer f.Close() // read only: nothing can be lost
	names := map[string]string{}
	for i := range n.next {
		if x := &n.next[i]; x.source.Shown != "" {
			names[x.source.Shown] = x.name
		}
	}
	b, err := readBase(f, n.night.limit, func(path string) string { return renamedIn(names, path) })
	if err != nil {
		return fmt.Errorf("read what was found before %s: %w", p.from.At.Format(time.RFC3339), err)
	}
	n.night.base, n.night.sums, n.night.level = b, b.sums, p.level
	return nil
}

// renamedIn gives a path through archives the name that its file has now.
func renamedIn(names map[string]string, path string) string {
	for at := 0; ; at++ {
		next := strings.IndexByte(path[at:], '!')
		if next < 0 {
			if to, ok := names[path]; ok {
				return to
			}
			return path
		}
		at += next
		if to, ok := names[path[:at]]; ok {
			return to + path[at:]
		}
	}
}

// loadSource adds what x holds that the checkpoint does not. What is behind the
// cut of a file is added to rest.
func (n *nightReader) loadSource(p plan, x *nextSource, rest *tally.Aggregates) error {
	s := &x.source
	var entries []finding.Entry
	if b := n.night.base; b != nil {
		entries = b.entries[s.Key]
	}
	for j, g := range s.Parts {
		if n.night.waits(s, j) {
			n.night.entries[s.Key] = entries
		}
		covered := p.covers(g)
		if covered && !p.open(g) {
			continue
		}
		from := s.From
		if covered {
			from = p.from.At
		}
		part, err := n.loadPart(x, g, from)
		if err != nil {
			return err
		}
		if covered {
			continue
		}
		sums := n.night.sums
		if n.night.waits(s, j) {
			sums = rest
		}
		sums.Merge(part.Aggregates)
		entries = mergeEntries(entries, part.Ledger, sums)
	}
	if last := len(s.Parts) - 1; last < 0 || !n.night.waits(s, last) {
		n.night.entries[s.Key] = entries
	}
	n.night.Partial.Ledger = append(n.night.Partial.Ledger, entries...)
	return nil
}

// loadPart adds the hits of a segment from a time on, and returns the rest of
// it.
func (n *nightReader) loadPart(x *nextSource, g state.Segment, from time.Time) (*Partial, error) {
	f, err := n.store.Open(g)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only: nothing can be lost
	p, err := ReadPartial(f, n.night.limit)
	if err != nil {
		return nil, fmt.Errorf("read what was found in %q: %w", x.source.Path, err)
	}
	defer p.Close() // its runs have no names: nothing is left behind
	for i := range p.Ledger {
		p.Ledger[i].Path = renamed(p.Ledger[i].Path, x.source.Read, x.name)
	}
	err = p.EachHit(func(h *finding.Hit) error {
		if !from.IsZero() && h.Time.Before(from) {
			return nil
		}
		copied := *h
		copied.Source.Path = renamed(h.Source.Path, x.source.Read, x.name)
		return n.night.Partial.AddHit(&copied)
	})
	if err != nil {
		return nil, err
	}
	return p, p.parted.Each(func(l *partedEvent) error {
		if !from.IsZero() && l.Time.Before(from) {
			return nil
		}
		copied := *l
		copied.Path, copied.set = renamed(l.Path, x.source.Read, x.name), ""
		return n.night.Partial.parted.Add(&copied)
	})
}

// renamed gives a path through archives the place that its file has now.
func renamed(path, from, to string) string {
	rest, ok := strings.CutPrefix(path, from)
	if !ok || rest != "" && rest[0] != '!' {
		return path
	}
	return to + rest
}

// mergeEntries makes one ledger entry of two parts of a file. Files with more
// entries have one part.
func mergeEntries(have, next []finding.Entry, sums *tally.Aggregates) []finding.Entry {
	if len(have) == 0 || len(next) != 1 {
		return append(have, next...)
	}
	have = slices.Clone(have)
	a, b := &have[0], &next[0]
	if b.SHA256 != "" {
		a.SHA256, a.Size, a.Codecs = b.SHA256, b.Size, b.Codecs
	}
	a.Bytes.Read += b.Bytes.Read
	a.Bytes.Events += b.Bytes.Events
	a.Bytes.Notes += b.Bytes.Notes
	a.Bytes.Gaps += b.Bytes.Gaps
	a.Records += b.Records
	a.Events += b.Events
	a.First.Time, a.Last.Time = finding.Earlier(a.First.Time, b.First.Time), finding.Later(a.Last.Time, b.Last.Time)
	a.Notes, a.Gaps = mergeRemarks(a.Notes, b.Notes), mergeRemarks(a.Gaps, b.Gaps)
	a.Details, a.Matched = text.Merge(a.Details, b.Details), text.Merge(a.Matched, b.Matched)
	a.Host, a.Cluster = cmp.Or(a.Host, b.Host), cmp.Or(a.Cluster, b.Cluster)
	if s := sums.Formats[b.Format]; s != nil && a.Format == b.Format {
		s.Sources-- // each part counted the source
	}
	return have
}

// mergeRemarks joins the remarks on two parts of a file.
func mergeRemarks(have, next []finding.Remark) []finding.Remark {
	r := ledger.Remarks{List: slices.Clone(have)}
	for _, m := range next {
		r.Add(m)
	}
	r.Sort()
	return r.List
}
