package source

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"
)

// TestManyMembersNeedNoMoreMemory reads 100,000 members from a pipe that
// nobody could hold, and looks at the heap while it does.
func TestManyMembersNeedNoMoreMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 100,000 members")
	}
	const members = 100_000
	r, w := io.Pipe()
	go func() {
		tw := tar.NewWriter(w)
		for i := range members {
			body := fmt.Appendf(nil, "line of member %d\n", i)
			if i%10 == 0 {
				body = gz(t, body)
			}
			if err := tw.WriteHeader(&tar.Header{Name: fmt.Sprintf("pods/%06d/0.log", i), Size: int64(len(body)), Mode: 0o600}); err != nil {
				t.Error(err)
			}
			if _, err := tw.Write(body); err != nil {
				t.Error(err)
			}
		}
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
		w.Close()
	}()
	var most uint64
	streams, told := 0, 0
	err := Input{Path: "in", Size: -1}.Streams(context.Background(), Options{Stdin: r}, func(s *Stream) error {
		if streams++; streams%10_000 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
		_, err := io.Copy(io.Discard, s)
		return err
	}, func(m *Member) { told++ })
	if err != nil || streams != members || told != members+1 {
		t.Errorf("%d streams, %d members, %v", streams, told, err)
	}
	if most > 32<<20 {
		t.Errorf("%d bytes of heap", most)
	}
}

// TestEveryWayToReadGivesTheSame holds the result against the sizes in which
// the bytes happen to arrive.
func TestEveryWayToReadGivesTheSame(t *testing.T) {
	data := gz(t, tarOf(t, append(three(), file{"d.zst", zst(t, lines(300_000))})...))
	data[len(data)/2] ^= 0xff
	want := fmt.Sprint(readPipe(t, data, Options{}))
	for _, n := range []int{1, 7, 512, 4096, lookout - 1, lookout, lookout + 1} {
		o := Options{Stdin: &pieces{bytes.NewReader(data), n}}
		if got := fmt.Sprint(readInput(t, Input{Path: "in", Size: -1}, o)); got != want {
			t.Errorf("in pieces of %d: differs", n)
		}
	}
}

type pieces struct {
	r io.Reader
	n int
}

func (p *pieces) Read(b []byte) (int, error) { return p.r.Read(b[:min(len(b), p.n)]) }
