package auditd

import (
	"bytes"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

// Run implements parsers.Runner.
func (d *decoder) Run(text []byte, at parsers.Pos, origin *parsers.Origin, emit func(*parsers.Event) error) (lines, size int, bad *parsers.Record, err error) {
	rec := &d.rec
	rec.Origin, rec.Pos = *origin, at
	for size < len(text) {
		n := d.follows(text[size:], rec)
		if n < 0 {
			n = bytes.IndexByte(text[size:], '\n')
			line := text[size : size+n : size+n]
			if !runs(line) {
				break
			}
			rec.Data, rec.Raw, rec.Pos.Length = line, line, int64(n)
			switch err := d.Decode(rec, emit); err {
			case nil:
			case parsers.ErrForeign:
				return lines, size, nil, nil
			default:
				return lines, size, rec, err
			}
		}
		lines++
		size += n + 1
		rec.Pos.Line++
		rec.Pos.Offset += int64(n) + 1
	}
	return lines, size, nil, nil
}

// follows adds the first line of a text to the event of the line before, if it is
// what came there another time; nothing is read of it then. It returns the length of
// the line; -1, if nothing was done.
func (d *decoder) follows(text []byte, rec *parsers.Record) int {
	g := d.window.last
	if g == nil || d.stencils == nil || len(d.notes) > 0 || d.stamp.n == 0 || g.stamp != d.stamp.stamp || g.stamp.has != hasTime|hasSerial || g.stamped.len() != d.stamp.n || len(g.recs) >= maxGathered {
		return -1
	}
	if step := g.gist.step; step != nil && g.gist.count == len(g.recs) {
		for _, k := range step.kids[:min(len(step.kids), maxGuesses)] {
			if n := d.fitsNext(g, k.stencil, text, rec); n >= 0 {
				return n
			}
		}
		for _, k := range step.loose[:min(len(step.loose), maxGuesses)] {
			if n := d.fitsNext(g, k.stencil, text, rec); n >= 0 {
				return n
			}
		}
	}
	if t := g.lastStencil(); t != nil && t.next != nil {
		return d.fitsNext(g, t.next, text, rec)
	}
	return -1
}

// maxGuesses is how many records are tried that came behind the ones at hand before.
const maxGuesses = 3

// fitsNext adds the first line of a text to g, of the same stamp as the line before,
// if it fits t.
func (d *decoder) fitsNext(g *group, t *stencil, text []byte, rec *parsers.Record) int {
	body, ok := t.bodyOf(text, &d.stamp)
	if !ok || !t.lined || !g.accepts(t.node) {
		return -1
	}
	holes, end := t.fitted(d.stencils.scratch[:0], body)
	if end < 0 || end >= len(body) || body[end] != '\n' || end > maxStencil {
		return -1
	}
	if t.loose && d.stencils.often(t, body, holes) {
		return -1 // it may have a stencil of its own
	}
	n := len(text) - len(body) + end
	if n > frame.MaxLine || g.size+n > maxEventBytes {
		return -1
	}
	d.stencils.met.tick()
	t.used, rec.Pos.Length = true, int64(n)
	d.stencils.addGhost(g, t, body[:end], holes, d.stamp.text[:d.stamp.n], rec.Pos)
	d.window.counts(g, n)
	return n
}

// runs reports whether a line may be read as it stands: it begins as auditd and
// syslog begin lines. What begins with a digit may be a part of a longer line.
func runs(line []byte) bool {
	if len(line) == 0 || len(line) > frame.MaxLine || line[len(line)-1] == '\r' {
		return false
	}
	c := line[0] | 0x20
	return 'a' <= c && c <= 'z' || line[0] == '<'
}
