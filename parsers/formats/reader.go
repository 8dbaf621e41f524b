package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"tideline/parsers"
	"tideline/parsers/envelope"
	"tideline/parsers/internal/frame"
)

// NewReader returns the Reader of all formats and envelopes. It may be used by
// many goroutines.
func NewReader() parsers.Reader {
	return newReader(All(), envelope.All())
}

func newReader(formats []*parsers.Format, envelopes []envelope.Envelope) *reader {
	return &reader{formats: formats, envelopes: envelopes, vocabulary: newVocabulary(envelopes)}
}

type reader struct {
	formats    []*parsers.Format
	envelopes  []envelope.Envelope
	vocabulary *vocabulary // of envelopes
	curious    bool        // for tests: of no line it is remembered that one of its kind held nothing
}

// Formats implements parsers.Reader.
func (r *reader) Formats() []*parsers.Format { return r.formats }

// Read implements parsers.Reader.
func (r *reader) Read(ctx context.Context, s parsers.Stream, o parsers.ReadOptions, sinks []parsers.Sink) (parsers.Account, error) {
	candidates, err := r.candidates(o.Format)
	if err != nil {
		return parsers.Account{}, err
	}
	if len(sinks) == 0 {
		return parsers.Account{}, errors.New("formats: Read needs a sink")
	}
	lanes := make([]*lane, len(sinks))
	for i, sink := range sinks {
		lanes[i] = newLane(candidates, r, s, o, sink)
		if i < len(o.Spares) && o.Resume == nil && !o.Carry {
			lanes[i].spares = o.Spares[i]
		}
	}
	f := frame.New(s.Reader, frame.Options{MaxRecord: o.MaxRecord})
	defer f.Close()
	lanes[0].stream.prefix = bytes.Clone(f.Peek())
	looks, own := looksLike(lanes[0].stream.prefix), ownReport(lanes[0].stream.prefix)
	pieces, done := openJournal(f, o.MaxRecord, lanes)
	defer done()
	cause, err := readAll(ctx, pieces, lanes, o.Share)
	if err == nil {
		err = flush(lanes)
	}
	lanes[0].account.ownReport(own)
	account := settle(candidates, lanes, looks)
	if o.Carry && err == nil {
		account.Carry = carry(lanes)
	}
	for _, l := range lanes {
		if err == nil {
			l.spare()
		}
	}
	if cause != io.EOF {
		account.Err = cause
	}
	return account, err
}

// candidates are the formats that records may be of.
func (r *reader) candidates(name string) ([]*parsers.Format, error) {
	if name == "" {
		return r.formats, nil
	}
	var known []string
	for _, f := range r.formats {
		if f.Name == name {
			return []*parsers.Format{f}, nil
		}
		known = append(known, f.Name)
	}
	return nil, fmt.Errorf("formats: no format is called %.200q; there are %s", name, strings.Join(known, ", "))
}

// A cutter cuts a stream into pieces: frame.Framer, or journal.Cutter.
type cutter interface{ Next(*frame.Piece) error }

// readAll reads to the end of the stream. cause is what the stream ended with,
// err why reading was given up.
func readAll(ctx context.Context, f cutter, lanes []*lane, share func() bool) (cause, err error) {
	first := share
	switch {
	case len(lanes) == 1:
		first = func() bool { return false }
	case share == nil:
		first = func() bool { return true }
	}
	cause, err = serial(ctx, f, lanes[0], first)
	if err != nil || cause != nil {
		return cause, err
	}
	return parallel(ctx, f, lanes, share)
}

// recordsPerCheck is how many records lie between two looks at the context.
const recordsPerCheck = 256

// serialBytes is how much of a stream one lane reads before it is worth while
// to share the rest.
const serialBytes = 1 << 20

// serial decodes on one lane. It returns without a cause if the rest of the
// stream can be shared between lanes, and share agrees.
func serial(ctx context.Context, f cutter, l *lane, share func() bool) (cause, err error) {
	var p frame.Piece
	lines, _ := f.(*frame.Framer) // of a journal there are none
	for n := 0; ; n++ {
		if n%recordsPerCheck == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if l.account.read >= serialBytes && l.stateless() && share() {
				return nil, nil
			}
		}
		many, cause, err := l.next(f, lines, &p)
		if cause != nil || err != nil {
			return cause, err
		}
		if many {
			n = -1
		}
	}
}

// next decodes the next piece of f, or, where f is lines and the format at hand can
// do that, many. cause is what the stream ended with; err is that of the sink.
func (l *lane) next(f cutter, lines *frame.Framer, p *frame.Piece) (many bool, cause, err error) {
	if lines != nil {
		if many, err = l.run(lines); many || err != nil {
			return many, nil, err
		}
	}
	if cause = f.Next(p); cause != nil {
		return false, cause, nil
	}
	return false, nil, l.piece(p)
}

// flush lets every decoder emit what it held back.
func flush(lanes []*lane) error {
	for _, l := range lanes {
		if err := l.flush(); err != nil {
			return err
		}
	}
	return nil
}
