package journal

import (
	"errors"
	"sort"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

// errNoEntry is why a record has no time and perhaps not all fields.
var errNoEntry = errors.New("their entry is lost, with its time and the fields that it shared with others")

// find returns the index in held of the DATA object at off.
func (c *Cutter) find(off int64) (int, bool) {
	return sort.Find(len(c.held), func(i int) int { return int(min(max(off-c.held[i].off, -1), 1)) })
}

// orphan makes p a record of DATA objects whose entry is lost. Where a name
// comes again another entry has begun.
func (c *Cutter) orphan(p *frame.Piece) {
	c.line.reset()
	from, n := c.orphans[0].off, 0
	size := int64(0)
	for _, d := range c.orphans {
		payload, _ := c.payload(d.off) // that fields are missing is said below
		if name := fieldName(payload); name > 0 && n > 0 && c.line.has(payload[:name]) {
			break
		}
		_ = c.take(d.off) // as above
		size += d.next - d.off
		if n++; n == maxItems {
			break
		}
	}
	last := c.orphans[n-1]
	c.orphans = c.orphans[n:]
	c.record(p, nil, parsers.Pos{Line: c.entries + 1, Offset: from, Length: last.next - from})
	p.Size = size
	c.lose(p, "journal.no_entry", errNoEntry)
	p.Reason = "fields in a journal without their entry: " + errNoEntry.Error()
}
