package scanner

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
	"sync"
	"time"

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
	queue := make(chan *nightInput)
	var group sync.WaitGroup
	var mu sync.Mutex
	for range n.options.workers() {
		group.Go(func() {
			w := &nightWorker{nightReader: n, ctx: ctx, sinks: max(1, n.options.workers()/max(1, len(jobs)))}
			for in := range queue {
				if ctx.Err() != nil {
					continue // drain
				}
				gaps, err := w.input(in)
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
	sortLedger(n.night.Gaps)
	return context.Cause(ctx)
}

// A nightWorker reads one input at a time.
type nightWorker struct {
	*nightReader
	ctx    context.Context
	sinks  int
	worker worker
}

// input reads one input and returns the entries that have gaps.
func (w *nightWorker) input(in *nightInput) ([]finding.Entry, error) {
	var r *nightReading
	var err error
	if in.how == asGrown && in.known.Cut > 0 {
		r, err = w.split(in, &in.known.Source)
	} else if in.in.Size >= w.resume {
		r, err = w.split(in, nil)
	}
	if r == nil && err == nil {
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
	var last source.Member
	p, err := w.collect(in.in, w.options.Source, func(s *source.Stream) {
		if streams++; streams == 1 && s.Path == in.in.Path {
			s.Reader = io.TeeReader(s.Reader, content)
		}
	}, func(m *source.Member) { last = *m })
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	defer p.Close()
	if last.SHA256 == "" {
		return &nightReading{unread: true, entries: p.Ledger}, nil
	}
	r := &nightReading{entries: p.Ledger, source: state.Source{Read: in.in.Path, Size: last.Size, Length: last.Size, Sum: last.SHA256}}
	if streams == 1 && len(p.Ledger) == 1 && content.length == last.Expanded && content.length > 0 {
		r.source.Length, r.source.Sum = content.length, hex.EncodeToString(content.hash.Sum(nil))
		r.source.HeadLen = int64(len(content.head))
		r.source.Head = hexSum(content.head)
	}
	return r, w.keep(in, r, p)
}

// keep stores parts as the segments of r.
func (w *nightWorker) keep(in *nightInput, r *nightReading, parts ...*Partial) error {
	in.seen(&r.source)
	if ends, err := endsOf(in.in.Path, r.source.Size); err == nil {
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
		r.source.Key = orElse(r.source.Key, g.SHA256)
	}
	return nil
}

// span notes in g how many hits and loose events p has, and of what time.
func (p *Partial) span(g *state.Segment) error {
	g.Hits = p.Hits() + p.loose.Len()
	untimed := false
	see := func(t time.Time) error {
		untimed = untimed || t.IsZero()
		g.First, g.Last = earlier(g.First, t), later(g.Last, t)
		return nil
	}
	err := errors.Join(p.EachHit(func(h *finding.Hit) error { return see(h.Time.Time) }),
		p.loose.Each(func(l *loose) error { return see(l.Time.Time) }))
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
	k.collector = &collector{options: w.options, out: &hitBuffer{partial: p}}
	for _, s := range k.sinks {
		s.partial, s.tally = k.out, newTally()
	}
	defer func() {
		if cause := recover(); cause != nil {
			k.read = k.read[:0]
			k.panicked(in.Path, cause)
		}
		for _, s := range k.sinks {
			k.out.merge(s.tally.take())
		}
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

// split reads a plain file in two parts with a clean cut between them: what is
// before it will not be read again, what is behind it will be when the file
// has grown. from is the source that the file has grown from; nil if it is
// new. It returns nil if there is no clean cut, or if the parts do not read
// like the whole would.
func (w *nightWorker) split(in *nightInput, from *state.Source) (*nightReading, error) {
	if in.info == nil || !in.info.Mode().IsRegular() {
		return nil, nil
	}
	f, err := os.Open(in.in.Path)
	if err != nil {
		return nil, nil // whole says why
	}
	defer f.Close() // read only: nothing can be lost
	size := in.info.Size()
	start, lines, sum := int64(0), int64(0), sha256.New()
	if from != nil {
		start, lines = from.Cut, from.Lines
		if err := sum.(encoding.BinaryUnmarshaler).UnmarshalBinary(from.CutHash); err != nil {
			return nil, nil
		}
	}
	cut := cleanCut(f, start, size)
	if cut <= start && from == nil {
		return nil, nil
	}
	cut = max(cut, start)
	return w.readSplit(in, from, f, span{start, cut, size, lines, sum})
}

// A span is a plain file from where reading goes on, with the cut in it.
type span struct {
	start, cut, end int64
	lines           int64     // before start
	sum             hash.Hash // of the bytes before start
}

func (w *nightWorker) readSplit(in *nightInput, from *state.Source, f *os.File, at span) (*nightReading, error) {
	r := &nightReading{source: state.Source{Read: in.in.Path, Size: at.end, Length: at.end, Cut: at.cut}}
	sums := &prefixSums{at: []int64{at.end}, hash: at.sum, length: at.start}
	if from != nil {
		r.source.Read, r.source.Key, r.source.Shown, r.source.From, r.source.Dropped = from.Read, from.Key, from.Shown, from.From, from.Dropped
		r.source.Parts = slices.Clone(from.Parts[:len(from.Parts)-1]) // but what is behind the cut
		sums.at = []int64{from.Length, at.end}
	}
	settled, lines, err := w.readPart(in, r.source.Read, f, at.start, at.cut, at.lines, sums)
	if err != nil {
		return nil, errors.Join(err, settled.Close())
	}
	defer settled.Close()
	r.source.Lines = at.lines + lines
	if r.source.CutHash, err = sums.hash.(encoding.BinaryMarshaler).MarshalBinary(); err != nil {
		return nil, fmt.Errorf("keep a digest: %w", err)
	}
	tail, _, err := w.readPart(in, r.source.Read, f, at.cut, at.end, r.source.Lines, sums)
	if err != nil {
		return nil, errors.Join(err, tail.Close())
	}
	defer tail.Close()
	r.source.Sum = sums.sums[at.end]
	if from != nil && sums.sums[from.Length] != from.Sum || r.source.Sum == "" || !w.cleanly(settled, tail) {
		return nil, nil
	}
	w.identify(&r.source, f, tail)
	r.entries = mergeEntries(slices.Clone(settled.Ledger), tail.Ledger, NewAggregates())
	return r, w.keep(in, r, settled, tail)
}

// identify notes what the whole file is known by, also in the entry that
// stands for it.
func (w *nightWorker) identify(s *state.Source, f *os.File, tail *Partial) {
	head := make([]byte, min(endBytes, s.Length))
	if _, err := f.ReadAt(head, 0); err == nil {
		s.Head, s.HeadLen = hexSum(head), int64(len(head))
	}
	tail.Ledger[0].SHA256, tail.Ledger[0].Size = s.Sum, s.Size
}

// alike reports whether two parts of a file were read as the same format, or
// one of them is empty.
func alike(a, b *Partial) bool {
	if len(a.Ledger) != 1 || len(b.Ledger) != 1 {
		return false
	}
	x, y := &a.Ledger[0], &b.Ledger[0]
	return x.Bytes.Read == 0 || y.Bytes.Read == 0 || x.Format == y.Format && x.Envelope == y.Envelope
}

// cleanly reports whether reading the parts one by one is the same as reading
// the whole: the format keeps nothing from record to record, and no request
// waits for its answer at the cut.
func (w *nightWorker) cleanly(settled, tail *Partial) bool {
	if !alike(settled, tail) || settled.Ledger[0].Format == "" {
		return false
	}
	for _, f := range w.options.Reader.Formats() {
		if f.Name == settled.Ledger[0].Format && f.Stateful {
			return false
		}
	}
	waiting := settled.EachHit(func(h *finding.Hit) error {
		if h.Request != "" && h.Stage == "RequestReceived" {
			return errEnough
		}
		return nil
	})
	return waiting == nil
}

// readPart reads the bytes from start to end as a stream whose places count
// from the start of the file, and returns the number of lines in it.
func (w *nightWorker) readPart(in *nightInput, path string, f *os.File, start, end, lines int64, sums io.Writer) (*Partial, int64, error) {
	count := &lineCount{}
	o := w.options.Source
	o.Stdin = io.TeeReader(io.NewSectionReader(f, start, end-start), io.MultiWriter(sums, count))
	raw, err := w.collect(source.Input{Path: path, Size: -1}, o, func(*source.Stream) {}, func(*source.Member) {})
	if err != nil || start == 0 {
		return raw, count.lines, err
	}
	defer raw.Close()
	p := NewPartial(w.options.SortLimit)
	p.RulesHash, p.Ledger, p.Aggregates = raw.RulesHash, raw.Ledger, raw.Aggregates
	for i := range p.Ledger {
		for _, list := range [][]finding.Remark{p.Ledger[i].Notes, p.Ledger[i].Gaps} {
			for j := range list {
				list[j].Pos.Offset += start
				list[j].Pos.Line += lines
			}
		}
	}
	err = raw.EachHit(func(h *finding.Hit) error {
		copied := *h
		copied.Source.Offset += start
		copied.Source.Line += lines
		return p.AddHit(&copied)
	})
	if err == nil {
		err = raw.loose.Each(func(l *loose) error { return p.loose.Add(l.moved(start, lines)) })
	}
	return p, count.lines, err
}

type lineCount struct{ lines int64 }

func (c *lineCount) Write(b []byte) (int, error) {
	c.lines += int64(bytes.Count(b, []byte("\n")))
	return len(b), nil
}

// contentHash hashes a content and keeps its head.
type contentHash struct {
	hash   hash.Hash
	head   []byte
	length int64
}

func (c *contentHash) Write(b []byte) (int, error) {
	if room := endBytes - len(c.head); room > 0 {
		c.head = append(c.head, b[:min(room, len(b))]...)
	}
	c.length += int64(len(b))
	return c.hash.Write(b)
}

func sortedLengths(m map[int64][]*knownSource) []int64 {
	out := make([]int64, 0, len(m))
	for n := range m {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// sortKnown makes the choice between equal contents independent of the order
// in which they were found.
func sortKnown(list []*knownSource) {
	slices.SortFunc(list, func(a, b *knownSource) int {
		return cmp.Or(cmp.Compare(b.Length, a.Length), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Sum, b.Sum))
	})
}
