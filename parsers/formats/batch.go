package formats

import (
	"bytes"

	"tideline/parsers/internal/frame"
)

// A batch is a number of pieces that stay what they are until it is reset.
type batch struct {
	pieces []frame.Piece
	spans  []span       // of the pieces
	data   []byte       // bytes of the pieces that were added
	page   []byte       // bytes of the pieces that were cut, and of part
	part   frame.Framer // of what its lane is to cut itself, before the pieces
	// context is that of the last piece that was cut and had one: those of one
	// wrapper have the same.
	context []byte
}

// A span says where a record, what is to be decoded of it, if that is spelled
// otherwise, its context and what stands around it are in batch.data. Of a piece that
// was cut it is zero.
type span struct{ record, spelled, context, lead, trail, end int }

// How much is handed to a lane at a time. A page and what a lane knows should
// have room in the fast memory of one core.
const (
	pageBytes   = 1 << 20
	batchBytes  = 256 << 10
	batchPieces = 4096
)

// add copies a piece.
func (b *batch) add(p *frame.Piece) {
	s := span{record: len(b.data)}
	b.data = append(b.data, p.Record.Raw...)
	s.spelled = len(b.data)
	if !same(p.Record.Raw, p.Record.Data) {
		b.data = append(b.data, p.Record.Data...)
	}
	s.context = len(b.data)
	b.data = append(b.data, p.Record.Context...)
	s.lead = len(b.data)
	b.data = append(b.data, p.Lead...)
	s.trail = len(b.data)
	b.data = append(b.data, p.Trail...)
	s.end = len(b.data)
	b.spans = append(b.spans, s)
	b.pieces = append(b.pieces, *p)
}

// piece returns the i-th piece, whose bytes are those of the batch.
func (b *batch) piece(i int) *frame.Piece {
	p, s := &b.pieces[i], b.spans[i]
	if s == (span{}) {
		return p
	}
	p.Record.Raw = b.data[s.record:s.spelled:s.spelled]
	p.Record.Data = p.Record.Raw
	if s.context > s.spelled {
		p.Record.Data = b.data[s.spelled:s.context:s.context]
	}
	if p.Record.Context != nil {
		p.Record.Context = b.data[s.context:s.lead:s.lead]
	}
	p.Lead, p.Trail = b.data[s.lead:s.trail:s.trail], b.data[s.trail:s.end:s.end]
	return p
}

// same reports whether two slices are the same memory.
func same(a, b []byte) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

func (b *batch) full() bool { return len(b.data) >= batchBytes || len(b.pieces) >= batchPieces }

// cut adds the next piece of f, whose bytes are in the page that f was refilled
// with, and returns it.
func (b *batch) cut(f *frame.Framer) (*frame.Piece, error) {
	n := len(b.pieces)
	b.pieces = append(b.pieces, frame.Piece{})
	p := &b.pieces[n]
	if err := f.Next(p); err != nil {
		b.pieces = b.pieces[:n]
		return nil, err
	}
	b.spans = append(b.spans, span{})
	if c := p.Record.Context; c != nil {
		if !bytes.Equal(c, b.context) {
			b.context = bytes.Clone(c)
		}
		p.Record.Context = b.context[:len(c):len(c)]
	}
	return p, nil
}

// drop takes the last piece out again.
func (b *batch) drop() {
	n := len(b.pieces) - 1
	b.pieces, b.spans = b.pieces[:n], b.spans[:n]
}

// reset empties b. What one long record made it grow to is not kept.
func (b *batch) reset() {
	if cap(b.data) > 4*batchBytes {
		b.data = nil
	}
	clear(b.pieces)
	b.data, b.pieces, b.spans = b.data[:0], b.pieces[:0], b.spans[:0]
}
