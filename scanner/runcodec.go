package scanner

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// A coder takes items through temporary runs, in binary: what is written is read
// again by the same process, moments later. What comes back is what went in, nil
// and empty told apart. One function says of a type what it is made of (runitems.go),
// and serves both ways: it is given each part, and takes from it or sets it.
type coder struct {
	reading bool
	buf     []byte // what was written, or what is left to read
	short   bool   // more was asked for than there is
	recent  *recentTexts
}

// A runWriter writes items, each with its length in front.
type runWriter[T any] struct {
	to   *bufio.Writer
	code func(*coder, *T)
	c    coder
}

func (w *runWriter[T]) write(item *T) error {
	w.c.buf = w.c.buf[:0]
	w.code(&w.c, item)
	var head [binary.MaxVarintLen64]byte
	if _, err := w.to.Write(binary.AppendUvarint(head[:0], uint64(len(w.c.buf)))); err != nil {
		return err
	}
	_, err := w.to.Write(w.c.buf)
	return err
}

// An itemReader reads what a runWriter wrote. Items share texts.
type itemReader[T any] struct {
	from  *bufio.Reader
	code  func(*coder, *T)
	texts *recentTexts
	buf   []byte
}

// read sets all of item; io.EOF where there is none.
func (r *itemReader[T]) read(item *T) error {
	n, err := binary.ReadUvarint(r.from)
	if err != nil {
		return err
	}
	if uint64(cap(r.buf)) < n {
		r.buf = make([]byte, n+n/4)
	}
	c := coder{reading: true, buf: r.buf[:n], recent: r.texts}
	if _, err := io.ReadFull(r.from, c.buf); err != nil {
		return fmt.Errorf("the item is cut: %w", err)
	}
	if r.code(&c, item); c.short || len(c.buf) > 0 {
		return errors.New("the item is not as it was written")
	}
	return nil
}

func (c *coder) cut() { c.short, c.buf = true, nil }

// getUint takes a number off.
func (c *coder) getUint() uint64 {
	if len(c.buf) > 0 && c.buf[0] < 0x80 { // most are small
		x := c.buf[0]
		c.buf = c.buf[1:]
		return uint64(x)
	}
	x, n := binary.Uvarint(c.buf)
	if n <= 0 {
		c.cut()
		return 0
	}
	c.buf = c.buf[n:]
	return x
}

func (c *coder) putUint(x uint64) { c.buf = binary.AppendUvarint(c.buf, x) }

// getBytes takes n bytes off, which are borrowed.
func (c *coder) getBytes(n uint64) []byte {
	if n > uint64(len(c.buf)) {
		c.cut()
		return nil
	}
	b := c.buf[:n]
	c.buf = c.buf[n:]
	return b
}

func (c *coder) int64(x *int64) {
	if c.reading {
		u := c.getUint()
		*x = int64(u>>1) ^ -int64(u&1)
		return
	}
	c.buf = binary.AppendVarint(c.buf, *x)
}

func (c *coder) int(x *int) {
	wide := int64(*x)
	c.int64(&wide)
	*x = int(wide)
}

func (c *coder) bool(x *bool) {
	if c.reading {
		*x = c.getUint() == 1
		return
	}
	c.buf = append(c.buf, b2i(*x))
}

func b2i(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func (c *coder) text(s *string) {
	if c.reading {
		*s = c.recent.of(c.getBytes(c.getUint()))
		return
	}
	c.putUint(uint64(len(*s)))
	c.buf = append(c.buf, *s...)
}

func (c *coder) texts(parts ...*string) {
	for _, s := range parts {
		c.text(s)
	}
}

// time is an instant, which comes back in UTC.
func (c *coder) time(t *time.Time) {
	if c.reading {
		*t = time.Time{}
		if nanos := c.getUint(); nanos > 0 {
			var seconds int64
			c.int64(&seconds)
			*t = time.Unix(seconds, int64(nanos-1)).UTC()
		}
		return
	}
	if t.IsZero() {
		c.putUint(0)
		return
	}
	seconds := t.Unix()
	c.putUint(uint64(t.Nanosecond()) + 1)
	c.int64(&seconds)
}

// size is the number of elements of what has some, -1 if it is nil.
func (c *coder) size(n int) int {
	if !c.reading {
		c.putUint(uint64(n + 1))
		return n
	}
	x := c.getUint()
	if x > uint64(len(c.buf))+1 { // everything takes a byte at least
		c.cut()
		return -1
	}
	return int(x) - 1
}

func (c *coder) bytes(b *[]byte) {
	n := c.size(lengthOf(*b))
	if !c.reading {
		c.buf = append(c.buf, *b...)
		return
	}
	*b = nil
	if n >= 0 {
		*b = append(make([]byte, 0, n), c.getBytes(uint64(n))...)
	}
}

// listOf is a list of what each describes.
func listOf[T any](c *coder, list *[]T, each func(*coder, *T)) {
	n := c.size(lengthOf(*list))
	if c.reading {
		*list = nil
		if n >= 0 {
			*list = make([]T, n)
		}
	}
	for i := range *list {
		each(c, &(*list)[i])
	}
}

// lengthOf is -1 for nil.
func lengthOf[T any](list []T) int {
	if list == nil {
		return -1
	}
	return len(list)
}

// list is a list of texts.
func (c *coder) list(l *[]string) { listOf(c, l, (*coder).text) }

// pointer is what each describes, or nil. What is read takes the place of again, if
// that is not nil.
func pointer[T any](c *coder, p **T, again *T, each func(*coder, *T)) {
	there := *p != nil
	if c.bool(&there); c.reading {
		*p = nil
		if there && again == nil {
			again = new(T)
		}
		if there {
			*p = again
		}
	}
	if there {
		each(c, *p)
	}
}

// lists are lists by name, in any order.
func (c *coder) lists(m *map[string][]string) {
	n := -1
	if *m != nil {
		n = len(*m)
	}
	if n = c.size(n); !c.reading {
		for name, values := range *m {
			c.text(&name)
			c.list(&values)
		}
		return
	}
	*m = nil
	if n >= 0 {
		*m = make(map[string][]string, n)
	}
	for range n {
		var name string
		var values []string
		c.text(&name)
		c.list(&values)
		(*m)[name] = values
	}
}
