package scanner

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"tideline/parsers"
	"tideline/scanner/baseline"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/state"
	"tideline/scanner/tally"
)

// Conclude is the Conclude of everything that was ever read. It leaves in the
// state to be committed from where the next nights go on.
func (n *Night) Conclude(ctx context.Context, rules *ruleset.Ruleset, formats []*parsers.Format, o ReportOptions) (*Report, error) {
	if err := n.unlearn(o.Baseline); err != nil {
		return nil, err
	}
	c := newConcluder(ctx, rules, formats, o)
	defer c.close()
	c.whole = true // what was told once and is quiet now must not look as if it were gone
	floor := time.Time{}
	if n.base != nil {
		c.span.base, floor = &n.base.checkpoint, n.base.At
	}
	level := state.InRecent
	if at := n.next.Newest.Add(-n.keep); n.roll && at.After(floor) {
		c.span.marks, floor, level = append(c.span.marks, at), at, state.InPast
	}
	c.span.marks = append(c.span.marks, finding.Later(floor, n.recentAt()))
	c.span.marked = func(stopped *checkpoint) error {
		if len(c.span.marks) > 0 {
			return n.stop(c, stopped, &n.next.Past)
		}
		return n.stop(c, stopped, &n.next.Recent)
	}
	r, err := c.run([]*Partial{n.Partial})
	if err == nil {
		n.cover(level)
	}
	return r, err
}

// unlearn gives up the checkpoint of the last night if what was judged new
// before it would be judged otherwise by now: late evidence may hold habits of
// before. News of after it change nothing.
func (n *Night) unlearn(given *baseline.Baseline) error {
	if n.level != state.InRecent {
		return nil
	}
	var habits *baseline.Index
	if given != nil {
		habits = given.IndexFor(n.Partial.Aggregates.Nameless())
	} else {
		habits = n.Partial.Aggregates.Baseline().FirstPart()
	}
	if n.base.Firsts.judgedBy(habits, n.base.At) {
		return nil
	}
	n.reader.outdated = true
	if err := n.Close(); err != nil {
		return err
	}
	n.level = state.InNone
	return n.reader.gather()
}

// recentAt is the moment before which the next nights expect no news.
func (n *Night) recentAt() time.Time {
	at := n.next.Newest.Add(-recentWindow)
	for i := range n.next.Sources {
		s := &n.next.Sources[i]
		last := len(s.Parts) - 1
		if last < 0 || !n.waits(s, last) {
			continue
		}
		if g := s.Parts[last]; g.Hits > 0 && g.First.Before(at) {
			at = g.First
		}
	}
	return at
}

// stop stores a checkpoint.
func (n *Night) stop(c *concluder, stopped *checkpoint, to **state.Checkpoint) error {
	b := &nightBase{checkpoint: *stopped, sums: n.sums, entries: n.entries}
	if err := n.settleBefore(c, b); err != nil {
		return err
	}
	g, err := n.store.Put(func(w io.Writer) error { return b.write(w, n.next.Newest.Add(-forgetAfter)) })
	if err != nil {
		return err
	}
	*to = &state.Checkpoint{Segment: g, At: stopped.At}
	return nil
}

// settleBefore counts in b the parted events of before it: its acts have them.
func (n *Night) settleBefore(c *concluder, b *nightBase) (err error) {
	before := NewPartial(n.limit)
	defer func() { err = errors.Join(err, before.Close()) }()
	if err := n.Partial.parted.Each(func(l *partedEvent) error {
		if !l.Time.Before(b.At) {
			return nil
		}
		copied := *l
		return before.parted.Add(&copied)
	}); err != nil || before.parted.Len() == 0 {
		return err
	}
	settled, err := settle(c.ctx, []*Partial{before}, c.rules, c.formats)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, settled.Close()) }()
	sums := tally.NewAggregates()
	sums.Merge(b.sums)
	sums.Merge(settled.Aggregates)
	entries := map[string][]finding.Entry{}
	for key, list := range b.entries {
		entries[key] = slices.Clone(list)
		joinedEvents(entries[key], settled.Ledger)
	}
	b.sums, b.entries = sums, entries
	return nil
}

// cover marks the segments that the checkpoints hold, and drops those that
// only Past needs from now on.
func (n *Night) cover(level state.Coverage) {
	x := &n.next
	var sources []state.Source
	x.Recent.Covers = 0
	for i := range x.Sources {
		s := x.Sources[i]
		var parts []state.Segment
		if s.Carry != nil && s.ModTime < n.next.Newest.Add(-restWindow).UnixNano() {
			s.Carry, s.CutHash = nil, nil // large, and if it grows after all, it is read again
		}
		for j, g := range s.Parts {
			if n.waits(&s, j) {
				parts = append(parts, g)
				continue
			}
			g.Covered = max(g.Covered, level)
			if g.Covered == state.InPast && (g.Hits == 0 || g.Last.Before(x.Past.At)) {
				s.Dropped++
				continue
			}
			x.Recent.Covers++
			parts = append(parts, g)
		}
		s.Parts = parts
		sources = append(sources, s)
	}
	x.Sources = sources
}
