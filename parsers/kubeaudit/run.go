package kubeaudit

import (
	"bytes"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
)

// Run implements parsers.Runner. Most lines fit a stencil: who knows that knows that
// the line is one object, and need not look for its end.
func (d *decoder) Run(text []byte, at parsers.Pos, origin *parsers.Origin, emit func(*parsers.Event) error) (lines, size int, bad *parsers.Record, err error) {
	d.own.Origin, d.own.Pos = *origin, at
	d.rec, d.emit = &d.own, emit
	lines, size, bad, err = frame.Objects(text, &d.own, d.ofLine)
	d.rec, d.emit = nil, nil
	return lines, size, bad, err
}

// line decodes a line if it is one object; false: it does not look like one.
func (d *decoder) line(rec *parsers.Record) (done bool, err error) {
	if t := d.find(rec.Data); t != nil && t.wholeBodies(rec.Data, &d.fitting.cuts) {
		if done, err = d.again(t, rec.Data); done {
			return true, err
		}
	}
	if !frame.IsObject(rec.Data) {
		return false, nil
	}
	return true, d.decode(rec.Data, 0)
}

// wholeBodies reports whether a line that fits t looks like one object. What stands
// around the holes was told already.
func (t *stencil) wholeBodies(line []byte, cuts *[holeKinds]cut) bool {
	if t.open&twoBodies == 0 {
		return t.object
	}
	var before []byte
	for _, h := range [...]hole{holeRequest, holeResponse} {
		if !t.open.has(h) {
			continue
		}
		body := line[cuts[h].from:cuts[h].to]
		if !bytes.Equal(body, before) && !frame.IsPaired(body) {
			return false
		}
		before = body
	}
	return t.object
}
