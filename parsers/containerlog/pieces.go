package containerlog

import (
	"bytes"
	"strings"

	"tideline/parsers"
)

// maxOpen is how many lines in pieces are held open at a time, of a journal in
// which containers' entries lie mixed.
const maxOpen = 16

// A piecewise is a line that came to the journal in pieces.
type piecewise struct {
	partial
	writer string // container and priority
}

// Members of a journal's entry, as journalctl prints them in JSON.
var (
	markPartial  = []byte(`"CONTAINER_PARTIAL_MESSAGE"`)
	markLast     = []byte(`"CONTAINER_PARTIAL_LAST"`)
	markPriority = []byte(`"PRIORITY"`)
	valueTrue    = []byte(`"true"`)
)

// journalled handles an entry of a journal that is a piece of a line. Docker and
// podman cut lines at 16 KiB and mark every piece but the last with
// CONTAINER_PARTIAL_MESSAGE=true; the last is known by its writer, the container
// and the priority, which tells stdout from stderr. It reports whether rec was
// one.
func (d *decoder) journalled(rec *parsers.Record, emit func(*parsers.Event) error) (bool, error) {
	if !strings.Contains(rec.Origin.Envelope, "journal") || rec.Origin.Container == (parsers.Container{}) {
		return false, nil
	}
	more := string(memberOf(rec.Raw, markPartial)) == string(valueTrue) && string(memberOf(rec.Raw, markLast)) != string(valueTrue)
	if !more && len(d.pieces) == 0 {
		return false, nil
	}
	writer := rec.Origin.ID + rec.Origin.Name + string(memberOf(rec.Raw, markPriority))
	i := 0
	for i < len(d.pieces) && d.pieces[i].writer != writer {
		i++
	}
	if i == len(d.pieces) {
		if !more {
			return false, nil
		}
		if len(d.pieces) == maxOpen {
			if err := d.endPiece(0, emit); err != nil {
				return true, err
			}
			i--
		}
		d.pieces = append(d.pieces, &piecewise{writer: writer})
	}
	e := &d.entry
	e.reset()
	e.message, e.partial = trimEnd(rec.Data), more
	if !rec.Origin.Time.IsZero() {
		e.time = rec.Origin.Time.UTC()
	}
	p := d.pieces[i]
	if p.stale(e.time) {
		if err := d.emitHeld(&p.partial, emit); err != nil {
			return true, err
		}
	}
	d.origin = d.who.origin(rec, e)
	p.add(rec, e, &d.origin)
	if more && !p.full() {
		return true, nil
	}
	return true, d.endPiece(i, emit)
}

// endPiece emits the i-th of the open lines.
func (d *decoder) endPiece(i int, emit func(*parsers.Event) error) error {
	p := d.pieces[i]
	d.pieces = append(d.pieces[:i], d.pieces[i+1:]...)
	return d.emitHeld(&p.partial, emit)
}

// memberOf is the text of a member of an entry, with its quotes; nil if it has
// none of that name.
func memberOf(entry, key []byte) []byte {
	at := bytes.Index(entry, key)
	if at < 0 {
		return nil
	}
	rest := bytes.TrimLeft(entry[at+len(key):], " \t\n")
	if len(rest) == 0 || rest[0] != ':' {
		return nil
	}
	rest = bytes.TrimLeft(rest[1:], " \t\n")
	end := bytes.IndexAny(rest, ",}\n")
	if end < 0 {
		return nil
	}
	return bytes.TrimRight(rest[:end], " \t")
}
