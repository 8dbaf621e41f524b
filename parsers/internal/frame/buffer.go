package frame

import (
	"bytes"
	"io"
	"sync"
)

// A window is the part of a stream that is held in memory. Bytes move only
// when a record straddles the end of the block.
type window struct {
	src   io.Reader
	err   error // of src; io.EOF at a clean end. Set once.
	buf   []byte
	r, w  int   // buf[r:w] is unread
	off   int64 // of buf[r] in the stream
	line  int64 // of buf[r], from 1
	block int   // bytes asked for at a time
	limit int   // bytes of the longest record: the buffer is not made much longer
	eol   byte  // '\n', or '\r' in a stream without '\n'
	wide  bool  // the stream was UTF-16: see size

	pinned bool // bytes of buf are not moved: see Framer.Refill
	lines  int  // of a pinned buf: what is before it are whole lines

	nul int // where the next NUL in buf is, if below nulSeen
	// nulSeen is up to where buf was searched for NUL. A run of NULs is rare,
	// a search for one per record is not free.
	nulSeen int
}

// data is what is unread.
func (w *window) data() []byte { return w.buf[w.r:w.w] }

// more reads on and reports whether there are more unread bytes than before.
// It moves unread bytes to the front, so indexes into data stay valid and
// slices of it do not.
func (w *window) more() bool {
	for empty := 0; w.err == nil; empty++ {
		w.makeRoom()
		n, err := w.src.Read(w.buf[w.w:])
		w.w += n
		w.err = err
		if n > 0 {
			return true
		}
		if empty == maxEmptyReads && err == nil {
			w.err = io.ErrNoProgress
		}
	}
	return false
}

// maxEmptyReads is how often in a row a reader may return nothing.
const maxEmptyReads = 100

// makeRoom makes space for at least half a block behind w.
func (w *window) makeRoom() {
	if len(w.buf)-w.w >= w.block/2 {
		return
	}
	if w.buf == nil && w.block == defaultBlock {
		w.buf = blocks.Get().(*[defaultBlock]byte)[:]
		return
	}
	n := w.w - w.r
	switch {
	case w.pinned || n+w.block/2 > len(w.buf):
		w.lines = 0
		grown := make([]byte, w.roomFor(n))
		copy(grown, w.buf[w.r:w.w])
		w.buf = grown
	case len(w.buf) > 4*w.block && n < w.block/2:
		// Grown for one long record, which is over.
		small := make([]byte, w.block)
		copy(small, w.buf[w.r:w.w])
		w.buf = small
	default:
		copy(w.buf, w.buf[w.r:w.w])
	}
	w.nul, w.nulSeen = max(0, w.nul-w.r), max(0, w.nulSeen-w.r)
	w.r, w.w = 0, n
}

// replace puts two texts in place of data[from:]. If there is no room for them, what
// was before stays where it is, for whoever has it.
func (w *window) replace(from int, one, two []byte) {
	if need := from + len(one) + len(two); w.r+need > len(w.buf) {
		grown := make([]byte, need+w.block)
		copy(grown, w.buf[w.r:w.r+from])
		w.buf, w.r, w.lines = grown, 0, 0
	}
	w.w = w.r + from
	w.w += copy(w.buf[w.w:], one)
	w.w += copy(w.buf[w.w:], two)
	w.nul, w.nulSeen = 0, 0
}

// longRecord is from how many bytes on a record is taken to be as long as one may
// be. To double its buffer again and again would hold half of it twice, and what
// is never written to of a large new buffer takes no memory.
const longRecord = 8 << 20

// roomFor is the size of a buffer for n bytes and what follows them.
func (w *window) roomFor(n int) int {
	if n >= longRecord && n <= w.limit {
		return w.limit + w.block
	}
	return max(n+w.block, min(2*n, w.limit)+w.block)
}

// blocks are buffers to begin with: a bundle may hold a hundred thousand small
// files, and to make a buffer costs more than to read one of them.
var blocks = sync.Pool{New: func() any { return new([defaultBlock]byte) }}

// free gives the buffer back. The window must not be used any more.
func (w *window) free() {
	if len(w.buf) == defaultBlock && cap(w.buf) == defaultBlock {
		blocks.Put((*[defaultBlock]byte)(w.buf))
	}
	w.buf = nil
}

// need makes at least n bytes unread, if the stream has them.
func (w *window) need(n int) bool {
	for w.w-w.r < n {
		if !w.more() {
			return false
		}
	}
	return true
}

// skip drops the next n unread bytes and returns how many bytes as read they
// were.
func (w *window) skip(n int) int64 {
	b := w.buf[w.r : w.r+n]
	w.line += int64(bytes.Count(b, []byte{w.eol}))
	w.r += n
	w.off += int64(n)
	return w.size(b)
}

// size is how many bytes of the original stream b was. In UTF-16 every
// character takes two bytes, and four if it takes four in UTF-8; an oddByte is one.
func (w *window) size(b []byte) int64 {
	if !w.wide {
		return int64(len(b))
	}
	n := int64(0)
	for _, c := range b {
		switch {
		case c == oddByte:
			n++
		case c&0xc0 != 0x80:
			n += 2
			if c >= 0xf0 {
				n += 2
			}
		}
	}
	return n
}

// lineEnd returns the index in data, from from on, of the end of the line: that
// of the byte that ends it, or of a run of NULs. ok is false if the stream, or
// limit bytes of data, hold none: then it is where the search ended.
func (w *window) lineEnd(from, limit int) (end int, ok bool) {
	for {
		b := w.data()
		b = b[:min(len(b), limit)]
		if from < len(b) {
			if i := w.eolIn(b[from:]); i >= 0 {
				return w.nulRun(from, from+i), true
			}
			if i := w.nulRun(from, len(b)); i < len(b) {
				return i, true
			}
		}
		if len(b) == limit {
			return limit, false
		}
		from = max(from, len(b)-nulRunLen)
		if !w.more() {
			return len(w.data()), false
		}
	}
}

func (w *window) eolIn(b []byte) int {
	if w.eol == '\n' {
		return bytes.IndexByte(b, '\n')
	}
	return bytes.IndexAny(b, "\r\n")
}

// nulRunLen is how many NULs in a row end a record: fewer are a damaged byte,
// so many are a hole that a crash left.
const nulRunLen = 8

var nulRun = make([]byte, nulRunLen)

// nulRun returns the index of the first run of NULs in data[from:to], or to.
func (w *window) nulRun(from, to int) int {
	if w.r+to > w.nulSeen || w.nul < w.r+from {
		w.findNUL(w.r + from)
	}
	if w.nul >= w.r+to {
		return to
	}
	if i := bytes.Index(w.data()[from:to], nulRun); i >= 0 {
		return from + i
	}
	return to
}

// findNUL searches all that is held from index i of buf on.
func (w *window) findNUL(i int) {
	w.nulSeen = w.w
	w.nul = w.w
	if n := bytes.IndexByte(w.buf[i:w.w], 0); n >= 0 {
		w.nul = i + n
	}
}
