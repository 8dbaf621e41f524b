package formats

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"tideline/parsers"
)

// A meeting is a sink that holds its lane up, in the part of a stream that is
// shared, until every lane has come as far: so each of them gets a page.
type meeting struct {
	parsers.Sink
	all  *sync.WaitGroup
	here bool
}

func (m *meeting) Event(f *parsers.Format, ev *parsers.Event) error {
	if !m.here && ev.Pos[0].Offset > serialBytes+recordsPerCheck*1000 {
		m.here = true
		m.all.Done()
		m.all.Wait()
	}
	return m.Sink.Event(f, ev)
}

// meet makes sinks wait for one another.
func meet(sinks ...parsers.Sink) []parsers.Sink {
	all := &sync.WaitGroup{}
	all.Add(len(sinks))
	var out []parsers.Sink
	for _, s := range sinks {
		out = append(out, &meeting{Sink: s, all: all})
	}
	return out
}

func TestLanesWorkAtTheSameTime(t *testing.T) {
	in := mixedStream(true)
	_, want := read(t, fakeReader(), bytes.NewReader(in), parsers.ReadOptions{})
	pads := []*notepad{{}, {}, {}}
	a, err := fakeReader().Read(context.Background(), parsers.Stream{Reader: bytes.NewReader(in)}, parsers.ReadOptions{}, meet(pads[0], pads[1], pads[2]))
	if err != nil {
		t.Fatal(err) // or it has hung
	}
	checkAccount(t, a, pads...)
	if a.Events != want.Events || a.Bytes != want.Bytes {
		t.Errorf("%+v, one lane %+v", a, want)
	}
	for i, p := range pads {
		if inOrder(t, p); i > 0 && strings.Contains(strings.Join(p.lines, "\n"), "beta ") {
			t.Errorf("lane %d was given records that belong to others of the first", i)
		}
	}
}

func TestRefusalOfOneOfManySinksEndsReading(t *testing.T) {
	sinks := meet(&notepad{}, late{errRefused}, &notepad{})
	if _, err := fakeReader().Read(context.Background(), parsers.Stream{Reader: bytes.NewReader(mixedStream(false))}, parsers.ReadOptions{}, sinks); err != errRefused {
		t.Errorf("got %v", err)
	}
}

// A panic of a decoder, on whichever goroutine it runs, is one of Read, where
// the caller may be prepared for it.
func TestAPanicOnAnotherGoroutineIsReads(t *testing.T) {
	for broken := range 3 {
		sinks := []parsers.Sink{&notepad{}, &notepad{}, &notepad{}}
		sinks[broken] = late{nil}
		func() {
			defer func() {
				if r := recover(); r != "a defect" {
					t.Errorf("sink %d: got %v", broken, r)
				}
			}()
			_, err := fakeReader().Read(context.Background(), parsers.Stream{Reader: bytes.NewReader(mixedStream(false))}, parsers.ReadOptions{}, meet(sinks...))
			t.Errorf("sink %d: it returned %v", broken, err)
		}()
	}
}

// A late sink fails in the part of a stream that is shared: it refuses an event,
// or it is a defect.
type late struct{ refuse error }

func (l late) Event(f *parsers.Format, ev *parsers.Event) error {
	if ev.Pos[0].Offset <= serialBytes+recordsPerCheck*1000 {
		return nil
	}
	if l.refuse == nil {
		panic("a defect")
	}
	return l.refuse
}

func (late) Remark(parsers.Remark) {}

// TestWhatIsForTheFirstLaneIsBounded: however much of a stream is for the first
// lane, and however busy that is, others keep little of it and lose nothing.
func TestWhatIsForTheFirstLaneIsBounded(t *testing.T) {
	var b bytes.Buffer
	for i := range 20000 {
		fmt.Fprintf(&b, "A record number %d of many, which fill pages %s\n", i, strings.Repeat("=", 100))
	}
	for i := range 60000 {
		fmt.Fprintf(&b, "B record %d of a format whose records belong together %s\n", i, strings.Repeat("=", 100))
	}
	for _, broken := range []bool{false, true} {
		pads := []*notepad{{}, {}}
		stream := parsers.Stream{Reader: bytes.NewReader(b.Bytes())}
		if broken {
			stream.Reader = io.MultiReader(stream.Reader, brokenReader{})
		}
		a, err := fakeReader().Read(context.Background(), stream, parsers.ReadOptions{}, meet(pads[0], pads[1]))
		if err != nil || (a.Err != nil) != broken {
			t.Fatal(err, a.Err)
		}
		if a.Events != 80000 || a.Bytes.Read != int64(b.Len()) {
			t.Errorf("%d events in %d bytes", a.Events, a.Bytes.Read)
		}
		inOrder(t, pads[0])
		inOrder(t, pads[1])
	}
}

// A brokenReader fails.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestSharedReadingCanBeGivenUp: whoever waits for it is told.
func TestSharedReadingCanBeGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	sinks := meet(&cancelling{Sink: &notepad{}, cancel: cancel}, &notepad{})
	if _, err := fakeReader().Read(ctx, parsers.Stream{Reader: bytes.NewReader(mixedStream(false))}, parsers.ReadOptions{}, sinks); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

type cancelling struct {
	parsers.Sink
	cancel context.CancelFunc
}

func (c *cancelling) Event(f *parsers.Format, ev *parsers.Event) error {
	if ev.Pos[0].Offset > serialBytes+recordsPerCheck*1000 {
		c.cancel()
	}
	return nil
}

// TestLanesDoNotRunAwayFromOneAnother: while one lane is held up, however long that
// may be, the others come only so far, and then wait for it.
func TestLanesDoNotRunAwayFromOneAnother(t *testing.T) {
	for held := range 3 {
		synctest.Test(t, func(t *testing.T) {
			var in bytes.Buffer
			n := 0
			for ; in.Len() < 4*16*pageBytes; n++ {
				fmt.Fprintf(&in, "A record number %d of many, which fill pages %s\n", n, strings.Repeat("=", 1000))
			}
			stuck := &heldUp{Sink: &notepad{}, at: make(chan int64), release: make(chan bool)}
			sinks := []parsers.Sink{&notepad{}, &notepad{}, &notepad{}}
			sinks[held] = stuck
			stream := &counted{Reader: bytes.NewReader(in.Bytes())}
			done := make(chan parsers.Account)
			go func() {
				a, err := fakeReader().Read(t.Context(), parsers.Stream{Reader: stream}, parsers.ReadOptions{}, meet(sinks...))
				if err != nil {
					t.Error(err)
				}
				done <- a
			}()
			at := <-stuck.at
			synctest.Wait() // all the others wait too, or they have ended
			if went := stream.n.Load() - at; went < 8*pageBytes || went > 18*pageBytes {
				t.Errorf("lane %d: the others went on for %d pages", held, went/pageBytes)
			}
			close(stuck.release)
			if a := <-done; a.Events != int64(n) || a.Bytes.Events != int64(in.Len()) {
				t.Errorf("lane %d: %+v", held, a)
			}
		})
	}
}

// A heldUp sink does not come back from its first event of what is shared before it
// is told to.
type heldUp struct {
	parsers.Sink
	at      chan int64 // told the place of that event
	release chan bool
	was     bool
}

func (h *heldUp) Event(f *parsers.Format, ev *parsers.Event) error {
	if !h.was && ev.Pos[0].Offset > serialBytes+recordsPerCheck*2000 {
		h.was = true
		h.at <- ev.Pos[0].Offset
		<-h.release
	}
	return h.Sink.Event(f, ev)
}

// A counted reader counts its bytes.
type counted struct {
	io.Reader
	n atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}
