package scanner

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"

	"tideline/parsers"
	"tideline/scanner/fileid"
	"tideline/scanner/finding"
	"tideline/scanner/livelog"
	"tideline/scanner/source"
	"tideline/scanner/state"
	"tideline/scanner/tally"
)

// A resumption is where the reading of a source goes on.
type resumption struct {
	offset int64
	lines  int64          // before it
	sum    hash.Hash      // of the bytes before it
	carry  *parsers.Carry // what the decoder knew
}

// goOn reads an input from where it ended, or a new one so that it can be gone
// on from. It returns nil if it must be read as a whole.
func (w *nightWorker) goOn(in *nightInput) (*nightReading, error) {
	defer func() { w.worker.resume, w.worker.carries = nil, false }()
	if in.how != asGrown {
		return w.split(in, nil)
	}
	from := &in.known.Source
	switch {
	case from.Cut == 0:
		return w.split(in, nil)
	case in.packed:
		return w.unpacked(in, from)
	}
	return w.split(in, from)
}

// placeOf is where from ended; nil if what was known there cannot be read, or
// was given up: see Night.cover.
func (w *nightWorker) placeOf(from *state.Source) *resumption {
	p := &resumption{offset: from.Cut, lines: from.Lines, sum: sha256.New(), carry: &parsers.Carry{Format: from.Format}}
	if err := p.sum.(encoding.BinaryUnmarshaler).UnmarshalBinary(from.CutHash); err != nil {
		return nil
	}
	if from.Carry == nil {
		return p
	}
	f, err := w.store.Open(*from.Carry)
	if err != nil {
		return nil
	}
	defer f.Close() // read only: nothing can be lost
	zr, err := gzip.NewReader(f)
	if err != nil {
		return nil
	}
	if p.carry.Data, err = io.ReadAll(zr); err != nil {
		return nil
	}
	return p
}

// split reads a plain file in two parts with a clean cut between them: what is
// before it will not be read again, what is behind it will be when the file
// has grown. from is the source that the file has grown from; nil if it is
// new. Without a clean cut it is read up to an unfinished line at its end. It
// returns nil if there is none either, or if the parts do not read like the whole would.
func (w *nightWorker) split(in *nightInput, from *state.Source) (*nightReading, error) {
	if in.info == nil || !in.info.Mode().IsRegular() {
		return nil, nil
	}
	f, err := os.Open(in.in.Path)
	if err != nil {
		return nil, nil // whole says why
	}
	defer f.Close() // read only: nothing can be lost
	at := &resumption{sum: sha256.New()}
	if from != nil {
		if at = w.placeOf(from); at == nil {
			return nil, nil
		}
	}
	left := leftFor(f, at.offset, in.info.Size(), from)
	end := in.info.Size() - left
	cut := livelog.Cut(f, at.offset, end)
	if cut <= at.offset && from == nil {
		return w.leaving(in, f, grownFrom(in))
	}
	r, err := w.readSplit(&splitFile{in, from, f, at, max(cut, at.offset), end})
	if r != nil {
		r.source.Left = left
	}
	return r, err
}

// grownFrom is what is known of an input that has grown; nil if it is new.
func grownFrom(in *nightInput) *state.Source {
	if in.how != asGrown {
		return nil
	}
	return &in.known.Source
}

// A splitFile is a plain file that is read as two parts: from at to cut, and from there
// to end.
type splitFile struct {
	in   *nightInput
	from *state.Source // Optional: what it has grown from
	file *os.File
	at   *resumption
	cut  int64
	end  int64
}

// readSplit returns nil if the parts do not read like the whole would: another format
// behind the cut, a request without its answer before it, or bytes that are not those of
// f.from.
func (w *nightWorker) readSplit(f *splitFile) (r *nightReading, err error) {
	path, at, carry := f.in.in.Path, f.at, f.at.carry
	r = &nightReading{source: state.Source{Read: path, Size: f.end, Length: f.end, Cut: f.cut, Lines: at.lines}}
	ends := []int64{f.end}
	if f.from != nil {
		r.goesOnFrom(f.from)
		path, ends = r.source.Read, []int64{f.from.Length, f.end}
	}
	sums := fileid.GoOn(at.sum, at.offset, ends...)
	var parts []*Partial
	defer func() {
		for _, p := range parts {
			err = errors.Join(err, p.Close())
		}
	}()
	if f.cut > at.offset {
		part, lines, err := w.readPart(path, io.NewSectionReader(f.file, at.offset, f.cut-at.offset), at, sums)
		parts = append(parts, part)
		if carry = w.worker.carry; err != nil || carry == nil || !allAnswered(part) || !r.goesOnAs(part, carry) {
			return nil, err
		}
		r.source.Lines += lines
	}
	if r.source.CutHash, err = sums.Hash().(encoding.BinaryMarshaler).MarshalBinary(); err != nil {
		return nil, fmt.Errorf("keep a digest: %w", err)
	}
	rest, _, err := w.readPart(path, io.NewSectionReader(f.file, f.cut, f.end-f.cut), &resumption{offset: f.cut, lines: r.source.Lines, carry: carry}, sums)
	parts = append(parts, rest)
	r.source.Sum = sums.Sums()[f.end]
	if err != nil || f.from != nil && sums.Sums()[f.from.Length] != f.from.Sum || r.source.Sum == "" || !r.goesOnAs(rest, carry) {
		return nil, err
	}
	if err := w.keepCarry(r, carry); err != nil {
		return nil, err
	}
	noteWhole(&r.source, f.file, rest)
	noteLeft(&rest.Ledger[0], f.in.info.Size()-f.end, f.end)
	for _, p := range parts {
		r.entries = mergeEntries(r.entries, p.Ledger, tally.NewAggregates())
	}
	return r, w.keep(f.in, r, parts...)
}

// goesOnFrom takes over what was read of from before its cut.
func (r *nightReading) goesOnFrom(from *state.Source) {
	s := &r.source
	s.Read, s.Key, s.Shown, s.From, s.Dropped = from.Read, from.Key, from.Shown, from.From, from.Dropped
	s.Format, s.Envelope, s.Carry = from.Format, from.Envelope, from.Carry
	s.Parts = slices.Clone(from.Parts)
	if from.Cut > 0 {
		s.Parts = s.Parts[:len(s.Parts)-1] // but what is behind the cut
	}
}

// goesOnAs reports whether a part was read as the part before it, or is empty.
func (r *nightReading) goesOnAs(part *Partial, carry *parsers.Carry) bool {
	if len(part.Ledger) != 1 {
		return false
	}
	e, s := &part.Ledger[0], &r.source
	if e.Bytes.Read == 0 {
		return true
	}
	if s.Format == "" {
		s.Format, s.Envelope = e.Format, e.Envelope
	}
	return e.Format != "" && e.Format == s.Format && e.Envelope == s.Envelope && carry.Format == s.Format
}

// allAnswered reports whether no request waits at the end of a part for its
// answer: it may come behind the cut.
func allAnswered(part *Partial) bool {
	waiting := part.EachHit(func(h *finding.Hit) error {
		if h.Request != "" && h.Stage == "RequestReceived" {
			return errEnough
		}
		return nil
	})
	return waiting == nil
}

// keepCarry stores what the decoder knew.
func (w *nightWorker) keepCarry(r *nightReading, carry *parsers.Carry) error {
	r.source.Carry = nil
	if len(carry.Data) == 0 {
		return nil
	}
	g, err := w.store.Put(func(out io.Writer) error {
		zw := gzip.NewWriter(out)
		if _, err := zw.Write(carry.Data); err != nil {
			return err
		}
		return zw.Close()
	})
	r.source.Carry = &g
	return err
}

// noteWhole notes what the whole of f is known by, also in the entry that stands for
// it.
func noteWhole(s *state.Source, f *os.File, rest *Partial) {
	head := make([]byte, min(fileid.EndBytes, s.Length))
	if _, err := f.ReadAt(head, 0); err == nil {
		s.Head, s.HeadLen = fileid.Sum(head), int64(len(head))
	}
	rest.Ledger[0].SHA256, rest.Ledger[0].Size = s.Sum, s.Size
}

// readPart reads a part of a file as a stream whose places count from the
// start of the file, and returns the number of lines in it.
func (w *nightWorker) readPart(path string, part io.Reader, at *resumption, sums io.Writer) (*Partial, int64, error) {
	count := &lineCount{}
	o := w.options.Source
	o.Stdin = io.TeeReader(part, io.MultiWriter(sums, count))
	w.worker.resume, w.worker.carries = at.carry, true
	raw, err := w.collect(source.Input{Path: path, Size: -1}, o, func(*source.Stream) {}, func(*source.Member) {})
	if err != nil || at.offset == 0 {
		return raw, count.lines, err
	}
	p, err := w.moved(raw, at, path, path)
	return p, count.lines, err
}

// moved is raw, read from a place on of the stream from, as a part of to.
func (w *nightWorker) moved(raw *Partial, at *resumption, from, to string) (*Partial, error) {
	p := NewPartial(w.options.SortLimit)
	p.RulesHash, p.Ledger, p.Aggregates = raw.RulesHash, raw.Ledger, raw.Aggregates
	for i := range p.Ledger {
		e := &p.Ledger[i]
		e.Path = renamed(e.Path, from, to)
		for _, list := range [][]finding.Remark{e.Notes, e.Gaps} {
			for j := range list {
				list[j].Pos.Offset += at.offset
				list[j].Pos.Line += at.lines
			}
		}
	}
	err := raw.EachHit(func(h *finding.Hit) error {
		copied := *h
		copied.Source.Path = renamed(h.Source.Path, from, to)
		copied.Source.Offset += at.offset
		copied.Source.Line += at.lines
		return p.AddHit(&copied)
	})
	if err == nil {
		err = raw.parted.Each(func(l *partedEvent) error {
			l = l.moved(at.offset, at.lines)
			l.Path, l.set = renamed(l.Path, from, to), ""
			return p.parted.Add(l)
		})
	}
	return p, errors.Join(err, raw.Close())
}

// unpacked reads what a compressed file holds beyond what was read of it when
// it was plain: a log that had grown when it was rotated.
func (w *nightWorker) unpacked(in *nightInput, from *state.Source) (*nightReading, error) {
	at := w.placeOf(from)
	if at == nil {
		return nil, nil
	}
	sums := fileid.NewPrefixes(from.Length)
	streams, short := 0, false
	var last source.Member
	w.worker.resume = at.carry
	raw, err := w.collect(in.in, w.options.Source, func(s *source.Stream) {
		if streams++; streams > 1 || s.Path != in.in.Path {
			return
		}
		s.Reader = io.TeeReader(s.Reader, sums)
		_, err := io.CopyN(io.Discard, s.Reader, at.offset)
		short = err != nil
	}, func(m *source.Member) { last = *m })
	if err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	p, err := w.moved(raw, at, in.in.Path, from.Read)
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	defer p.Close()
	r := &nightReading{entries: p.Ledger, source: state.Source{Size: last.Size, Length: sums.Length(), Sum: sums.Sum()}}
	r.goesOnFrom(from)
	same := streams == 1 && !short && last.SHA256 != "" && sums.Sums()[from.Length] == from.Sum && sums.Length() == last.Expanded
	if !same || !r.goesOnAs(p, at.carry) {
		return nil, nil
	}
	r.source.Carry, r.source.Head, r.source.HeadLen = nil, from.Head, from.HeadLen
	return r, w.keep(in, r, p)
}

type lineCount struct{ lines int64 }

func (c *lineCount) Write(b []byte) (int, error) {
	c.lines += int64(bytes.Count(b, []byte("\n")))
	return len(b), nil
}
