package scanner

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/ledger"
	"tideline/scanner/pending"
	"tideline/scanner/ruleset"
	"tideline/scanner/text"
)

// Settle joins the events that rotations parted, and matches and counts them
// and those that turned out to be whole, as Conclude does. It is for those who
// look at p itself, and nothing is to be added to p afterwards.
func (p *Partial) Settle(ctx context.Context, rules *ruleset.Ruleset, formats []*parsers.Format) error {
	more, err := settle(ctx, []*Partial{p}, rules, formats)
	if err != nil {
		return err
	}
	p.Aggregates.Merge(more.Aggregates)
	joinedEvents(p.Ledger, more.Ledger)
	if p.spilled != nil {
		p.joined = append(p.joined, more.Ledger...)
	}
	err = errors.Join(more.EachHit(p.AddHit), more.Close(), p.parted.Close())
	p.parted = newPartedSorter(0)
	return err
}

// settle returns what has to be added to partials, which stay as they are. Its
// ledger says how many events fewer each source has, since one that was seen in
// two files is one: Events is negative; and how far the rules reached into the
// settled events of each. The caller closes it.
//
// The result depends on the records alone, not on how the files of a set were
// dealt out to workers, machines and nights.
func settle(ctx context.Context, partials []*Partial, rules *ruleset.Ruleset, formats []*parsers.Format) (*Partial, error) {
	out := NewPartial(0)
	s := &settler{ctx: ctx, formats: formats, rules: rules, out: out, sink: newSink(newKits(rules), &hitBuffer{partial: out}), reached: map[string]*ledger.Reach{}}
	err := eachParted(partials, s.take)
	if err == nil {
		err = s.flush()
	}
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	out.Aggregates.Merge(s.sink.tally.Take())
	for _, path := range text.Keys(s.reached) {
		r := s.reached[path]
		out.Ledger = append(out.Ledger, finding.Entry{Path: path, Details: text.Keys(r.Details), Matched: text.Keys(r.Matched)})
	}
	return out, nil
}

// A settler holds the parts of one event.
type settler struct {
	ctx     context.Context
	formats []*parsers.Format
	rules   *ruleset.Ruleset
	out     *Partial
	sink    *sink
	parts   []*partedEvent
	reached map[string]*ledger.Reach // by path of a stream
}

// take is given the parts of an event one after the other.
func (s *settler) take(e *partedEvent) error {
	if n := len(s.parts); n > 0 && !s.parts[n-1].goesOn(e) {
		if err := s.flush(); err != nil {
			return err
		}
	}
	s.parts = append(s.parts, e)
	return s.ctx.Err()
}

// goesOn reports whether next has records of the same event, in a newer file.
func (e *partedEvent) goesOn(next *partedEvent) bool {
	return e.rotated() == next.rotated() && e.Format == next.Format && string(e.Key) == string(next.Key) &&
		e.Path != next.Path && e.Tail && next.Head
}

// flush makes an event of the parts in hand.
func (s *settler) flush() error {
	if len(s.parts) == 0 {
		return nil
	}
	parts := make([]parsers.Parted, len(s.parts))
	for i, e := range s.parts {
		parts[i] = e.part()
		if i > 0 {
			s.out.Ledger = append(s.out.Ledger, finding.Entry{Path: e.Path, Events: -1})
		}
		if s.reached[e.Path] == nil {
			r := ledger.NewReach()
			s.reached[e.Path] = &r
		}
	}
	i := slices.IndexFunc(s.formats, func(f *parsers.Format) bool { return f.Name == s.parts[0].Format })
	if i < 0 || s.formats[i].Rejoin == nil {
		return fmt.Errorf("scanner: a partial result has a parted event of format %.100q, which is not known", s.parts[0].Format)
	}
	f, waiting := s.formats[i], &pending.Hits{}
	err := f.Rejoin(parsers.Options{Fields: s.rules.Set.Fields()}, parts, func(ev *parsers.Event) error {
		s.sink.start(s.decisive(ev.Decisive), waiting)
		return s.sink.Event(f, ev)
	})
	told := s.sink.reach()
	waiting.EachRule(told.Match)
	for _, e := range s.parts {
		s.reached[e.Path].Add(&told)
	}
	s.parts = s.parts[:0]
	return errors.Join(err, waiting.Flush(s.sink.partial.add))
}

// decisive is the path of the stream in which the i-th record stands.
func (s *settler) decisive(i int) string {
	for _, e := range s.parts {
		if i -= len(e.Records); i < 0 {
			return e.Path
		}
	}
	return s.parts[0].Path
}
