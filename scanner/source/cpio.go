package source

import (
	"bytes"
	"io"
	"strconv"
	"strings"
)

// A cpioForm is one of the two forms of cpio whose headers are text; cpio(5). What is old
// and binary is not told from other bytes.
type cpioForm struct {
	magics     []string
	header     int    // its length, without the name behind it
	digits     string // of its numbers
	base       int
	mode       [2]int // where the digits of a number stand
	size       [2]int
	nameLength [2]int
	align      int64 // a header with its name, and the data of a member, are filled up to that
}

var cpioForms = []cpioForm{
	{[]string{"070701", "070702"}, 110, "0123456789abcdefABCDEF", 16, [2]int{14, 22}, [2]int{54, 62}, [2]int{94, 102}, 4}, // SVR4
	{[]string{"070707"}, 76, "01234567", 8, [2]int{18, 24}, [2]int{65, 76}, [2]int{59, 65}, 1},                            // POSIX.1
}

// maxCpioHeader is the longer one of the headers.
const maxCpioHeader = 110

// cpioFormOf recognises a header: the magic number and then nothing but digits, of which
// those of the name's length are not all zero. (The number alone is also the first of
// July 2007.)
func cpioFormOf(p []byte) *cpioForm {
	for i := range cpioForms {
		f := &cpioForms[i]
		for _, magic := range f.magics {
			if bytes.HasPrefix(p, []byte(magic)) && len(p) >= f.header && len(bytes.Trim(p[:f.header], f.digits)) == 0 && f.number(p, f.nameLength) > 0 {
				return f
			}
		}
	}
	return nil
}

// number is one of the numbers of a header, which are digits for certain.
func (f *cpioForm) number(header []byte, at [2]int) int64 {
	n, _ := strconv.ParseInt(string(header[at[0]:at[1]]), f.base, 64)
	return n
}

// A cpioWalk reads one archive from a tape, and those that were put behind it. A bad
// header costs what lies before the next good one, and that is scanned as a stream.
type cpioWalk struct {
	w     *walk
	n     *node
	t     *tape
	links int64
	ended bool // the last member was the one that ends an archive
}

func (w *walk) cpio(n *node, t *tape) error {
	n.codec("cpio")
	c := &cpioWalk{w: w, n: n, t: t}
	for !t.ended() && !n.crowded {
		if err := c.next(); err != nil {
			return err
		}
	}
	if !c.ended && !n.crowded && t.failure() == nil {
		n.note(Remark{Code: CodeNoEnd, Offset: t.offset(),
			Reason: "the archive lacks the member that ends one: it may have been cut between two members, and more may have followed"})
	}
	n.linked(c.links, 0)
	return w.err()
}

// next reads one header and its member, or what lies between two archives.
func (c *cpioWalk) next() error {
	at := c.t.offset()
	if c.ended && c.t.padding() > 0 { // to a block, or to the next archive
		return nil
	}
	header := c.t.peek(maxCpioHeader)
	f := cpioFormOf(header)
	if f == nil {
		if c.w.crowded(c.n, at) {
			return nil
		}
		return c.w.unnamed(c.n, at, &until{t: c.t, find: findCpioHeader})
	}
	mode, size, length := f.number(header, f.mode), f.number(header, f.size), f.number(header, f.nameLength)
	c.t.skip(int64(f.header))
	name, err := io.ReadAll(&section{t: c.t, left: min(length, maxTarMeta), start: c.t.offset()})
	if err != nil || int64(len(name)) < length {
		c.n.note(Remark{Code: CodeCut, Gap: true, Offset: c.t.offset(), Bytes: int64(len(name)),
			Reason: "the archive ends or is damaged inside a name, or its length is wrong", Lift: "get a whole copy of the archive"})
		return nil
	}
	c.pad(f, int64(f.header)+length)
	text := strings.TrimRight(string(name), "\x00")
	if c.ended = text == "TRAILER!!!" && size == 0; c.ended || size == 0 {
		return nil
	}
	const types, link = 0o170000, 0o120000
	s := &section{t: c.t, left: size, start: c.t.offset()}
	if mode&types == link && size <= maxName {
		c.links++
		s.left -= c.t.skip(s.room(size))
	} else if !c.w.crowded(c.n, at) {
		child := c.n.child(text, at)
		if err := c.w.item(child, s, func() { s.finish(child, size) }); err != nil {
			return err
		}
	}
	if s.left == 0 {
		c.pad(f, size)
	}
	return nil
}

// pad passes over the zeros that fill up so many bytes.
func (c *cpioWalk) pad(f *cpioForm, bytesBefore int64) {
	n := -bytesBefore & (f.align - 1)
	if n > 0 && len(bytes.Trim(c.t.peek(int(n)), "\x00")) == 0 {
		c.t.skip(n)
	}
}

// findCpioHeader is the finder of headers.
func findCpioHeader(window []byte, whole bool) (int, bool) {
	for at := 0; ; at++ {
		i := bytes.Index(window[at:], []byte("07070"))
		if i < 0 {
			return max(0, len(window)-overlap(whole, maxCpioHeader-1)), false
		}
		if at += i; !whole && len(window)-at < maxCpioHeader {
			return at, false
		}
		if cpioFormOf(window[at:]) != nil {
			return at, true
		}
	}
}
