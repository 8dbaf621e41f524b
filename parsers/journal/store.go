package journal

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

const (
	storeMemory = 16 << 20 // bytes kept in memory before a file is made
	storeFile   = 8 << 30  // bytes kept at all
	pageSize    = 64 << 10
	pages       = 64 // of a file, in memory at a time
)

// A store holds a stream for random access.
type store struct {
	size int64
	mem  []byte   // all of it, or
	file *os.File // all of it, without a name

	cache   [pages]page
	scratch []byte // what lies across pages
	near    [headSize]byte

	lost int64 // bytes of the stream behind those that are held
	why  error // why they are not held
	err  error // of the stream; nil at a clean end
}

type page struct {
	number int64 // of the page + 1; 0 is none
	data   []byte
}

// fill reads r to its end. memory is how much of it may stay in memory; 0
// means storeMemory.
func (s *store) fill(r io.Reader, memory int64) {
	if memory <= 0 {
		memory = storeMemory
	}
	src := &source{r: r}
	var head bytes.Buffer
	n, _ := io.Copy(&head, io.LimitReader(src, memory)) // what stopped it is in src
	s.mem, s.size = head.Bytes(), n
	defer func() { s.err = src.err }()
	if n < memory {
		return
	}
	var next [1]byte
	if n, _ := io.ReadFull(src, next[:]); n == 0 {
		return
	}
	rest := io.MultiReader(bytes.NewReader(next[:]), src)
	if s.why = s.spill(rest); s.why != nil {
		lost, _ := io.Copy(io.Discard, rest) // as above
		s.lost += lost
	}
}

// A source remembers how the stream ended: a file that is full must not be
// taken for damage of the evidence.
type source struct {
	r   io.Reader
	err error // nil at a clean end
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// spill moves what is in memory to a file and takes the rest there. It tells
// why there was no room.
func (s *store) spill(rest io.Reader) error {
	f, err := os.CreateTemp("", "tideline-journal-*")
	if err != nil {
		return fmt.Errorf("make room for a long journal: %w", err)
	}
	_ = os.Remove(f.Name()) // where an open file cannot be removed, it stays until the system cleans up
	if _, err := f.Write(s.mem); err != nil {
		_ = f.Close() // scratch
		return fmt.Errorf("make room for a long journal: %w", err)
	}
	into := &counted{w: f}
	n, _ := io.Copy(into, io.LimitReader(rest, storeFile-s.size)) // whose fault it was is in into and in rest
	s.file, s.mem = f, nil
	s.size += n
	s.lost = into.given - n
	if into.failed != nil {
		return fmt.Errorf("keep a long journal: %w", into.failed)
	}
	if s.size == storeFile {
		return fmt.Errorf("a journal of more than %d GiB, which systemd does not write", storeFile>>30)
	}
	return nil
}

// counted counts what it was given, and tells its own errors from the reader's.
type counted struct {
	w      io.Writer
	given  int64
	failed error
}

func (c *counted) Write(p []byte) (int, error) {
	c.given += int64(len(p))
	n, err := c.w.Write(p)
	c.failed = err
	return n, err
}

// close gives the file back.
func (s *store) close() {
	if s.file != nil {
		_ = s.file.Close() // scratch: nothing can be lost
		s.file = nil
	}
}

// at returns up to n bytes from offset off on, fewer only at the end. They are
// valid until the next call.
func (s *store) at(off, n int64) []byte {
	if off < 0 || off >= s.size || n <= 0 {
		return nil
	}
	n = min(n, s.size-off)
	if s.file == nil {
		return s.mem[off : off+n : off+n]
	}
	if first := s.page(off / pageSize); off%pageSize+n <= int64(len(first)) {
		from := off % pageSize
		return first[from : from+n : from+n]
	}
	s.scratch = s.scratch[:0]
	for n > 0 {
		b := s.page(off / pageSize)
		from := min(off%pageSize, int64(len(b)))
		b = b[from:min(from+n, int64(len(b)))]
		if len(b) == 0 {
			break
		}
		s.scratch = append(s.scratch, b...)
		off += int64(len(b))
		n -= int64(len(b))
	}
	return s.scratch
}

// glance is at for the head of an object that may lie anywhere: of a file, no
// page is read for it. It is valid until the next call of glance.
func (s *store) glance(off int64) []byte {
	if s.file == nil || s.cache[off/pageSize%pages].number == off/pageSize+1 {
		return s.at(off, headSize)
	}
	n, err := s.file.ReadAt(s.near[:min(headSize, s.size-off)], off)
	if err != nil && err != io.EOF && s.why == nil {
		s.why = fmt.Errorf("read a long journal back: %w", err)
	}
	return s.near[:n]
}

// page returns a page of the file. What cannot be read back is missing, and
// becomes a gap where it is needed.
func (s *store) page(number int64) []byte {
	p := &s.cache[number%pages]
	if p.number == number+1 {
		return p.data
	}
	if p.data == nil {
		p.data = make([]byte, pageSize)
	}
	p.data = p.data[:pageSize]
	n, err := s.file.ReadAt(p.data, number*pageSize)
	if err != nil && err != io.EOF && s.why == nil {
		s.why = fmt.Errorf("read a long journal back: %w", err)
	}
	p.data, p.number = p.data[:n], number+1
	return p.data
}
