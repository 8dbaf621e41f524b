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
		n := bytes.IndexByte(text[size:], '\n')
		line := text[size : size+n : size+n]
		if !runs(line) {
			break
		}
		rec.Pos.Length = int64(n)
		if !d.follows(line, &rec.Pos) {
			rec.Data, rec.Raw = line, line
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

// follows adds a line to the event of the line before, if it is what came there the
// last time; nothing is read of it then.
func (d *decoder) follows(line []byte, pos *parsers.Pos) bool {
	g := d.window.last
	if g == nil || d.stencils == nil || len(d.notes) > 0 || d.stamp.n == 0 || g.stamp != d.stamp.stamp || g.stamped.len() != d.stamp.n || len(g.recs) >= maxGathered {
		return false
	}
	if step := g.gist.step; step != nil && g.gist.count == len(g.recs) {
		for _, k := range step.kids[:min(len(step.kids), maxGuesses)] {
			if d.fitsNext(g, k.stencil, line, pos) {
				return true
			}
		}
	}
	t := g.lastStencil()
	return t != nil && t.next != nil && d.fitsNext(g, t.next, line, pos)
}

// maxGuesses is how many records are tried that came behind the ones at hand before.
const maxGuesses = 3

// fitsNext adds a line to g, of the same stamp as the line before, if it fits t.
func (d *decoder) fitsNext(g *group, t *stencil, line []byte, pos *parsers.Pos) bool {
	body, ok := t.bodyOf(line, &d.stamp)
	if !ok || len(body) > maxStencil || !g.accepts(t.node) || g.size+len(line) > maxEventBytes {
		return false
	}
	holes, ok := t.fits(d.stencils.scratch[:0], body)
	if !ok {
		return false
	}
	d.stencils.met.tick()
	t.used = true
	d.stencils.addGhost(g, t, body, holes, d.stamp.text[:d.stamp.n], *pos)
	d.window.counts(g, len(line))
	return true
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
