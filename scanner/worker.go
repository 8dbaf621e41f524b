package scanner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/ledger"
	"tideline/scanner/pending"
	"tideline/scanner/source"
	"tideline/scanner/text"
)

// A worker reads one input at a time.
type worker struct {
	*collector
	sinks   []*sink
	resume  *parsers.Carry  // Optional: what the next stream goes on from
	carry   *parsers.Carry  // what the last stream can be gone on from, if it was asked for
	carries bool            // it is asked for
	read    []reading       // streams whose members are not in the ledger yet, the outermost first
	more    ledger.Unlisted // of the current input
}

// A reading is what came of one stream. Its member is entered when it was read
// to its end; bytes found behind it may be read as a stream before that.
type reading struct {
	path    string
	account parsers.Account
	remarks ledger.Remarks
	reach   ledger.Reach
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
	if w.options.Watch != nil {
		w.options.Watch.Reading(s.Path)
	}
	for len(w.sinks) < sinks {
		w.sinks = append(w.sinks, newSink(w.kits, w.out))
	}
	list, spares := make([]parsers.Sink, sinks), make([]parsers.Spares, sinks)
	waiting := &pending.Hits{}
	for i, k := range w.sinks[:sinks] {
		k.start(s.Path, waiting)
		list[i], spares[i] = k, k
	}
	at := source.Attribute(s.Path)
	counted := &counter{r: s}
	in := parsers.Stream{Path: s.Path, Reader: counted,
		Origin: parsers.Origin{Host: at.Host, Cluster: at.Cluster, Container: containerOf(at)}}
	share, giveBack := w.sharing(waiting)
	defer giveBack()
	account, err := w.options.Reader.Read(ctx, in, w.readOptions(spares, share), list)
	w.carry = account.Carry
	for _, k := range w.sinks[:sinks] {
		waiting.Tell(&k.stream.answers)
	}
	r := readingOf(s.Path, account, w.sinks[:sinks])
	if err == nil {
		check(&r.remarks, &account, counted.n)
	}
	for _, k := range w.sinks[1:] {
		k.rest() // of most streams nobody has a share
	}
	waiting.EachRule(r.reach.Match)
	w.read = append(w.read, r)
	return errors.Join(err, waiting.Flush(w.out.add))
}

// readOptions are what the reader of the next stream is told.
func (w *worker) readOptions(spares []parsers.Spares, share func() bool) parsers.ReadOptions {
	rules := w.options.Rules
	return parsers.ReadOptions{
		Options: parsers.Options{Fields: rules.Set.Fields(), Asked: rules.Set.Asked(), Plans: rules.Plans(), Brief: true},
		Format:  w.options.Format, MaxRecord: w.options.MaxRecord,
		Resume: w.resume, Carry: w.carries, Spares: spares, Share: share,
	}
}

// sharing returns what a reader asks before it works on one stream with one core more,
// and what gives back those that it got.
func (w *worker) sharing(p *pending.Hits) (share func() bool, giveBack func()) {
	borrowed := 0
	share = func() bool {
		if !w.options.Source.Cores.Borrow() {
			return false
		}
		if borrowed++; borrowed == 1 {
			p.Share()
		}
		return true
	}
	return share, func() {
		for range borrowed {
			w.options.Source.Cores.Leave()
		}
	}
}

// readingOf takes from the sinks what the ledger needs to know, because they
// serve the next stream.
func readingOf(path string, account parsers.Account, used []*sink) reading {
	r := reading{path: path, account: account, reach: ledger.NewReach()}
	for _, s := range used {
		told := s.reach()
		r.reach.Add(&told)
		for _, m := range s.stream.remarks.List {
			r.remarks.Add(m)
		}
		r.first, r.last = finding.Earlier(r.first, s.stream.first), finding.Later(r.last, s.stream.last)
		r.host, r.cluster = cmp.Or(r.host, s.stream.host), cmp.Or(r.cluster, s.stream.cluster)
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
	var r ledger.Remarks
	if top := len(w.read) - 1; top >= 0 && w.read[top].path == m.Path {
		k := &w.read[top]
		w.read = w.read[:top]
		a := &k.account
		e.Format, e.Envelope, e.Looks = a.Format, a.Envelope, a.Looks
		e.Bytes, e.Records, e.Events = a.Bytes, a.Records, a.Events
		e.First.Time, e.Last.Time, e.Host, e.Cluster = k.first, k.last, k.host, k.cluster
		e.Details, e.Matched = text.Keys(k.reach.Details), text.Keys(k.reach.Matched)
		r = k.remarks
		r.Doubt(&e, m.Doubt)
	} else if !unopened(m) {
		e.Looks = finding.ArchiveLooks // it was unpacked: its members have entries of their own
	}
	r.AddSource(m.Remarks)
	e.Notes, e.Gaps = r.Split(w.options.Strict)
	switch {
	case m.Nesting == 0:
		w.disperse(m.Path)
	case w.more.Takes(&e, w.options.listed):
		w.out.count(e.Format)
		return
	}
	w.out.enter(e, e.Format)
}

// disperse ends an input: the members that are not listed one by one are
// entered together.
func (w *worker) disperse(input string) {
	if rest := w.more.Leave(input); rest != nil {
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
func check(r *ledger.Remarks, a *parsers.Account, delivered int64) {
	if a.Err != nil {
		r.Add(parsers.Remark{Code: "io.read", Gap: true, Pos: parsers.Pos{Offset: a.Bytes.Read},
			Reason: "reading stopped: " + a.Err.Error(), Lift: "copy the file again and scan the copy"})
	}
	if !a.Bytes.Balanced() || a.Bytes.Read != delivered {
		r.Add(parsers.Remark{Code: "internal.identity", Gap: true,
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
		s.stream.answers = s.stream.answers[:0]
	}
	w.problem(path, parsers.Remark{Code: "internal.panic", Gap: true,
		Reason: fmt.Sprintf("tideline failed on this input (%.200v): a defect of tideline; please report it with the input's hash", cause),
		Lift:   "a mended version of tideline"})
}

// failed enters the gap of an input that could not be read on.
func (w *worker) failed(path string, err error) {
	w.problem(path, parsers.Remark{Code: "io.read", Gap: true, Reason: err.Error(),
		Lift: "check that the file is whole and readable, and scan it again"})
}

// problem enters an input of which nothing is known but that gap.
func (w *worker) problem(path string, r parsers.Remark) {
	r.Count = 1
	w.out.enter(finding.Entry{Path: path, Codecs: []string{}, Gaps: []parsers.Remark{r}}, "")
}
