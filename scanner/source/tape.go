package source

import (
	"bytes"
	"io"
	"sync"
)

const (
	lookback = 256 << 10 // bytes that can be read again
	lookout  = 256 << 10 // bytes that can be looked at before they are read
)

// A tape reads a stream with some memory: it can look ahead by lookout bytes
// and go back by lookback bytes. Salvage lives on that: a decoder notices
// damage only after it has run past it, perhaps into the next sound member.
//
// A tape belongs to one goroutine.
type tape struct {
	src    io.Reader
	buf    []byte
	r, w   int   // unread bytes are buf[r:w]
	base   int64 // offset of buf[0] in the stream
	err    error // from src, told when the buffer is used up
	direct bool  // large reads may pass by the buffer, and forget it

	at   io.ReaderAt // Optional: the same bytes at random, when src is a file
	size int64       // of at

	gaps func() []int64 // Optional: offsets at which continuity was lost
}

var tapes = sync.Pool{New: func() any { return &tape{buf: make([]byte, lookback+lookout)} }}

func newTape(src io.Reader) *tape {
	t := tapes.Get().(*tape)
	*t = tape{src: src, buf: t.buf}
	return t
}

// release gives the buffer back. Nothing may use the tape afterwards.
func (t *tape) release() {
	buf := t.buf
	*t = tape{buf: buf}
	tapes.Put(t)
}

// offset is the position of the next byte to be read.
func (t *tape) offset() int64 { return t.base + int64(t.r) }

// fill tries to have n unread bytes in the buffer, n being at most lookout.
func (t *tape) fill(n int) {
	for empty := 0; t.w-t.r < n && t.err == nil; {
		if len(t.buf)-t.r < n || t.w == len(t.buf) {
			t.slide()
		}
		m, err := t.src.Read(t.buf[t.w:])
		t.w += m
		t.err = err
		if m > 0 {
			empty = 0
		} else if empty++; empty > 100 && err == nil {
			t.err = io.ErrNoProgress
		}
	}
}

// slide makes room behind the unread bytes and keeps lookback before them.
func (t *tape) slide() {
	from := max(0, t.r-lookback)
	copy(t.buf, t.buf[from:t.w])
	t.base += int64(from)
	t.r -= from
	t.w -= from
}

// peek returns up to n bytes without reading them; fewer only at the end. They
// are valid until the next call.
func (t *tape) peek(n int) []byte {
	t.fill(min(n, lookout))
	return t.buf[t.r:min(t.w, t.r+n)]
}

// ended reports whether everything was read. A failing source has ended too.
func (t *tape) ended() bool { return len(t.peek(1)) == 0 }

// failure is why the tape ended, nil for a clean end.
func (t *tape) failure() error {
	if t.err == io.EOF || t.w > t.r {
		return nil
	}
	return t.err
}

func (t *tape) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if t.r == t.w && t.direct && t.err == nil && len(p) >= 4<<10 {
		n, err := t.src.Read(p)
		t.base += int64(t.w + n)
		t.r, t.w, t.err = 0, 0, err
		if n > 0 || err == nil {
			return n, nil
		}
	}
	t.fill(1)
	if t.r == t.w {
		return 0, t.err
	}
	n := copy(p, t.buf[t.r:t.w])
	t.r += n
	return n, nil
}

func (t *tape) ReadByte() (byte, error) {
	if t.r == t.w {
		t.fill(1)
		if t.r == t.w {
			return 0, t.err
		}
	}
	b := t.buf[t.r]
	t.r++
	return b, nil
}

// skip reads n bytes and returns how many there were.
func (t *tape) skip(n int64) int64 {
	var done int64
	for done < n {
		t.fill(1)
		if t.r == t.w {
			break
		}
		m := min(n-done, int64(t.w-t.r))
		t.r += int(m)
		done += m
	}
	return done
}

// padding reads zero bytes, which fill up blocks of tapes and disks, and
// returns their number.
func (t *tape) padding() int64 {
	var n int64
	for {
		window := t.peek(4 << 10)
		rest := len(bytes.TrimLeft(window, "\x00"))
		t.r += len(window) - rest
		n += int64(len(window) - rest)
		if rest > 0 || len(window) == 0 {
			return n
		}
	}
}

// rewind goes back to offset, or as near to it as the memory reaches.
func (t *tape) rewind(offset int64) {
	t.r = max(0, min(int(offset-t.base), t.w))
}

// drain reads to the end.
func (t *tape) drain() {
	for !t.ended() {
		t.r = t.w
	}
}

// breaks are the offsets known so far at which continuity was lost.
func (t *tape) breaks() []int64 {
	if t.gaps == nil {
		return nil
	}
	return t.gaps()
}
