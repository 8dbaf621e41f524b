package auditd

import "bytes"

// A match is what was found of a record: the stencil that it fits, or where one of
// it belongs.
type match struct {
	stencil *stencil
	slot    *planSlot // nil: no stencil is made of it
	plan    *plan     // of slot; nil: none fits it
	hash    uint64
	holes   []hole
	loose   looseMatch
}

// match finds the stencil that a record fits which is about to be the next of g.
func (s *stencils) match(g *group, number rectype, h *header) (m match) {
	if s.met.tick(); h.interpreted || len(h.body) > maxStencil || len(g.recs) >= maxGathered {
		return m
	}
	before := g.lastStencil()
	if before != nil && before.next != nil {
		if t := before.next; t.number == number && string(h.kind) == string(t.kind) && string(h.node) == string(t.node) {
			if holes, ok := t.fits(s.scratch[:0], h.body); ok {
				t.used = true
				return match{stencil: t, holes: holes}
			}
		}
	}
	m.slot = s.planSlot(number, h.body)
	for _, p := range m.slot.plans {
		if p == nil {
			return m
		}
		if holes, ok := p.find(s.scratch[:0], h.body); ok {
			m.plan, m.holes = p, holes
			break
		}
	}
	if m.plan == nil {
		return m
	}
	m.hash = hashOf(number, h.node, h.body, m.holes)
	if m.stencil = s.find(m.hash, h, m.holes); m.stencil != nil {
		if m.stencil.used = true; before != nil {
			before.next = m.stencil
		}
		return m
	}
	s.matchLoose(&m, number, h)
	return m
}

// learn makes a stencil of the last record of g, for which there was none, if such
// came often.
func (s *stencils) learn(g *group, h *header, m match) {
	r := &g.recs[len(g.recs)-1]
	switch {
	case m.slot == nil:
	case m.plan == nil:
		m.slot.add(s, g, r)
	case !m.loose.often && !s.met.again(m.hash):
		s.learnLoose(g, h, &m)
	default:
		t := s.stencil(g, h, m.plan, m.holes)
		if t == nil || s.holesOf(g, r) > len(m.holes) && m.slot.add(s, g, r) { // the plan was of a record with fewer
			return
		}
		t.hash, t.twin = m.hash, m.loose.stencil
		s.keep(t)
		s.fit(g, r, t, m.holes)
	}
}

// stencil makes a stencil of the last record of g, without a hash; nil, if that cannot
// be.
func (s *stencils) stencil(g *group, h *header, p *plan, holes []hole) *stencil {
	if _, n := escapedSeparator(h.body); n > 0 {
		return nil // its fields are not cut from the body that is compared
	}
	r := &g.recs[len(g.recs)-1]
	t := p.stencil(g, r, holes)
	if t == nil {
		return nil
	}
	t.known, t.node = r.kind, bytes.Clone(h.node)
	if t.kind = r.kind; t.kind == nil || string(t.kind) != string(h.kind) {
		t.kind = append([]byte{}, h.kind...) // of no bytes it is not nil
	}
	t.lined = bytes.IndexByte(g.text(g.raws[r.raw].text), '\n') < 0 && !bytes.HasSuffix(t.body, []byte{'\r'})
	return t
}

// hashOf is where to look for the stencil of a record: a look at what is around
// the holes, not at all of it, since what is found is compared in full.
func hashOf(number rectype, node, body []byte, holes []hole) uint64 {
	h := uint64(len(holes))<<16 ^ uint64(number)
	if len(node) > 0 {
		h = sample(h, node)
	}
	from := uint32(0)
	for i := range holes {
		if between := body[from:holes[i].from]; len(between) > hashedNot {
			h = sample(h, between)
		}
		from = holes[i].to
	}
	return sample(h, body[from:]) | 1
}

// sample mixes the first bytes of a text into a hash, and some words of the rest,
// which in an enriched record repeats what stands before.
func sample(h uint64, text []byte) uint64 {
	h = (h ^ uint64(len(text))) * mixer
	n := len(text) - 8
	if n < 0 {
		for _, c := range text {
			h = (h ^ uint64(c)) * mixer
		}
		return h ^ h>>32
	}
	other, at := h>>32, 0
	for ; at+8 <= min(n, hashedWhole); at += 16 {
		h = (h ^ load64(text[at:])) * mixer
		other = (other ^ load64(text[at+8:])) * mixer
		h ^= h >> 29
		other ^= other >> 31
	}
	for ; at < n; at += 40 {
		h = (h ^ load64(text[at:])) * mixer
		h ^= h >> 29
	}
	h = (h ^ other ^ load64(text[n:])) * mixer
	return h ^ h>>32
}

const (
	// hashedWhole is how many bytes of a text are hashed without a gap.
	hashedWhole = 208
	// hashedNot is how long a text between two holes is that is nearly always the
	// name of the second: " ppid=".
	hashedNot = 7
)

const mixer = 0x9e3779b97f4a7c15
