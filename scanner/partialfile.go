package scanner

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"tideline/scanner/finding"
	"tideline/scanner/tally"
)

// PartialSchema identifies the form of a partial result on disk: gzip over
// JSON lines, a header first, then the ledger, the aggregates, the hits and the
// parted events in order, and a last line that counts them.
const PartialSchema = "tideline.partial/2"

// firstPartialSchema is the form whose aggregates are one line. It is read, too.
const firstPartialSchema = "tideline.partial/1"

// ErrPartial is returned by ReadPartial for bytes that are not a whole partial
// result of a known schema.
var ErrPartial = errors.New("not a whole tideline partial result")

// A partialLine is one line; exactly one key is set.
type partialLine struct {
	Schema string         `json:"schema,omitempty"`
	Rules  string         `json:"rules_hash,omitempty"`
	Cut    bool           `json:"interrupted,omitempty"`
	Entry  *finding.Entry `json:"ledger,omitempty"`
	tally.Line
	Hit    *finding.Hit `json:"hit,omitempty"`
	Parted *partedEvent `json:"loose,omitempty"` // as the first form called it
	End    *int64       `json:"end,omitempty"`   // number of hits and parted events
}

// WritePartial writes p to w. The same partial gives the same bytes.
func WritePartial(w io.Writer, p *Partial) error { return writeLines(w, "partial result", p.lines) }

// writeLines writes JSON lines, compressed: what each line holds is put by lines, which
// ends with the first error of that. what is written is said in errors.
func writeLines(w io.Writer, what string, lines func(put func(any) error) error) error {
	zw := gzip.NewWriter(w)
	if err := lines(json.NewEncoder(zw).Encode); err != nil {
		return fmt.Errorf("write %s: %w", what, err)
	}
	return zw.Close()
}

// lines puts the lines that p is written as.
func (p *Partial) lines(put func(any) error) error {
	if err := put(partialLine{Schema: PartialSchema, Rules: p.RulesHash, Cut: p.Interrupted}); err != nil {
		return err
	}
	if err := p.EachEntry(func(e *finding.Entry) error { return put(partialLine{Entry: e}) }); err != nil {
		return err
	}
	if err := p.Aggregates.Lines(func(l tally.Line) error { return put(partialLine{Line: l}) }); err != nil {
		return err
	}
	if err := p.EachHit(func(h *finding.Hit) error { return put(partialLine{Hit: h}) }); err != nil {
		return err
	}
	if err := p.parted.Each(func(l *partedEvent) error { return put(partialLine{Parted: l}) }); err != nil {
		return err
	}
	n := p.Hits() + p.parted.Len()
	return put(partialLine{End: &n})
}

// ReadPartial reads what WritePartial wrote. limit is that of NewPartial. A
// file that was cut or is not a partial result gives ErrPartial.
func ReadPartial(r io.Reader, limit int) (*Partial, error) {
	zr, err := gzip.NewReader(bufio.NewReader(r))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPartial, err)
	}
	p := NewPartial(limit)
	if err := p.readLines(json.NewDecoder(zr)); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// readLines takes the lines that a partial result was written as, and checks that they
// are all there.
func (p *Partial) readLines(dec *json.Decoder) error {
	for first := true; ; first = false {
		var l partialLine
		if err := dec.Decode(&l); err != nil {
			return fmt.Errorf("%w: it ends early: %w", ErrPartial, err)
		}
		switch {
		case first && l.Schema != PartialSchema && l.Schema != firstPartialSchema:
			return fmt.Errorf("%w: schema %.60q, want %s", ErrPartial, l.Schema, PartialSchema)
		case first:
			p.RulesHash, p.Interrupted = l.Rules, l.Cut
		case !l.sound():
			return fmt.Errorf("%w: a line that no scan writes", ErrPartial)
		case l.Entry != nil:
			if err := p.enter(*l.Entry); err != nil {
				return err
			}
		case l.Take(&p.Aggregates):
		case l.Hit != nil:
			if err := p.AddHit(l.Hit); err != nil {
				return err
			}
		case l.Parted != nil:
			if len(l.Parted.Records) == 0 {
				return fmt.Errorf("%w: a parted event without records", ErrPartial)
			}
			if err := p.parted.Add(l.Parted); err != nil {
				return err
			}
		case l.End != nil:
			if have := p.Hits() + p.parted.Len(); *l.End != have {
				return fmt.Errorf("%w: %d hits, its end says %d", ErrPartial, have, *l.End)
			}
			return wholeStream(dec)
		}
	}
}

// sound reports whether what the line holds is as the rest of the package may expect
// it to be: the file may come from a machine that somebody else is master of.
func (l *partialLine) sound() bool {
	if l.Hit != nil && slices.ContainsFunc(l.Hit.Adjust, func(n int) bool { return n < 0 }) {
		return false
	}
	return l.Line.Sound()
}

// wholeStream reads on behind the last line: only there does gzip compare its
// checksum.
func wholeStream(dec *json.Decoder) error {
	switch err := dec.Decode(new(partialLine)); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return fmt.Errorf("%w: behind its end: %w", ErrPartial, err)
	}
	return fmt.Errorf("%w: something stands behind its end", ErrPartial)
}
