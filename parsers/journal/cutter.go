package journal

import (
	"fmt"
	"io"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

// Options bound a Cutter. The zero value is the default.
type Options struct {
	MaxRecord int   // Optional: bytes of the fields of an entry handed on whole; 0 means frame.DefaultMaxRecord
	Memory    int64 // Optional: bytes of a file kept in memory; 0 means 16 MiB
}

// A Cutter cuts one journal into pieces. One goroutine uses it.
type Cutter struct {
	src     io.Reader
	o       Options
	started bool
	store   store
	header  header
	layout  layout
	max     int

	pos     int64   // where the next object is
	held    []datum // DATA objects that no entry has had yet, as they lie in the file
	indexed int64   // bytes of the header and of objects for look-ups
	entries int64   // given out
	ended   bool
	cut     bool // the file ends within an object

	waiting []frame.Piece // to be given out first
	orphans []datum       // then these, of which the entry is lost
	pending object        // then this entry, if it has a size
	data    int64         // bytes of the DATA objects written for it

	line     line
	address  address
	items    []int64
	unpacker unpacker
	cache    [cacheSlots]cached
	spent    int64 // bytes of payloads given out
	budget   int64
}

// A datum is where a DATA object lies, with what aligns the next.
type datum struct {
	off, next int64
	used      bool
}

// maxHeld is how many DATA objects may wait for their entry.
const maxHeld = 4 * maxItems

// New returns a Cutter that reads r. The caller closes it.
func New(r io.Reader, o Options) *Cutter {
	c := &Cutter{src: r, o: o, max: o.MaxRecord}
	if c.max <= 0 {
		c.max = frame.DefaultMaxRecord
	}
	return c
}

// Close gives back what the Cutter holds.
func (c *Cutter) Close() { c.store.close() }

// Next replaces *p by the next piece, as frame.Framer.Next does.
func (c *Cutter) Next(p *frame.Piece) error {
	c.start()
	for {
		switch {
		case len(c.waiting) > 0:
			*p = c.waiting[0]
			c.waiting = c.waiting[1:]
			return nil
		case len(c.orphans) > 0:
			c.orphan(p)
			return nil
		case c.pending.size > 0:
			c.entry(p, c.pending)
			p.Size = min(c.pending.next(), c.store.size) - c.pending.off + c.data
			c.pending, c.data = object{}, 0
			return nil
		case !c.ended:
			c.step()
		case c.store.err != nil:
			return c.store.err
		default:
			return io.EOF
		}
	}
}

// start reads the stream and its header.
func (c *Cutter) start() {
	if c.started {
		return
	}
	c.started = true
	c.store.fill(c.src, c.o.Memory)
	c.header = parseHeader(c.store.at(0, 272))
	c.layout = c.header.layout()
	c.pos = min(c.header.size, c.store.size)
	c.indexed = c.pos
	c.budget = max(budgetBase, budgetRatio*c.store.size)
	c.remark(frame.Note, "journal.transcoded", 0, 0, "a binary journal, read as journalctl -o json would print it: line is the number of the entry, offset and length are those of its object")
	switch h := &c.header; {
	case h.damaged:
		c.remark(frame.Gap, "journal.damaged", 0, 0, "the header of the journal is damaged or cut: objects were looked for without it")
	case h.flags&^knownFlags != 0:
		c.remark(frame.Gap, "journal.unknown_mode", 0, 0, fmt.Sprintf("the journal says that it has features which are not known here (flags %#x): it was read without them", h.flags&^knownFlags))
	case h.state == stateOnline:
		c.remark(frame.Note, "journal.online", 0, 0, "the journal was not closed: it was copied while in use, or its machine went down; its last entries may be missing")
	}
}

// step reads the next object.
func (c *Cutter) step() {
	if c.pos >= c.store.size {
		c.end()
		return
	}
	o, ok := c.head(c.pos)
	switch {
	case !ok && zero(c.store.at(c.pos, headSize)):
		c.unwritten()
	case !ok:
		c.damaged(c.resync(c.pos + 8))
	case !c.ends(o.next()):
		// Its size is wrong, or it is sound and what follows is not.
		if to := c.resync(c.pos + 8); to < min(o.next(), c.store.size) {
			c.damaged(to)
			return
		}
		c.cut = c.cut || o.off+o.size > c.store.size
		c.object(o)
	default:
		c.object(o)
	}
}

// object takes an object at the place in hand.
func (c *Cutter) object(o object) {
	next := min(o.next(), c.store.size)
	switch o.kind {
	case typeData:
		if len(c.held) == maxHeld {
			c.abandon()
		}
		c.held = append(c.held, datum{off: o.off, next: next})
	case typeEntry:
		c.claim(o)
		c.pending = o
	default:
		c.indexed += next - o.off
	}
	c.pos = next
}

// claim gives an entry those of the DATA objects before it that it refers to.
// No entry will have the others: they are orphans.
func (c *Cutter) claim(o object) {
	_, items := c.readEntry(o)
	for _, off := range items {
		if i, ok := c.find(off); ok {
			c.held[i].used = true
		}
	}
	for _, d := range c.held {
		if d.used {
			c.data += d.next - d.off
		} else {
			c.orphans = append(c.orphans, d)
		}
	}
	c.held = c.held[:0]
}

// abandon makes orphans of all that is held.
func (c *Cutter) abandon() {
	c.orphans = append(c.orphans, c.held...)
	c.held = c.held[:0]
}

// damaged skips to a place behind damage.
func (c *Cutter) damaged(to int64) {
	c.abandon()
	c.remark(frame.Gap, "journal.damaged", c.pos, to-c.pos, "bytes of a journal that are no objects: what they were is lost")
	c.pos = to
}

// unwritten skips NULs: space that was reserved behind the last object, or a
// hole where objects were.
func (c *Cutter) unwritten() {
	to := c.zeros(c.pos)
	if to < c.store.size || c.header.tailObject >= c.pos {
		c.damaged(to)
		return
	}
	c.remark(frame.Note, "journal.unused", c.pos, to-c.pos, "space that the journal had reserved and not used yet")
	c.pos = to
}

// end closes the accounts.
func (c *Cutter) end() {
	c.ended = true
	c.abandon()
	if c.indexed > 0 {
		c.remark(frame.Note, "journal.index", 0, c.indexed, "header, hash tables, arrays and tags of the journal: they say where entries are")
	}
	if c.store.lost > 0 || c.store.why != nil {
		c.remark(frame.Gap, "journal.no_room", c.store.size, c.store.lost, fmt.Sprintf("the journal could not be held as a whole: %v", c.store.why))
	}
	h := &c.header
	if c.cut || h.tailObject >= c.store.size && c.store.size > 0 && !h.damaged {
		c.remark(frame.Gap, "journal.truncated", c.store.size, 0, fmt.Sprintf("the file ends before its last object, which should be at offset %d", h.tailObject))
	}
	if h.entries > c.entries {
		c.remark(frame.Gap, "journal.entries_missing", c.store.size, 0, fmt.Sprintf("the header counts %d entries, %d were found", h.entries, c.entries))
	}
}

// remark puts a note or gap before what follows.
func (c *Cutter) remark(kind frame.Kind, code string, off, size int64, reason string) {
	p := frame.Piece{Kind: kind, Code: code, Reason: reason, Size: size}
	p.Record.Pos = parsers.Pos{Line: c.entries + 1, Offset: off, Length: size}
	c.waiting = append(c.waiting, p)
}
