package spill

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"tideline/scanner/text"
)

// A Coder takes items through temporary runs, in binary: what is written is read
// again by the same process, moments later. What comes back is what went in, nil
// and empty told apart. One function says of a type what it is made of, and
// serves both ways: it is given each part, and takes from it or sets it.
type Coder struct {
	reading bool
	buf     []byte // what was written, or what is left to read
	short   bool   // more was asked for than there is
	recent  *text.Recent
}

// An itemCodec is that of a Sorter: each item with its length in front. Items that are
// read share texts.
type itemCodec[T any] struct {
	code func(*Coder, *T)
	c    Coder
	room []byte
}

func newItemCodec[T any](code func(*Coder, *T)) *itemCodec[T] { return &itemCodec[T]{code: code} }

// Write implements Codec.
func (x *itemCodec[T]) Write(to *bufio.Writer, item *T) error {
	x.c.buf = x.c.buf[:0]
	x.code(&x.c, item)
	var head [binary.MaxVarintLen64]byte
	if _, err := to.Write(binary.AppendUvarint(head[:0], uint64(len(x.c.buf)))); err != nil {
		return err
	}
	_, err := to.Write(x.c.buf)
	return err
}

// Read implements Codec.
func (x *itemCodec[T]) Read(from *bufio.Reader, item *T) error {
	n, err := binary.ReadUvarint(from)
	if err != nil {
		return err
	}
	if uint64(cap(x.room)) < n {
		x.room = make([]byte, n+n/4)
	}
	if x.c.recent == nil {
		x.c.recent = text.NewRecent()
	}
	x.c.reading, x.c.short, x.c.buf = true, false, x.room[:n]
	if _, err := io.ReadFull(from, x.c.buf); err != nil {
		return fmt.Errorf("the item is cut: %w", err)
	}
	if x.code(&x.c, item); x.c.short || len(x.c.buf) > 0 {
		return errors.New("the item is not as it was written")
	}
	return nil
}

// Reading reports whether parts are set, not taken.
func (c *Coder) Reading() bool { return c.reading }

func (c *Coder) cut() { c.short, c.buf = true, nil }

// getUint takes a number off.
func (c *Coder) getUint() uint64 {
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

func (c *Coder) putUint(x uint64) { c.buf = binary.AppendUvarint(c.buf, x) }

// getBytes takes n bytes off, which are borrowed.
func (c *Coder) getBytes(n uint64) []byte {
	if n > uint64(len(c.buf)) {
		c.cut()
		return nil
	}
	b := c.buf[:n]
	c.buf = c.buf[n:]
	return b
}

// Int64 is a number, which takes few bytes if it is near zero.
func (c *Coder) Int64(x *int64) {
	if c.reading {
		u := c.getUint()
		*x = int64(u>>1) ^ -int64(u&1)
		return
	}
	c.buf = binary.AppendVarint(c.buf, *x)
}

// Int is Int64 of a whole number.
func (c *Coder) Int(x *int) {
	wide := int64(*x)
	c.Int64(&wide)
	*x = int(wide)
}

// Bool is yes or no.
func (c *Coder) Bool(x *bool) {
	if c.reading {
		*x = c.getUint() == 1
		return
	}
	b := byte(0)
	if *x {
		b = 1
	}
	c.buf = append(c.buf, b)
}

// Text is a text, of any bytes.
func (c *Coder) Text(s *string) {
	if c.reading {
		*s = c.recent.Of(c.getBytes(c.getUint()))
		return
	}
	c.putUint(uint64(len(*s)))
	c.buf = append(c.buf, *s...)
}

// Texts are several.
func (c *Coder) Texts(parts ...*string) {
	for _, s := range parts {
		c.Text(s)
	}
}

// Time is an instant, which comes back in UTC.
func (c *Coder) Time(t *time.Time) {
	if c.reading {
		*t = time.Time{}
		if nanos := c.getUint(); nanos > 0 {
			var seconds int64
			c.Int64(&seconds)
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
	c.Int64(&seconds)
}

// size is the number of elements of what has some, -1 if it is nil.
func (c *Coder) size(n int) int {
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

// Bytes are a copy of what was written.
func (c *Coder) Bytes(b *[]byte) {
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

// ListOf is a list of what each describes.
func ListOf[T any](c *Coder, list *[]T, each func(*Coder, *T)) {
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

// List is a list of texts.
func (c *Coder) List(l *[]string) { ListOf(c, l, (*Coder).Text) }

// Pointer is what each describes, or nil. What is read takes the place of again, if
// that is not nil.
func Pointer[T any](c *Coder, p **T, again *T, each func(*Coder, *T)) {
	there := *p != nil
	if c.Bool(&there); c.reading {
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

// Lists are lists by name, in any order.
func (c *Coder) Lists(m *map[string][]string) {
	n := -1
	if *m != nil {
		n = len(*m)
	}
	if n = c.size(n); !c.reading {
		for name, values := range *m {
			c.Text(&name)
			c.List(&values)
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
		c.Text(&name)
		c.List(&values)
		(*m)[name] = values
	}
}
