package dockerevents

import (
	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

// Run implements parsers.Runner. Most lines fit a card: who knows that knows that the
// line is one object, and need not look for its end.
func (d *decoder) Run(text []byte, at parsers.Pos, origin *parsers.Origin, emit func(*parsers.Event) error) (lines, size int, bad *parsers.Record, err error) {
	d.own.Origin, d.own.Pos = *origin, at
	d.emit = emit
	lines, size, bad, err = frame.Objects(text, &d.own, d.ofLine)
	d.emit = nil
	return lines, size, bad, err
}

// line decodes a line if it is one object; false: it does not look like one.
func (d *decoder) line(rec *parsers.Record) (done bool, err error) {
	var k sketch
	stenciled := d.cards.look(rec, &k)
	if stenciled && d.again(rec, &k) {
		return true, d.emit(&d.event)
	}
	if !frame.IsObject(rec.Data) {
		return false, nil
	}
	return true, d.fresh(rec, &k, stenciled, d.emit)
}
