package formats

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"

	"tideline/parsers/internal/frame"
)

// A sharer lets lanes work on one stream. They take turns at its cutter: who has it
// decompresses the next page of the stream into memory of its own and cuts it, or,
// if it is plain, sees to it that it can do so later. Then it passes the cutter on,
// and decodes what it has. So hardly a byte of the stream is touched by two cores,
// which costs more than a second core gains; what wanders is the state of the
// decompressor.
//
// Each lane gets its records in the order of the stream. Records that begin
// otherwise than those the stream is made of all go to the first lane: they may be
// of a format whose records belong together.
//
// Of the lanes two begin. A third joins when nobody was found waiting for the cutter
// for a while, and so on: what a lane learns of the stream takes time and memory, and
// where cutting takes a third of the work, as it does of a compressed log, no more than
// three lanes have anything to do, however many cores there are.
//
// Lanes do not run away from one another, whatever each of them meets and however
// the system shares its cores out: see farthest. So who puts together what the sinks
// were given needs to remember no more than a stretch of the stream.
type sharer struct {
	lanes []*lane
	kind  byte        // how records of the stream begin
	share func() bool // whether one more lane may join

	queue  atomic.Int64 // lanes that wait for the cutter
	mu     sync.Mutex   // of all below
	f      cutter
	aside  *batch     // for the first lane, cut by others
	moved  *sync.Cond // the first lane took what is aside, a lane is done with its batch, or the stream ended
	turn   int        // how many batches were cut
	hands  []int      // by lane: the turn of the batch in hand; 0: it has none
	begun  int        // the turn in which the first piece was put aside
	joined int        // lanes that work; the others wait to be needed
	held   int        // of those that work, lanes that wait for one another
	unused int        // turns in a row behind which nobody waited for anything
	ended  bool
	quit   bool    // the context is done
	cause  error   // what the stream ended with
	errs   []error // by lane
	panic  any     // of any of them
}

// parallel decodes the rest of a stream of which the first lane has read the
// beginning.
func parallel(ctx context.Context, f cutter, lanes []*lane, share func() bool) (cause, err error) {
	s := &sharer{lanes: lanes, kind: lanes[0].stream.kind, f: f, aside: &batch{}, share: share, joined: min(len(lanes), 2), hands: make([]int, len(lanes)), errs: make([]error, len(lanes))}
	s.moved = sync.NewCond(&s.mu)
	if share == nil {
		s.joined = len(lanes)
	}
	for _, l := range lanes[1:] {
		l.hints, l.stream.prefix = lanes[0].hints, nil
	}
	var running sync.WaitGroup
	for i := range lanes {
		running.Go(func() { s.decode(ctx, i) })
	}
	running.Wait()
	if s.panic != nil {
		panic(s.panic) // where somebody may be prepared for it
	}
	for _, e := range s.errs {
		if e != nil {
			return nil, e
		}
	}
	if !s.ended {
		return nil, ctx.Err()
	}
	return s.cause, nil
}

// decode runs one lane. A panic ends it, and then the reading.
func (s *sharer) decode(ctx context.Context, i int) {
	var err error
	defer func() {
		if broken := recover(); broken != nil || err != nil {
			s.fail(i, err, broken)
		}
	}()
	for b := s.take(ctx, i, &batch{}); b != nil; b = s.take(ctx, i, b) {
		if err = s.lanes[i].batch(b); err != nil {
			return
		}
	}
}

// batch decodes a batch.
func (l *lane) batch(b *batch) error {
	var p frame.Piece
	for b.part.Ready() {
		if _, cause, err := l.next(&b.part, &b.part, &p); cause != nil || err != nil {
			return cmp.Or(err, cause)
		}
	}
	for i := range b.pieces {
		if err := l.piece(b.piece(i)); err != nil {
			return err
		}
	}
	return nil
}

// fail ends the reading.
func (s *sharer) fail(i int, err error, broken any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errs[i] = err
	if s.panic == nil {
		s.panic = broken
	}
	s.end(nil)
}

// end says that there is no more of the stream. The caller holds the lock.
func (s *sharer) end(cause error) {
	if !s.ended {
		s.ended, s.cause = true, cause
	}
	s.moved.Broadcast()
}

// farthest is how many batches the last of those that lanes have may lie behind the
// first: enough for each lane to have one, and one to wait for the others with.
func farthest(lanes int) int { return max(16, 2*lanes) }

// tooFar reports whether the next batch would lie too far behind one that is still
// to be done.
func (s *sharer) tooFar() bool {
	oldest := s.turn + 1
	for _, turn := range s.hands {
		if turn > 0 {
			oldest = min(oldest, turn)
		}
	}
	if len(s.aside.pieces) > 0 {
		oldest = min(oldest, s.begun)
	}
	return s.turn+1-oldest >= farthest(len(s.lanes))
}

// mustWait reports whether lane i is to wait before it is given anything. The first
// lane never waits while something is aside, nor anybody for himself: who has the
// oldest batch always goes on.
func (s *sharer) mustWait(i int) bool {
	switch {
	case s.ended || s.quit:
		return false
	case i == 0 && len(s.aside.pieces) > 0:
		return false
	}
	return i >= s.joined || i > 0 && s.aside.full() || s.tooFar()
}

// wait waits until something has moved.
func (s *sharer) wait(i int) {
	if i < s.joined {
		s.held++
		defer func() { s.held-- }()
	}
	s.moved.Wait()
}

// unusedTurns is behind how many turns in a row nobody must have waited for another
// lane to join.
const unusedTurns = 8

// turned says that the cutter is free again.
func (s *sharer) turned() {
	if s.unused++; s.queue.Load() > 0 || s.held > 0 {
		s.unused = 0
	}
	if s.unused >= unusedTurns && s.joined < len(s.lanes) && s.share() {
		s.unused = 0
		s.joined++
		s.moved.Broadcast()
	}
}

// take returns what a lane is to decode next, for which b, which it has done, may
// be used; nil if there is nothing left.
func (s *sharer) take(ctx context.Context, i int, b *batch) *batch {
	s.queue.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.Add(-1)
	b.reset()
	s.hands[i] = 0
	s.moved.Broadcast()
	for s.mustWait(i) {
		s.wait(i)
	}
	if i == 0 && len(s.aside.pieces) > 0 {
		b, s.aside = s.aside, b
		s.hands[i] = s.begun
		s.moved.Broadcast()
		return b
	}
	if ctx.Err() != nil {
		s.quit = true
		s.moved.Broadcast()
	}
	if s.ended || s.quit {
		return nil
	}
	defer s.turned()
	s.turn++
	s.hands[i] = s.turn
	if f, ok := s.f.(*frame.Framer); ok {
		s.page(f, i, b)
	} else {
		s.copies(i, b)
	}
	return b
}

// page cuts the next page of the stream for a lane.
func (s *sharer) page(f *frame.Framer, i int, b *batch) {
	if b.page == nil {
		b.page = make([]byte, pageBytes)
	}
	f.Refill(b.page)
	if s.kind == '{' && f.Part(&b.part) {
		return
	}
	for first := true; (first || f.Ready()) && !b.full() && !s.aside.full(); first = false {
		p, err := b.cut(f)
		if err != nil {
			s.end(err)
			return
		}
		if s.stray(i, p) {
			s.putAside(p)
			b.drop()
		}
	}
}

// copies fills b with the next pieces of a stream whose cutter lends them.
func (s *sharer) copies(i int, b *batch) {
	var p frame.Piece
	for !b.full() && !s.aside.full() {
		if err := s.f.Next(&p); err != nil {
			s.end(err)
			return
		}
		if s.stray(i, &p) {
			s.putAside(&p)
		} else {
			b.add(&p)
		}
	}
}

// putAside keeps a piece for the first lane.
func (s *sharer) putAside(p *frame.Piece) {
	if len(s.aside.pieces) == 0 {
		s.begun = s.turn
	}
	s.aside.add(p)
}

// stray reports whether a piece that lane i has cut is for the first lane.
func (s *sharer) stray(i int, p *frame.Piece) bool {
	return i > 0 && p.Kind == frame.Record && p.Record.Raw[0] != s.kind
}
