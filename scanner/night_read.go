package scanner

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"slices"
	"sync"
	"time"

	"tideline/scanner/fileid"
	"tideline/scanner/finding"
	"tideline/scanner/source"
	"tideline/scanner/state"
)

// read reads the inputs that are new or grown, largest first, and stores a
// segment or two of each.
func (n *nightReader) read() error {
	var jobs []*nightInput
	for _, in := range n.inputs {
		if in.result == nil && (in.how == asNew || in.how == asGrown) {
			jobs = append(jobs, in)
		}
	}
	slices.SortStableFunc(jobs, func(a, b *nightInput) int { return cmp.Compare(b.in.Size, a.in.Size) })
	ctx, cancel := context.WithCancelCause(n.ctx)
	defer cancel(nil)
	n.options.Source.Cores = source.NewCores(n.options.cores())
	known := newKits(n.options.Rules)
	queue := make(chan *nightInput)
	var group sync.WaitGroup
	var mu sync.Mutex
	for range n.options.workers() {
		group.Go(func() {
			w := &nightWorker{nightReader: n, ctx: ctx, sinks: sinksFor(n.options.workers(), len(jobs)), kits: known}
			for in := range queue {
				if ctx.Err() != nil {
					continue // drain
				}
				n.options.Source.Cores.Enter()
				gaps, err := w.input(in)
				n.options.Source.Cores.Leave()
				if err != nil {
					cancel(err)
					continue
				}
				mu.Lock()
				n.night.Gaps = append(n.night.Gaps, gaps...)
				mu.Unlock()
			}
		})
	}
	for _, in := range jobs {
		queue <- in
	}
	close(queue)
	group.Wait()
	n.succeed(jobs)
	sortLedger(n.night.Gaps)
	return context.Cause(ctx)
}

// A nightWorker reads one input at a time.
type nightWorker struct {
	*nightReader
	ctx    context.Context
	sinks  int
	kits   *kits
	worker worker
}

// input reads one input and returns the entries that have gaps.
func (w *nightWorker) input(in *nightInput) ([]finding.Entry, error) {
	r, err := w.goOn(in)
	if r == nil && err == nil {
		in.how = asNew
		r, err = w.whole(in)
	}
	if err != nil {
		return nil, err
	}
	if r.unread {
		in.how = asUnread
		in.entries = r.entries
	} else {
		in.result = &r.source
	}
	var gaps []finding.Entry
	for _, e := range r.entries {
		if len(e.Gaps) > 0 {
			gaps = append(gaps, e)
		}
	}
	return gaps, nil
}

// A nightReading is the result of one input.
type nightReading struct {
	source  state.Source
	entries []finding.Entry
	unread  bool // it could not be opened or read: it is tried again, and told, each night
}

// whole reads all of an input.
func (w *nightWorker) whole(in *nightInput) (*nightReading, error) {
	content := &contentHash{hash: sha256.New()}
	streams := 0
	heir := &succession{archive: in.in.Path, before: w.predecessors(in)}
	var last source.Member
	p, err := w.collect(in.in, w.options.Source, func(s *source.Stream) {
		heir.open(s)
		if streams++; streams == 1 && s.Path == in.in.Path {
			s.Reader = io.TeeReader(s.Reader, content)
		}
	}, func(m *source.Member) {
		heir.member(m)
		last = *m
	})
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	defer p.Close()
	in.replaces = heir.replaced()
	if last.SHA256 == "" {
		return &nightReading{unread: true, entries: p.Ledger}, nil
	}
	r := &nightReading{entries: p.Ledger, source: state.Source{Read: in.in.Path, Size: last.Size, Length: last.Size, Sum: last.SHA256}}
	if streams == 1 && len(p.Ledger) == 1 && content.length == last.Expanded && content.length > 0 {
		r.source.Length, r.source.Sum = content.length, hex.EncodeToString(content.hash.Sum(nil))
		r.source.HeadLen = int64(len(content.head))
		r.source.Head = fileid.Sum(content.head)
	}
	return r, w.keep(in, r, p)
}

// keep stores parts as the segments of r.
func (w *nightWorker) keep(in *nightInput, r *nightReading, parts ...*Partial) error {
	in.seen(&r.source)
	if ends, err := fileid.Ends(in.in.Path, r.source.Size); err == nil {
		r.source.Ends = ends // else it is compared by content
	}
	for _, p := range parts {
		g, err := w.store.Put(func(out io.Writer) error { return WritePartial(out, p) })
		if err != nil {
			return err
		}
		if err := p.span(&g); err != nil {
			return err
		}
		r.source.Parts = append(r.source.Parts, g)
		r.source.Key = cmp.Or(r.source.Key, g.SHA256)
	}
	return nil
}

// span notes in g how many hits and parted events p has, and of what time.
func (p *Partial) span(g *state.Segment) error {
	g.Hits = p.Hits() + p.parted.Len()
	untimed := false
	see := func(t time.Time) {
		untimed = untimed || t.IsZero()
		g.First, g.Last = finding.Earlier(g.First, t), finding.Later(g.Last, t)
	}
	err := errors.Join(
		p.EachHit(func(h *finding.Hit) error { see(h.Time.Time); return nil }),
		p.parted.Each(func(l *partedEvent) error { see(l.Time.Time); return nil }))
	if untimed {
		g.First = time.Time{}
	}
	return err
}

// collect reads one input into a partial result of its own. It is never nil.
func (w *nightWorker) collect(in source.Input, o source.Options, open func(*source.Stream), done func(*source.Member)) (p *Partial, err error) {
	p = NewPartial(w.options.SortLimit)
	p.RulesHash = w.options.Rules.Hash
	k := &w.worker
	k.collector = &collector{options: w.options, kits: w.kits, out: &hitBuffer{partial: p, watch: w.options.Watch}}
	k.carry = nil
	for _, s := range k.sinks {
		s.begin(k.out)
	}
	defer func() {
		if cause := recover(); cause != nil {
			k.panicked(in.Path, cause)
		}
		k.disperse(in.Path)
		for _, s := range k.sinks {
			k.out.merge(s.tally)
		}
		p.Aggregates.Bound()
		sortLedger(p.Ledger)
	}()
	err = in.Streams(w.ctx, o, func(s *source.Stream) error {
		open(s)
		return k.stream(w.ctx, s, w.sinks)
	}, func(m *source.Member) {
		done(m)
		k.enter(m)
	})
	if err != nil && w.ctx.Err() == nil && !errors.Is(err, errHits) {
		k.failed(in.Path, err)
		err = nil
	}
	return p, err
}

// contentHash hashes a content and keeps its head.
type contentHash struct {
	hash   hash.Hash
	head   []byte
	length int64
}

func (c *contentHash) Write(b []byte) (int, error) {
	if room := fileid.EndBytes - len(c.head); room > 0 {
		c.head = append(c.head, b[:min(room, len(b))]...)
	}
	c.length += int64(len(b))
	return c.hash.Write(b)
}

// sortKnown makes the choice between equal contents independent of the order
// in which they were found.
func sortKnown(list []*knownSource) {
	slices.SortFunc(list, func(a, b *knownSource) int {
		return cmp.Or(cmp.Compare(b.Length, a.Length), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Sum, b.Sum))
	})
}
