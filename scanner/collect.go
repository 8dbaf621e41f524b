package scanner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
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
		p.echoes = newEchoes()
	}
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	o.Source.Cores = source.NewCores(o.cores())
	c := &collector{options: o, out: &hitBuffer{partial: p}}

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
	o.Rules.forgetViews()
	p.Aggregates.bound()
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
		err = hitError(p.hits.rest())
	}
	return p, err
}

// A collector is the state that the workers of one Collect share.
type collector struct {
	options Options
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
	err := source.Find(ctx, args, c.options.Source, func(in source.Input) error {
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
	var r remarks
	r.addSource([]source.Remark{s.Remark})
	e := finding.Entry{Path: s.Path, Codecs: []string{}}
	e.Notes, e.Gaps = r.split(c.options.Strict)
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
		c.out.merge(s.tally)
	}
	return nil
}

// A worker reads one input at a time.
type worker struct {
	*collector
	sinks   []*sink
	resume  *parsers.Carry // Optional: what the next stream goes on from
	carry   *parsers.Carry // what the last stream can be gone on from, if it was asked for
	carries bool           // it is asked for
	read    []reading      // streams whose members are not in the ledger yet, the outermost first
	more    unlisted       // of the current input
}

// A reading is what came of one stream. Its member is entered when it was read
// to its end; bytes found behind it may be read as a stream before that.
type reading struct {
	path    string
	account parsers.Account
	remarks remarks
	reach   reach
	first   time.Time
	last    time.Time
	host    string
	cluster string
}

// input reads one input. A panic is a defect of ours that must cost no more
// than the input it happened in: it becomes a gap.
func (w *worker) input(ctx context.Context, j job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			w.panicked(j.input.Path, r)
		}
		w.disperse(j.input.Path)
	}()
	err = j.input.Streams(ctx, w.options.Source,
		func(s *source.Stream) error { return w.stream(ctx, s, j.sinks) }, w.enter)
	if err != nil && ctx.Err() == nil && !errors.Is(err, errHits) {
		w.failed(j.input.Path, err)
		return nil
	}
	return err
}

// stream runs one stream through the reader.
func (w *worker) stream(ctx context.Context, s *source.Stream, sinks int) error {
	for len(w.sinks) < sinks {
		w.sinks = append(w.sinks, newSink(w.options.Rules, w.out))
	}
	list, spares := make([]parsers.Sink, sinks), make([]parsers.Spares, sinks)
	waiting := &pending{}
	for i, k := range w.sinks[:sinks] {
		if w.resume != nil || w.carries {
			clear(k.spares) // it needs a decoder of its own
		}
		k.start(s.Path, waiting)
		list[i], spares[i] = k, k.spares
	}
	at := source.Attribute(s.Path)
	counted := &counter{r: s}
	in := parsers.Stream{Path: s.Path, Reader: counted, Origin: parsers.Origin{
		Host: at.Host, Cluster: at.Cluster,
		Container: containerOf(at),
	}}
	o := parsers.ReadOptions{Format: w.options.Format, MaxRecord: w.options.MaxRecord}
	rules := w.options.Rules
	o.Fields, o.Asked, o.Plans = rules.Set.Fields(), rules.Set.Asked(), &rules.plans
	o.Brief = true
	o.Resume, o.Carry, o.Spares = w.resume, w.carries, spares
	borrowed := 0
	defer func() {
		for range borrowed {
			w.options.Source.Cores.Leave()
		}
	}()
	o.Share = func() bool {
		if !w.options.Source.Cores.Borrow() {
			return false
		}
		if borrowed++; borrowed == 1 {
			waiting.shared = true // before anybody shares
		}
		return true
	}
	account, err := w.options.Reader.Read(ctx, in, o, list)
	w.carry = account.Carry
	for _, k := range w.sinks[:sinks] {
		waiting.tell(&k.answers)
	}
	r := readingOf(s.Path, account, w.sinks[:sinks])
	if err == nil {
		check(&r.remarks, &account, counted.n)
	}
	waiting.reach(&r.reach)
	w.read = append(w.read, r)
	return errors.Join(err, waiting.flush(w.out))
}

// readingOf takes from the sinks what the ledger needs to know, because they
// serve the next stream.
func readingOf(path string, account parsers.Account, used []*sink) reading {
	r := reading{path: path, account: account, reach: newReach()}
	for _, s := range used {
		told := s.reach()
		r.reach.add(&told)
		for _, m := range s.remarks.list {
			r.remarks.add(m)
		}
		r.first, r.last = earlier(r.first, s.first), later(r.last, s.last)
		r.host, r.cluster = orElse(r.host, s.host), orElse(r.cluster, s.cluster)
	}
	return r
}

// containerOf is the container that a path names: by its id, which runtimes print
// whole or as its first twelve digits, or by name.
func containerOf(at source.Attribution) parsers.Container {
	c := parsers.Container{Pod: at.Pod, Namespace: at.Namespace, Name: at.Container}
	if (len(c.Name) == 64 || len(c.Name) == 12) && strings.Trim(c.Name, "0123456789abcdef") == "" {
		c.ID, c.Name = c.Name, ""
	}
	return c
}

// containerLooks marks the ledger entries of archives: they hold sources and
// are none.
const containerLooks = "archive"

// unopened reports whether nothing of a member could be read.
func unopened(m *source.Member) bool {
	return slices.ContainsFunc(m.Remarks, func(r source.Remark) bool {
		return r.Code == source.CodeDenied || r.Code == source.CodeMissing
	})
}

// enter writes the ledger entry of a member, with the account of its stream if
// it had one.
func (w *worker) enter(m *source.Member) {
	e := finding.Entry{Path: m.Path, Codecs: append([]string{}, m.Codecs...), SHA256: m.SHA256, Size: m.Size}
	var r remarks
	if top := len(w.read) - 1; top >= 0 && w.read[top].path == m.Path {
		k := &w.read[top]
		w.read = w.read[:top]
		a := &k.account
		e.Format, e.Envelope, e.Looks = a.Format, a.Envelope, a.Looks
		e.Bytes, e.Records, e.Events = a.Bytes, a.Records, a.Events
		e.First.Time, e.Last.Time, e.Host, e.Cluster = k.first, k.last, k.host, k.cluster
		e.Details, e.Matched = sortedKeys(k.reach.details), sortedKeys(k.reach.matched)
		r = k.remarks
	} else if !unopened(m) {
		e.Looks = containerLooks // it was unpacked: its members have entries of their own
	}
	r.addSource(m.Remarks)
	e.Notes, e.Gaps = r.split(w.options.Strict)
	switch {
	case m.Nesting == 0:
		w.disperse(m.Path)
	case w.more.takes(&e, w.options.listed):
		w.out.count(e.Format)
		return
	}
	w.out.enter(e, e.Format)
}

// disperse ends an input: the members that are not listed one by one are
// entered together.
func (w *worker) disperse(input string) {
	if rest := w.more.leave(input); rest != nil {
		w.out.enter(*rest, "")
	}
}

// A counter counts what is read of r.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// check holds a stream, which delivered so many bytes, to the identity of promise 1.
func check(r *remarks, a *parsers.Account, delivered int64) {
	if a.Err != nil {
		r.add(parsers.Remark{Code: "io.read", Gap: true, Pos: parsers.Pos{Offset: a.Bytes.Read},
			Reason: "reading stopped: " + a.Err.Error(), Lift: "copy the file again and scan the copy"})
	}
	if !a.Bytes.Balanced() || a.Bytes.Read != delivered {
		r.add(parsers.Remark{Code: "internal.identity", Gap: true,
			Reason: fmt.Sprintf("%d bytes read, but %d accounted for: a defect of tideline; please report it",
				delivered, a.Bytes.Events+a.Bytes.Notes+a.Bytes.Gaps),
			Lift: "a mended version of tideline"})
	}
}

// panicked enters the gap, and makes ready for the next input: what is known of the
// stream that reading broke in is nobody's.
func (w *worker) panicked(path string, cause any) {
	w.read = w.read[:0]
	for _, s := range w.sinks {
		s.reach()
		s.answers = s.answers[:0]
	}
	w.problem(path, parsers.Remark{Code: "internal.panic", Gap: true,
		Reason: fmt.Sprintf("tideline failed on this input (%.200v): a defect of tideline; please report it with the input's hash", cause),
		Lift:   "a mended version of tideline"})
}

func (w *worker) failed(path string, err error) {
	w.problem(path, parsers.Remark{Code: "io.read", Gap: true, Reason: err.Error(),
		Lift: "check that the file is whole and readable, and scan it again"})
}

func (w *worker) problem(path string, r parsers.Remark) {
	r.Count = 1
	w.out.enter(finding.Entry{Path: path, Codecs: []string{}, Gaps: []parsers.Remark{r}}, "")
}
