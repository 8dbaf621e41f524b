package formats

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"

	"tideline/parsers"
)

func TestALaneJoinsWhenNobodyHasWaitedForAWhile(t *testing.T) {
	agrees := true
	s := &sharer{lanes: make([]*lane, 4), joined: 2, share: func() bool { return agrees }}
	s.moved = sync.NewCond(&s.mu)
	turns := func(n int) {
		for range n {
			s.turned()
		}
	}
	check := func(when string, want int) {
		t.Helper()
		if s.joined != want {
			t.Errorf("%s: %d lanes, want %d", when, s.joined, want)
		}
	}
	turns(unusedTurns - 1)
	check("not yet", 2)
	s.queue.Store(1)
	turns(1)
	s.queue.Store(0)
	turns(unusedTurns - 1)
	check("somebody waited for the cutter", 2)
	s.held = 1
	turns(1)
	s.held = 0
	turns(unusedTurns - 1)
	check("somebody waited for another lane", 2)
	turns(1)
	check("nobody waited", 3)
	turns(unusedTurns - 1)
	check("only just", 3)
	agrees = false
	turns(3 * unusedTurns)
	check("nobody agrees", 3)
	agrees = true
	turns(1)
	check("now somebody does", 4)
	turns(3 * unusedTurns)
	check("there are no more", 4)
}

// TestLanesThatDoNotJoinAreGivenNothing: and they end with the others, whatever
// those end with.
func TestLanesThatDoNotJoinAreGivenNothing(t *testing.T) {
	in := mixedStream(true)
	whole := func() io.Reader { return bytes.NewReader(in) }
	for name, c := range map[string]struct {
		stream io.Reader
		first  func(context.CancelFunc) parsers.Sink
		err    error
		cause  error
	}{
		"whole":     {stream: whole()},
		"broken":    {stream: io.MultiReader(whole(), brokenReader{}), cause: io.ErrUnexpectedEOF},
		"refused":   {stream: whole(), first: func(context.CancelFunc) parsers.Sink { return late{errRefused} }, err: errRefused},
		"cancelled": {stream: whole(), first: func(cancel context.CancelFunc) parsers.Sink { return &cancelling{&notepad{}, cancel} }, err: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			idle := []*notepad{{}, {}}
			sinks := []parsers.Sink{&notepad{}, &notepad{}}
			if c.first != nil {
				sinks[0] = c.first(cancel)
			}
			sinks = append(meet(sinks...), idle[0], idle[1])
			asked := 0
			o := parsers.ReadOptions{Share: func() bool { asked++; return asked == 1 }}
			a, err := fakeReader().Read(ctx, parsers.Stream{Reader: c.stream}, o, sinks)
			if !errors.Is(err, c.err) || !errors.Is(a.Err, c.cause) {
				t.Fatalf("%v, %v", err, a.Err) // or it has hung
			}
			if c.err == nil && a.Bytes.Read != int64(len(in)) {
				t.Errorf("%d of %d bytes", a.Bytes.Read, len(in))
			}
			for _, p := range idle {
				if len(p.lines) > 0 {
					t.Errorf("one was given %d events", len(p.lines))
				}
			}
		})
	}
}
