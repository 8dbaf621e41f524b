package containerlog

import (
	"slices"
	"time"

	"tideline/parsers"
)

// Limits of what is held back while a line is put together again.
const (
	maxText  = 16 << 20 // bytes of one line
	maxParts = 1 << 14  // records of one line
	// looseParts is after how many short records without a newline a writer is
	// taken for one that writes none, instead of for one that is still at the
	// same line.
	looseParts = 8
	// maxApart is how long a line may take to be finished. A runtime writes the
	// last piece of a container that ended, too, as one that goes on.
	maxApart = 10 * time.Minute
)

// A partial is a line of which not all records have been read. It owns its
// bytes.
type partial struct {
	origin parsers.Origin
	stream []byte
	parts  []part
	raw    []byte
	text   []byte
	short  int // parts that are shorter than a runtime would cut
}

// A part is one record of a partial line; its bytes end at offsets.
type part struct {
	pos       parsers.Pos
	time      time.Time
	raw, text int
}

func (p *partial) open() bool { return len(p.parts) > 0 }

// add appends a record.
func (p *partial) add(rec *parsers.Record, e *entry, origin *parsers.Origin) {
	if !p.open() {
		p.origin = *origin
		p.stream = append(p.stream[:0], e.stream...)
	}
	p.raw = append(p.raw, rec.Raw...)
	p.text = append(p.text, e.message...)
	p.parts = append(p.parts, part{pos: rec.Pos, time: e.time, raw: len(p.raw), text: len(p.text)})
	if e.short {
		p.short++
	}
}

// stale reports whether a piece written at that time belongs to another line.
func (p *partial) stale(at time.Time) bool {
	if !p.open() {
		return false
	}
	last := p.parts[len(p.parts)-1].time
	return !last.IsZero() && !at.IsZero() && at.Sub(last).Abs() > maxApart
}

// full reports whether no more may be added.
func (p *partial) full() bool {
	return len(p.parts) >= maxParts || len(p.text) >= maxText || len(p.raw) >= 2*maxText
}

// loose reports whether the parts are no parts at all.
func (p *partial) loose() bool { return p.short >= looseParts && p.short == len(p.parts) }

func (p *partial) reset() {
	p.parts, p.raw, p.text, p.short = p.parts[:0], p.raw[:0], p.text[:0], 0
	if cap(p.raw) > 1<<20 {
		p.raw, p.text = nil, nil
	}
}

// records appends positions and bytes of the parts from to to.
func (p *partial) records(pos []parsers.Pos, raw [][]byte, from, to int) ([]parsers.Pos, [][]byte) {
	at := p.rawStart(from)
	pos, raw = slices.Grow(pos, to-from), slices.Grow(raw, to-from)
	for _, one := range p.parts[from:to] {
		pos, raw = append(pos, one.pos), append(raw, p.raw[at:one.raw:one.raw])
		at = one.raw
	}
	return pos, raw
}

func (p *partial) rawStart(i int) int {
	if i == 0 {
		return 0
	}
	return p.parts[i-1].raw
}

func (p *partial) textStart(i int) int {
	if i == 0 {
		return 0
	}
	return p.parts[i-1].text
}
