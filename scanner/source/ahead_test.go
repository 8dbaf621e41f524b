package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

// longText is so many bytes of text that compress somewhat.
func longText(seed int64, size int) []byte {
	r := rand.New(rand.NewSource(seed))
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "line %d of %d: %x\n", i, seed, r.Int63())
	}
	return b.Bytes()
}

// longInputs are inputs that last for several blocks, whole and damaged.
func longInputs(t testing.TB) map[string][]byte {
	a, b := longText(1, 1200<<10), longText(2, 1800<<10)
	packed, framed := gz(t, a), zst(t, b)
	inputs := map[string][]byte{
		"plain":     append(bytes.Clone(a), b...),
		"gzip":      append(gz(t, b), packed...),
		"zstd":      append(zst(t, a), framed...),
		"tgz":       gz(t, tarOf(t, file{"a", a}, file{"b.gz", packed}, file{"c.zst", framed})),
		"zip":       zipOf(t, file{"a", a}, file{"b.gz", gz(t, b)}),
		"gzip, cut": packed[:len(packed)*2/3],
		"trailing":  append(bytes.Clone(packed), a...),
	}
	for i := range 4 { // a damaged member between sound ones
		damaged := bytes.Clone(packed)
		damaged[len(damaged)*(i+1)/5] ^= 0x55
		inputs[fmt.Sprint("gzip, damaged ", i)] = bytes.Join([][]byte{gz(t, b), damaged, packed}, nil)
		damaged = bytes.Clone(framed)
		damaged[len(damaged)*(i+1)/5] ^= 0x55
		inputs[fmt.Sprint("zstd, damaged ", i)] = bytes.Join([][]byte{framed, damaged, framed}, nil)
	}
	return inputs
}

// workers are cores of which one is busy with who reads.
func workers(n int) *Cores {
	c := NewCores(n)
	c.Enter()
	return c
}

func TestReadingAheadDeliversTheSame(t *testing.T) {
	for name, data := range longInputs(t) {
		want := readPipe(t, data, Options{})
		cores := workers(2)
		if got := readPipe(t, data, Options{Cores: cores}); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: something else was delivered or told", name)
		}
		if n := cores.busy.Load(); n != 1 {
			t.Errorf("%s: %d cores are busy at the end, want the reader's", name, n)
		}
	}
}

// Cores come and go: the reader changes between both ways again and again.
func TestReadingAheadNowAndThenDeliversTheSame(t *testing.T) {
	data := longInputs(t)["gzip, damaged 2"]
	want := readPipe(t, data, Options{})
	for round := range 5 {
		cores := workers(2)
		done, stopped := make(chan struct{}), sync.WaitGroup{}
		stopped.Go(func() {
			for {
				select {
				case <-done:
					return
				case <-time.After(200 * time.Microsecond):
					cores.Enter()
				}
				time.Sleep(100 * time.Microsecond)
				cores.Leave()
			}
		})
		var got reading
		o := Options{Cores: cores, Stdin: iotest.HalfReader(bytes.NewReader(data))}
		err := Input{Path: "in", Size: -1}.Streams(context.Background(), o, func(s *Stream) error {
			var text strings.Builder
			_, err := io.CopyBuffer(struct{ io.Writer }{&text}, s.Reader, make([]byte, 7000+round*9000))
			got.streams = append(got.streams, stream{s.Path, strings.Join(s.Codecs, " "), text.String(), err})
			return nil
		}, func(m *Member) { got.members = append(got.members, *m) })
		close(done)
		stopped.Wait()
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("round %d: something else was delivered or told (%v)", round, err)
		}
		if n := cores.busy.Load(); n != 1 {
			t.Errorf("round %d: %d cores are busy at the end", round, n)
		}
	}
}

func TestWhatIsReadAheadCanBeLeft(t *testing.T) {
	data := longInputs(t)["tgz"]
	want := readPipe(t, data, Options{}).members
	for _, n := range []int64{0, 1, 1 << 20, 1<<20 + 1, 1150 << 10} {
		cores, stop := workers(2), errors.New("enough")
		o := Options{Cores: cores, Stdin: bytes.NewReader(data)}
		var got []Member
		err := Input{Path: "in"}.Streams(context.Background(), o, func(s *Stream) error {
			_, err := io.CopyN(io.Discard, s, n)
			return err
		}, func(m *Member) { got = append(got, *m) })
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%d bytes read: got %v %v, want %v", n, got, err, want)
		}
		o.Stdin = bytes.NewReader(data)
		err = Input{Path: "in"}.Streams(context.Background(), o, func(s *Stream) error {
			io.CopyN(io.Discard, s, n)
			return stop
		}, func(*Member) {})
		if !errors.Is(err, stop) {
			t.Errorf("%d bytes read: got %v", n, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		o.Stdin = bytes.NewReader(data)
		err = Input{Path: "in"}.Streams(ctx, o, func(s *Stream) error {
			io.CopyN(io.Discard, s, n)
			cancel()
			_, err := io.Copy(io.Discard, s)
			return err
		}, func(*Member) {})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%d bytes read, then interrupted: got %v", n, err)
		}
		if n := cores.busy.Load(); n != 1 {
			t.Errorf("%d cores are busy at the end", n)
		}
	}
}

// A panickyReader is a defect on its way.
type panickyReader struct {
	r    io.Reader
	left int
}

func (p *panickyReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if p.left -= n; p.left < 0 {
		panic("a defect")
	}
	return n, err
}

func TestAPanicWhileReadingAheadIsTheReaders(t *testing.T) {
	data := longText(3, 4<<20)
	cores := workers(2)
	defer func() {
		if r := recover(); r != "a defect" {
			t.Errorf("got %v", r)
		}
		if n := cores.busy.Load(); n != 1 {
			t.Errorf("%d cores are busy at the end", n)
		}
	}()
	o := Options{Cores: cores, Stdin: &panickyReader{bytes.NewReader(data), 3 << 20}}
	err := Input{Path: "in"}.Streams(context.Background(), o, func(s *Stream) error {
		_, err := io.Copy(io.Discard, s)
		return err
	}, func(*Member) {})
	t.Errorf("it returned %v", err)
}

func TestCoresAreNotLentTwice(t *testing.T) {
	c := NewCores(2)
	c.Enter()
	if !c.Spare() || !c.Borrow() || c.Borrow() || c.Wanted() {
		t.Fatal("one of two cores was idle")
	}
	c.Enter() // a third goroutine, which did not ask
	if !c.Wanted() {
		t.Error("the lent core is wanted back")
	}
	c.Leave()
	c.Leave()
	if c.Wanted() || !c.Spare() {
		t.Error("a core is idle again")
	}
	if none := (*Cores)(nil); none.Borrow() || none.Spare() || !none.Wanted() {
		t.Error("no cores are lent where none are known")
	}
}
