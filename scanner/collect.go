package scanner

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/ledger"
	"tideline/scanner/source"
)

// Collect reads everything that args name and returns what it found. It is an
// error only if the run itself could not be done; what could not be read is in
// the ledger. When ctx ends early, Collect returns what it has, with
// Interrupted set, and ctx's error. The caller closes the Partial.
func Collect(ctx context.Context, args []string, o Options) (*Partial, error) {
	p := NewPartial(o.SortLimit)
	p.RulesHash, p.long = o.Rules.Hash, longLedger
	if o.held > 0 {
		p.long = o.held
	}
	if !o.KeepEvery {
		p.echoes = echo.New()
	}
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	o.Source.Cores = source.NewCores(o.cores())
	c := &collector{options: o, kits: newKits(o.Rules), out: &hitBuffer{partial: p, watch: o.Watch}}
	if o.Below != "" {
		c.out.lean = o.Rules.Lean(actorLevel(o.Below))
	}

	inputs := make(chan job)
	var workers sync.WaitGroup
	for range o.workers() {
		workers.Go(func() {
			if err := c.work(inner, inputs); err != nil {
				cancel(err)
			}
		})
	}
	err := c.find(inner, args, inputs)
	close(inputs)
	workers.Wait()
	o.Rules.ForgetViews()
	p.Aggregates.Bound()
	sortLedger(p.Ledger)
	if failed := c.out.failure(); failed != nil {
		return p, failed
	}
	if cause := context.Cause(inner); cause != nil && ctx.Err() == nil {
		return p, cause
	}
	if ctx.Err() != nil {
		p.Interrupted = true
		return p, ctx.Err()
	}
	if err == nil {
		err = hitError(p.hits.Rest())
	}
	return p, err
}

// A collector is the state that the workers of one Collect share.
type collector struct {
	options Options
	kits    *kits
	out     *hitBuffer
}

// A job is one input, and how many sinks may share its streams.
type job struct {
	input source.Input
	sinks int
}

// sortWindow is how many inputs are known at once, to start with the largest.
const sortWindow = 4096

// sinksFor is how many sinks the streams of an input may be shared between: all
// workers' if it is alone, and two at least, for when other workers have nothing
// left to do.
func sinksFor(workers, inputs int) int { return min(workers, max(2, workers/max(1, inputs))) }

// find walks the arguments and hands the inputs out, within a window in order.
func (c *collector) find(ctx context.Context, args []string, jobs chan<- job) error {
	var window []source.Input
	windows := 0
	flush := func() error {
		c.inOrder(ctx, window)
		sinks := sinksFor(c.options.workers(), max(len(window), windows*sortWindow))
		for _, in := range window {
			select {
			case jobs <- job{in, sinks}:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		window = window[:0]
		return nil
	}
	err := source.Find(ctx, args, func(in source.Input) error {
		window = append(window, in)
		if len(window) < sortWindow {
			return nil
		}
		windows++
		return flush()
	}, c.skipped)
	if err != nil {
		return fmt.Errorf("find inputs: %w", err)
	}
	return flush()
}

// skipped enters what was found and not opened into the ledger.
func (c *collector) skipped(s source.Skipped) {
	var r ledger.Remarks
	r.AddSource([]source.Remark{s.Remark})
	e := finding.Entry{Path: s.Path, Codecs: []string{}}
	e.Notes, e.Gaps = r.Split(c.options.Strict)
	c.out.enter(e, "")
}

// work takes inputs until there are no more. Its sinks live as long as it does.
func (c *collector) work(ctx context.Context, jobs <-chan job) error {
	w := &worker{collector: c}
	for j := range jobs {
		if ctx.Err() != nil {
			continue // drain, so that find is not left waiting
		}
		c.options.Source.Cores.Enter()
		err := errors.Join(w.input(ctx, j), c.out.failure())
		c.options.Source.Cores.Leave()
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
	for _, s := range w.sinks {
		s.rest()
		c.out.merge(s.tally)
	}
	return nil
}
