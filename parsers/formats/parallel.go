package formats

import (
	"context"
	"sync"

	"tideline/parsers/internal/frame"
)

// A batch is a number of pieces with bytes of their own.
type batch struct {
	data   []byte
	pieces []frame.Piece
	spans  []span // of the pieces, in data
}

// A span says where a record, what is to be decoded of it, if that is spelled
// otherwise, and its context are in batch.data.
type span struct{ record, spelled, context, end int }

// How much is handed to a lane at a time.
const (
	batchBytes  = 256 << 10
	batchPieces = 4096
)

func newBatch() *batch { return &batch{data: make([]byte, 0, batchBytes+batchBytes/4)} }

func (b *batch) add(p *frame.Piece) {
	s := span{record: len(b.data)}
	b.data = append(b.data, p.Record.Raw...)
	s.spelled = len(b.data)
	if !same(p.Record.Raw, p.Record.Data) {
		b.data = append(b.data, p.Record.Data...)
	}
	s.context = len(b.data)
	b.data = append(b.data, p.Record.Context...)
	s.end = len(b.data)
	b.spans = append(b.spans, s)
	b.pieces = append(b.pieces, *p)
}

// piece returns the i-th piece, whose bytes are those of the batch.
func (b *batch) piece(i int) *frame.Piece {
	p, s := &b.pieces[i], b.spans[i]
	p.Record.Raw = b.data[s.record:s.spelled:s.spelled]
	p.Record.Data = p.Record.Raw
	if s.context > s.spelled {
		p.Record.Data = b.data[s.spelled:s.context:s.context]
	}
	if p.Record.Context != nil {
		p.Record.Context = b.data[s.context:s.end:s.end]
	}
	return p
}

// same reports whether two slices are the same memory.
func same(a, b []byte) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

func (b *batch) full() bool { return len(b.data) >= batchBytes || len(b.pieces) >= batchPieces }

// reset empties b. What one long record made it grow to is not kept.
func (b *batch) reset() {
	if cap(b.data) > 4*batchBytes {
		b.data = nil
	}
	clear(b.pieces)
	b.data, b.pieces, b.spans = b.data[:0], b.pieces[:0], b.spans[:0]
}

// A sharer deals the records of one stream out to lanes. Each lane gets its
// records in the order of the stream. Records that begin otherwise than those the
// stream is made of all go to the first lane: they may be of a format whose
// records belong together.
type sharer struct {
	lanes  []*lane
	open   []*batch // being filled, by lane
	queues []chan *batch
	free   chan *batch
	turn   int
	kind   byte // how records of the stream begin
	stop   context.CancelFunc
	errs   []error // by lane
	panics []any   // by lane
}

// parallel decodes the rest of a stream of which the first lane has read the
// beginning.
func parallel(ctx context.Context, f cutter, lanes []*lane) (cause, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s := &sharer{lanes: lanes, stop: stop, kind: lanes[0].kind, errs: make([]error, len(lanes)), panics: make([]any, len(lanes))}
	s.free = make(chan *batch, 4*len(lanes))
	for i := range lanes {
		s.open = append(s.open, newBatch())
		s.queues = append(s.queues, make(chan *batch, 2))
		if i > 0 {
			lanes[i].hints, lanes[i].prefix = lanes[0].hints, nil
		}
	}
	var running sync.WaitGroup
	for i := range lanes {
		running.Go(func() { s.decode(i) })
	}
	cause, err = s.deal(ctx, f)
	for _, q := range s.queues {
		close(q)
	}
	running.Wait()
	for _, p := range s.panics {
		if p != nil {
			panic(p) // where somebody may be prepared for it
		}
	}
	for _, e := range s.errs {
		if e != nil {
			return nil, e
		}
	}
	return cause, err
}

// decode runs one lane. A panic ends it, and then the reading.
func (s *sharer) decode(i int) {
	defer func() {
		if s.panics[i] = recover(); s.panics[i] != nil {
			s.stop()
		}
	}()
	for b := range s.queues[i] {
		for k := range b.pieces {
			if s.errs[i] != nil {
				break
			}
			if s.errs[i] = s.lanes[i].piece(b.piece(k)); s.errs[i] != nil {
				s.stop()
			}
		}
		b.reset()
		select {
		case s.free <- b:
		default:
		}
	}
}

// deal reads the stream to its end.
func (s *sharer) deal(ctx context.Context, f cutter) (cause, err error) {
	var p frame.Piece
	for n := 0; ; n++ {
		if n%recordsPerCheck == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if cause = f.Next(&p); cause != nil {
			break
		}
		to := s.turn
		if p.Kind == frame.Record && p.Record.Raw[0] != s.kind {
			to = 0
		}
		s.open[to].add(&p)
		if s.open[to].full() {
			if err := s.send(ctx, to); err != nil {
				return nil, err
			}
			s.turn = (s.turn + 1) % len(s.lanes)
		}
	}
	for i := range s.open {
		if err := s.send(ctx, i); err != nil {
			return nil, err
		}
	}
	return cause, nil
}

// send hands the open batch of a lane over.
func (s *sharer) send(ctx context.Context, i int) error {
	select {
	case s.queues[i] <- s.open[i]:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case s.open[i] = <-s.free:
	default:
		s.open[i] = newBatch()
	}
	return nil
}
