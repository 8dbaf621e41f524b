package scanner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tideline/scanner/finding"
	"tideline/scanner/source"
	"tideline/scanner/state"
	"tideline/scanner/tally"
)

// A Night is one run over evidence that grows: it reads what the state does
// not know, and concludes over everything that was ever read, so that its
// report is the report of one scan. Tell then leaves in it what is new.
//
//	night, err := CollectNight(ctx, args, options, store, maker)
//	report, err := night.Conclude(ctx, ...)
//	told, err := night.Tell(ctx, report, ...)
//	... deliver the report ...
//	err = night.Commit(...)
//
// The report is delivered before Commit: a run that is killed in between tells
// its findings again, and none is lost.
type Night struct {
	Partial *Partial // everything that was ever read; nil if nothing is new. The Night closes it
	Read    int      // sources that were read, wholly or from where they had ended
	Known   int      // sources that were known, and not read
	Notes   []finding.Entry

	// Altered are the files that are not what was read, though they have its
	// name, size and time: somebody changed them and set the time back.
	Altered []string

	// Gaps are the entries of the sources read by this run that could not be
	// read in full, and of what could not be opened.
	Gaps []finding.Entry

	store   *state.Store
	reader  *nightReader
	next    state.Index
	moved   bool // the index changed, though nothing was read
	limit   int  // Options.SortLimit
	keep    time.Duration
	base    *nightBase                 // where to conclude from; nil: from nothing
	roll    bool                       // a new Past is due
	level   state.Coverage             // of the checkpoint that base is
	sums    *tally.Aggregates          // of everything but the last parts of files that may grow
	entries map[string][]finding.Entry // likewise, by Source.Key
}

// CollectNight reads what args name and store does not know. maker is what the
// result depends on besides the evidence and the rules: when it changes,
// everything that is still there is read again. The caller closes the Night.
func CollectNight(ctx context.Context, args []string, o Options, store *state.Store, maker string) (*Night, error) {
	n := &nightReader{
		ctx: ctx, options: o, store: store,
		night: &Night{store: store, next: state.Index{Maker: o.Rules.Hash + " " + maker}, limit: o.SortLimit, keep: keepDefault},
	}
	n.night.reader = n
	if o.Keep > 0 {
		n.night.keep = o.Keep
	}
	return n.run(args)
}

// A nightReader is one CollectNight.
type nightReader struct {
	ctx     context.Context
	options Options
	store   *state.Store
	night   *Night

	known    []*knownSource
	inputs   []*nightInput
	next     []nextSource    // what the next index is made of
	skips    int             // notes on what was found and not opened
	unsound  map[string]bool // checkpoints that are damaged
	outdated bool            // the last night's checkpoint is not to be used
}

// A knownSource is a source of the state, and whether it was met again.
type knownSource struct {
	state.Source
	usable  bool // its segments are there and were made as this run would
	claimed bool
	lost    bool // its segments are damaged, and it is gone
}

// run finds, recognises and reads the inputs. If nothing is new, nothing is concluded,
// unless findings are chosen otherwise than last: some may have been left out then.
func (n *nightReader) run(args []string) (*Night, error) {
	if err := n.recall(); err != nil {
		return nil, err
	}
	if err := n.find(args); err != nil {
		return nil, err
	}
	if err := n.recognise(); err != nil {
		return nil, err
	}
	if n.work() == 0 && len(n.store.Damage) == 0 && (n.store.Index.Choice == n.options.Choice || len(n.known) == 0) {
		n.nextIndex() // files that only moved are remembered
		return n.night, nil
	}
	return n.night, n.gather()
}

// gather reads what is new and loads what the report is made of.
func (n *nightReader) gather() error {
	for {
		if err := n.read(); err != nil {
			return err
		}
		n.nextIndex()
		p := n.plan()
		sound, err := n.verify(p)
		if err != nil {
			return err
		}
		if sound {
			return n.load(p)
		}
	}
}

// recall takes the sources out of the state. Those that were made in another
// way are known, so that they are not told as gone, and read again.
func (n *nightReader) recall() error {
	for _, s := range n.store.Index.Sources {
		there := n.store.Present(&s)
		if !there {
			if err := n.sayLost(&s); err != nil {
				return err
			}
		}
		usable := n.sameMaker() && there && (n.pastUsable() || !needsPast(&s))
		n.known = append(n.known, &knownSource{Source: s, usable: usable})
	}
	return nil
}

// sayLost sets aside what is damaged of s.
func (n *nightReader) sayLost(s *state.Source) error {
	for _, g := range s.Parts {
		if _, err := n.store.Verify(g, lostSegment(s)); err != nil {
			return err
		}
	}
	return nil
}

// find lists the inputs. What is not read is entered like an input that has
// only a remark.
func (n *nightReader) find(args []string) error {
	err := source.Find(n.ctx, args, func(in source.Input) error {
		for _, one := range in.Apart() { // what was read of a file is remembered by its own size
			n.inputs = append(n.inputs, &nightInput{in: one})
		}
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
	n.skips++
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
	err := n.Partial.Close()
	if n.base != nil {
		for _, l := range n.base.acts {
			err = errors.Join(err, l.Close())
		}
	}
	n.Partial, n.base = nil, nil
	return err
}
