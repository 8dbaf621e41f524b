package locallog

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

const (
	lengthSize = 4
	// maxEntry is the longest message that is believed, in bytes: the engine reads none
	// that is longer (maxMsgLen in read.go). It parts lines at 16 KiB.
	maxEntry = 1_000_000
	// bufferSize leaves room behind such an entry, so that what is in the buffer is
	// moved seldom.
	bufferSize = 2 << 20
	// leastEntry is a message with a stream and nothing else.
	leastEntry = len("\x0a\x06stdout")
)

// Is reports whether a stream begins like such a log.
func Is(prefix []byte) bool {
	n, ok := begins(prefix)
	if !ok {
		return false
	}
	end := prefix[min(lengthSize+n, len(prefix)):]
	return len(end) < lengthSize || int(binary.BigEndian.Uint32(end)) == n
}

// begins reports whether an entry may begin with p, and how long its message is.
func begins(p []byte) (n int, ok bool) {
	if len(p) < lengthSize+leastEntry {
		return 0, false
	}
	size := binary.BigEndian.Uint32(p)
	source := p[lengthSize : lengthSize+leastEntry]
	return int(size), size >= uint32(leastEntry) && size <= maxEntry && (string(source) == "\x0a\x06stdout" || string(source) == "\x0a\x06stderr")
}

// A Cutter cuts a stream into entries. One goroutine uses it.
type Cutter struct {
	src  *bufio.Reader
	data []byte
	off  int64 // of the next byte
	rows int64 // entries before it
}

// New returns a Cutter that reads r.
func New(r io.Reader) *Cutter { return &Cutter{src: bufio.NewReaderSize(r, bufferSize)} }

// Next replaces *p by the next piece, as frame.Framer.Next does.
func (c *Cutter) Next(p *frame.Piece) error {
	*p = frame.Piece{}
	p.Record.Pos = parsers.Pos{Line: c.rows + 1, Offset: c.off}
	head, err := c.src.Peek(lengthSize + leastEntry)
	if len(head) == 0 {
		return err
	}
	n, ok := begins(head)
	if !ok && len(bytes.Trim(head, "\x00")) == 0 {
		p.Kind, p.Code, p.Reason = frame.Note, "bytes.nul_run", "NUL bytes, as a crash or a cut file leaves them"
		p.Size = c.skip(0, func(b []byte) bool { return b[0] != 0 || isEntry(b) })
		return nil
	}
	raw, whole := head, false
	if ok {
		raw, err = c.src.Peek(lengthSize + n + lengthSize)
		if whole = err == nil; whole {
			ok = int(binary.BigEndian.Uint32(raw[lengthSize+n:])) == n
		}
	}
	if !ok {
		c.damage(p)
		return nil
	}
	c.record(p, raw, n, whole)
	c.src.Discard(len(raw)) // they were looked at; and stay where they are up to the next read
	return nil
}

// record makes p the entry raw, whose message is n bytes long if it is whole.
func (c *Cutter) record(p *frame.Piece, raw []byte, n int, whole bool) {
	var e entry
	sound := e.read(raw[lengthSize:min(lengthSize+n, len(raw))])
	c.data = e.spell(c.data[:0])
	p.Record.Raw, p.Record.Data, p.Size = raw, c.data, int64(len(raw))
	p.Record.Pos.Length = p.Size
	c.off, c.rows = c.off+p.Size, c.rows+1
	switch {
	case !whole:
		p.Code, p.Reason = "line.truncated_tail", "the stream ends within an entry; its line is not whole"
	case !sound:
		p.Code, p.Lost, p.Reason = "container.damaged", true, "an entry of Docker's local driver whose fields are damaged; those before the damage were read"
	}
}

// isEntry reports whether an entry may begin with b, which is no shorter unless the
// stream ends.
func isEntry(b []byte) bool {
	_, ok := begins(b)
	return ok
}

// damage makes p the gap up to where an entry begins.
func (c *Cutter) damage(p *frame.Piece) {
	p.Kind, p.Code = frame.Gap, "container.damaged"
	p.Reason = "no entry of Docker's local driver: its lengths do not agree, or it has no stream"
	p.Size = c.skip(1, isEntry)
}

// skip passes over bytes, the first of them unseen, up to where stop says so, and returns
// how many there were.
func (c *Cutter) skip(unseen int, stop func([]byte) bool) (n int64) {
	for i := unseen; ; i = 0 {
		b, err := c.src.Peek(32 << 10)
		seen := len(b)
		if err == nil {
			seen -= lengthSize + leastEntry - 1 // further on, an entry cannot be told
		}
		for i < seen && !stop(b[i:]) {
			i++
		}
		c.src.Discard(i)
		n, c.off = n+int64(i), c.off+int64(i)
		if i < seen || err != nil {
			return n
		}
	}
}
