package scanner

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"tideline/scanner/finding"
	"tideline/scanner/source"
	"tideline/scanner/state"
)

// A Night is one run over evidence that grows: it reads what the state does
// not know, and concludes over everything that was ever read, so that its
// report is the report of one scan. Tell then leaves in it what is new.
//
//	night, err := CollectNight(ctx, args, options, store, maker)
//	report, err := Conclude(ctx, []*Partial{night.Partial}, ...)
//	told := night.Tell(report, ...)
//	... deliver the report ...
//	err = night.Commit(...)
//
// The report is delivered before Commit: a run that is killed in between tells
// its findings again, and none is lost.
type Night struct {
	Partial *Partial // everything that was ever read; nil if nothing is new. The Night closes it
	Read    int      // sources that were read, wholly or from where they had ended
	Known   int      // sources that were known, and not read
	Gone    int      // sources that are not there any more; what was found in them still counts
	Notes   []finding.Entry

	// Gaps are the entries of the sources read by this run that could not be
	// read in full, and of what could not be opened.
	Gaps []finding.Entry

	store *state.Store
	next  state.Index
	moved bool // the index changed, though nothing was read
}

// minResume is the size from which a grown file is read from where it ended;
// below, it is read again.
const minResume = 64 << 10

// CollectNight reads what args name and store does not know. maker is what the
// result depends on besides the evidence and the rules: when it changes,
// everything that is still there is read again. The caller closes the Night.
func CollectNight(ctx context.Context, args []string, o Options, store *state.Store, maker string) (*Night, error) {
	n := &nightReader{
		ctx: ctx, options: o, store: store, resume: minResume,
		night: &Night{store: store, next: state.Index{Maker: o.Rules.Hash + " " + maker}},
	}
	return n.run(args)
}

// A nightReader is one CollectNight.
type nightReader struct {
	ctx     context.Context
	options Options
	store   *state.Store
	night   *Night
	resume  int64 // minResume, but in tests

	known  []*knownSource
	inputs []*nightInput
}

// A knownSource is a source of the state, and whether it was met again.
type knownSource struct {
	state.Source
	usable  bool // its segments are there and were made as this run would
	claimed bool
}

func (n *nightReader) run(args []string) (*Night, error) {
	n.recall()
	if err := n.find(args); err != nil {
		return nil, err
	}
	if err := n.recognise(); err != nil {
		return nil, err
	}
	if n.work() == 0 && len(n.store.Damage) == 0 {
		n.quiet()
		return n.night, nil
	}
	if err := n.verify(); err != nil {
		return nil, err
	}
	if err := n.read(); err != nil {
		return nil, err
	}
	n.settle()
	return n.night, n.load()
}

// recall takes the sources out of the state. Those that were made in another
// way are known, so that they are not told as gone, and read again.
func (n *nightReader) recall() {
	same := n.store.Index.Maker == n.night.next.Maker
	for _, s := range n.store.Index.Sources {
		n.known = append(n.known, &knownSource{Source: s, usable: same && n.store.Present(&s)})
	}
}

// find lists the inputs. What is not read is entered like an input that has
// only a remark.
func (n *nightReader) find(args []string) error {
	err := source.Find(n.ctx, args, n.options.Source, func(in source.Input) error {
		n.inputs = append(n.inputs, &nightInput{in: in})
		return nil
	}, n.skipped)
	if err != nil {
		return fmt.Errorf("find inputs: %w", err)
	}
	return nil
}

// skipped enters what was found and not opened. It is told anew each night, as
// long as it is there, and is no part of the state.
func (n *nightReader) skipped(s source.Skipped) {
	c := &collector{options: n.options, out: &hitBuffer{partial: &Partial{}}}
	c.skipped(s)
	e := c.out.partial.Ledger[0]
	n.night.Notes = append(n.night.Notes, e)
	if len(e.Gaps) > 0 {
		n.night.Gaps = append(n.night.Gaps, e)
	}
}

// work is the number of inputs that must be read.
func (n *nightReader) work() int {
	count := 0
	for _, in := range n.inputs {
		if in.how != asKnown {
			count++
		}
	}
	return count
}

// quiet ends a night without news. Files that only moved are remembered.
func (n *nightReader) quiet() {
	n.settle()
}

// verify reads the segments that the report will be made of, and turns inputs
// whose segments are damaged into new ones.
func (n *nightReader) verify() error {
	for _, k := range n.known {
		if n.store.Index.Maker != n.night.next.Maker {
			continue
		}
		sound, err := n.store.Verify(&k.Source)
		if err != nil {
			return err
		}
		k.usable = sound
	}
	for _, in := range n.inputs {
		if in.known != nil && !in.known.usable && (in.how == asKnown || in.how == asGrown) {
			in.how = asNew
		}
	}
	return nil
}

// settle makes the index of what is known now.
func (n *nightReader) settle() {
	next := &n.night.next
	for _, in := range n.inputs {
		switch {
		case in.how == asCopy:
			n.night.Notes = append(n.night.Notes, copyEntry(in))
			n.night.Known++
		case in.how == asUnread:
			n.night.Notes = append(n.night.Notes, in.entries...)
		case in.result != nil:
			next.Sources = append(next.Sources, *in.result)
			n.night.Read++
		case in.how == asKnown && in.known != nil:
			s := in.known.Source
			before := s
			in.seen(&s)
			n.night.moved = n.night.moved || s.Path != before.Path || s.Inode != before.Inode || s.ModTime != before.ModTime
			next.Sources = append(next.Sources, s)
			n.night.Known++
		}
	}
	for _, k := range n.known {
		if k.claimed || k.Size == 0 || !k.usable && n.store.Index.Maker == next.Maker {
			continue // met again; or empty; or its segments are damaged, which was said
		}
		next.Sources = append(next.Sources, k.Source)
		n.night.Gone++
	}
	sort.SliceStable(next.Sources, func(i, j int) bool {
		a, b := &next.Sources[i], &next.Sources[j]
		return a.Path < b.Path || a.Path == b.Path && a.Sum < b.Sum
	})
	next.Newest = n.store.Index.Newest
	next.Told = n.store.Index.Told
}

// copyEntry says that a file holds what another one does.
func copyEntry(in *nightInput) finding.Entry {
	return finding.Entry{Path: in.in.Path, Codecs: []string{}, Size: in.in.Size, Gaps: []finding.Remark{}, Notes: []finding.Remark{{
		Code: source.CodeDuplicate, Count: 1, Reason: fmt.Sprintf("the same content as %.200q, which was read", in.known.Path)}}}
}

// load joins all segments into one partial result, with the paths that the
// sources have now.
func (n *nightReader) load() error {
	all := NewPartial(n.options.SortLimit)
	all.RulesHash = n.options.Rules.Hash
	n.night.Partial = all
	taken := map[string]bool{}
	for _, in := range n.inputs {
		taken[in.in.Path] = true
	}
	for i := range n.night.next.Sources {
		s := &n.night.next.Sources[i]
		if err := n.ctx.Err(); err != nil {
			return err
		}
		if err := n.loadSource(all, s, n.shown(s, taken)); err != nil {
			return err
		}
	}
	all.Ledger = append(all.Ledger, n.night.Notes...)
	sortLedger(all.Ledger)
	for _, f := range all.Aggregates.Formats {
		n.night.next.Newest = later(n.night.next.Newest, f.Last.Time)
	}
	return nil
}

// shown is the path of a source in the report. One that is gone may have left
// its name to another.
func (n *nightReader) shown(s *state.Source, taken map[string]bool) string {
	for _, k := range n.known {
		if !k.claimed && k.Sum == s.Sum && k.Path == s.Path && taken[s.Path] {
			return s.Path + "~" + s.Sum[:8]
		}
	}
	return s.Path
}

func (n *nightReader) loadSource(all *Partial, s *state.Source, path string) error {
	whole := NewAggregates()
	var entries []finding.Entry
	for i, g := range s.Parts {
		f, err := n.store.Open(g)
		if err != nil {
			return err
		}
		p, err := ReadPartial(f, n.options.SortLimit)
		f.Close() // read only: nothing can be lost
		if err != nil {
			return fmt.Errorf("read what was found in %q: %w", s.Path, err)
		}
		whole.Merge(p.Aggregates)
		entries = mergeEntries(entries, p.Ledger, i > 0, whole)
		err = p.EachHit(func(h *finding.Hit) error {
			copied := *h
			copied.Source.Path = renamed(h.Source.Path, s.Read, path)
			return all.AddHit(&copied)
		})
		if err == nil {
			err = p.loose.Each(func(l *loose) error {
				copied := *l
				copied.Path, copied.set = renamed(l.Path, s.Read, path), ""
				return all.loose.Add(&copied)
			})
		}
		p.Close() // its runs have no names: nothing is left behind
		if err != nil {
			return err
		}
	}
	for _, e := range entries {
		e.Path = renamed(e.Path, s.Read, path)
		all.Ledger = append(all.Ledger, e)
	}
	all.Aggregates.Merge(whole)
	return nil
}

// renamed gives a path through archives the place that its file has now.
func renamed(path, from, to string) string {
	rest, ok := strings.CutPrefix(path, from)
	if !ok || rest != "" && rest[0] != '!' {
		return path
	}
	return to + rest
}

// mergeEntries makes one ledger entry of the two parts of a file. Other files
// have their entries in one part.
func mergeEntries(have, next []finding.Entry, more bool, sums *Aggregates) []finding.Entry {
	if !more || len(have) != 1 || len(next) != 1 {
		return append(have, next...)
	}
	a, b := &have[0], &next[0]
	a.SHA256, a.Size = b.SHA256, b.Size
	a.Bytes.Read += b.Bytes.Read
	a.Bytes.Events += b.Bytes.Events
	a.Bytes.Notes += b.Bytes.Notes
	a.Bytes.Gaps += b.Bytes.Gaps
	a.Records += b.Records
	a.Events += b.Events
	a.First.Time, a.Last.Time = earlier(a.First.Time, b.First.Time), later(a.Last.Time, b.Last.Time)
	a.Notes, a.Gaps = append(a.Notes, b.Notes...), append(a.Gaps, b.Gaps...)
	a.Host, a.Cluster = orElse(a.Host, b.Host), orElse(a.Cluster, b.Cluster)
	if s := sums.Formats[b.Format]; s != nil && a.Format == b.Format {
		s.Sources-- // each part counted the source
	}
	return have
}

// Empty reports whether no event of a known format was ever read.
func (n *Night) Empty() bool {
	if n.Partial == nil {
		return n.next.Newest.IsZero()
	}
	for _, f := range n.Partial.Aggregates.Formats {
		if f.Events > 0 || !f.Last.IsZero() {
			return false
		}
	}
	return true
}

// Close frees the temporary files of Partial. The store stays open.
func (n *Night) Close() error {
	if n == nil || n.Partial == nil {
		return nil
	}
	return n.Partial.Close()
}
