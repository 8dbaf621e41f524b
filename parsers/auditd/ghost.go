package auditd

import (
	"bytes"

	"tideline/parsers"
)

// A ghost is a record of which nothing was kept but the stencil that it fits and
// what is in the holes: nearly all of a log is thrown away unseen once it was
// counted. Its text, which is that of the stencil, is made again if somebody asks
// for it.

// makes reports whether the text of a record that fits t can be made again from t,
// the stamp that the group has, and what is in the holes.
func (t *stencil) makes(g *group, rec *parsers.Record, h *header, s *stampMemo) bool {
	line := rec.Raw
	if s.n == 0 || h.spelled != nil || s.stamp != h.stamp || !sameMemory(line, rec.Data) || g.stamped.len() > 0 && string(g.text(g.stamped)) != string(s.text[:s.n]) {
		return false
	}
	at := len(line) - len(h.body) - len("):") - s.n // of the stamp
	if at < 0 || line[len(line)-len(h.body)-1] != ':' {
		return false
	}
	if t.prefix == nil && (bytes.HasPrefix(line, markType) || bytes.HasPrefix(line, markNode)) {
		if p := t.plan; string(p.prefix) != string(line[:at]) {
			p.prefix = bytes.Clone(line[:at])
		}
		t.prefix = t.plan.prefix
	}
	return t.prefix != nil && string(line[:at]) == string(t.prefix)
}

// bodyOf is text behind the head of a record with the prefix of t and the stamp in s;
// ok is false if it begins with another.
func (t *stencil) bodyOf(text []byte, s *stampMemo) (body []byte, ok bool) {
	n := len(t.prefix)
	end := n + s.n
	if n == 0 || len(text) < end+len("):") || text[end] != ')' || text[end+1] != ':' ||
		string(text[n:end]) != string(s.text[:s.n]) || string(text[:n]) != string(t.prefix) { // the stamp first: it tells the next event from this one
		return nil, false
	}
	return text[end+len("):"):], true
}

// addGhost adds a record that fits t to g.
func (s *stencils) addGhost(g *group, t *stencil, body []byte, holes []hole, stamp []byte, pos parsers.Pos) {
	if g.stamped.len() == 0 {
		g.stamped = g.keep(stamp)
	}
	if g.node.len() == 0 && len(t.node) > 0 {
		g.node = g.keep(t.node)
	}
	r := record{number: t.number, kind: t.known, raw: int32(len(g.raws)), first: -1, ghost: true}
	if n := len(holes); n > 0 {
		// Of the body only the part with the holes is kept, but places of holes
		// count from where it began. So that they hold, it is said to begin as much
		// before that part as is left out: before the buffer, perhaps, and then the
		// unsigned number wraps around, and back when a place is added to it.
		r.body.at = uint32(len(g.buf)) - holes[0].from
		g.buf = append(g.buf, body[holes[0].from:holes[n-1].to]...)
	}
	g.pos = append(g.pos, pos)
	g.raws = append(g.raws, rawRecord{})
	g.recs = append(g.recs, r)
	s.fit(g, &g.recs[len(g.recs)-1], t, holes)
}

// restore makes the text of a ghost, which is none then.
func (g *group) restore(r *record) {
	if !r.ghost {
		return
	}
	t := r.stencil
	text := span{at: uint32(len(g.buf))}
	b := append(append(append(g.buf, t.prefix...), g.text(g.stamped)...), "):"...)
	body, own := span{at: uint32(len(b))}, uint32(0)
	for i, o := range t.holes() {
		b = append(append(b, t.body[own:o.from]...), g.hole(r, i)...)
		own = o.to
	}
	g.buf = append(b, t.body[own:]...)
	text.end = uint32(len(g.buf))
	body.end = text.end
	r.ghost, r.body, g.raws[r.raw] = false, body, rawRecord{text, text}
}

// restoreAll makes the texts of all ghosts.
func (g *group) restoreAll() {
	for i := range g.recs {
		g.restore(&g.recs[i])
	}
}

// sameMemory reports whether two slices are the same memory.
func sameMemory(a, b []byte) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }
