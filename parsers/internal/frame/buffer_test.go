package frame

import (
	"io"
	"testing"
)

// xs is a line without an end of so many bytes.
type xs int

func (x *xs) Read(p []byte) (int, error) {
	n := min(len(p), int(*x))
	if n == 0 {
		return 0, io.EOF
	}
	for i := range p[:n] {
		p[i] = 'x'
	}
	*x -= xs(n)
	return n, nil
}

// The buffer of a record of some length is made anew once, as large as one may get:
// to double it would hold half of the record twice.
func TestBufferOfLongRecord(t *testing.T) {
	line := xs(3 * longRecord)
	const limit = 8 * longRecord
	f := New(&line, Options{MaxRecord: limit})
	defer f.Close()
	long := map[int]bool{}
	for f.win.more() {
		if n := len(f.win.buf); n > 2*longRecord+f.win.block {
			long[n] = true
		}
	}
	if len(f.win.data()) != 3*longRecord {
		t.Fatalf("%d bytes are held, want %d", len(f.win.data()), 3*longRecord)
	}
	if want := limit + defaultBlock; len(long) != 1 || !long[want] {
		t.Errorf("buffers of %v bytes were made for a long record, want one of %d", long, want)
	}
}
