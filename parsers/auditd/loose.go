package auditd

// A loose stencil has holes for what differs from record to record although rules
// decide by it: the name of a file, the address of a socket. What such an event says
// is known but for that, and so is what rules make of the rest (parsers.Variation).
//
// What may stand in such a hole is the plain form of it only, which ends where any
// reader would say, and in which nothing else can hide. A record with another form
// of it fits no loose stencil.

// A holeKind says what stands in a hole.
type holeKind uint8

const (
	numberHole holeKind = iota // digits, of both kinds of number
	nameHole                   // a path, in quotes
	codeHole                   // bytes, by capital hexadecimal digits
	braceHole                  // what auditd made of them, in braces, at the end of the record
)

// A holeForm is how a value of a kind of hole stands in a record.
type holeForm struct {
	bytes  [256]bool
	behind byte // what follows it, if anything does
	open   int  // bytes of the lead behind the name of the field
	how    how
	part   part
}

var holeForms = [...]holeForm{
	numberHole: {bytesOf("0123456789abcdef"), ' ', len("="), bare, outer},
	nameHole:   {bytesOf(letters + "0123456789/._-+:@%,~"), '"', len(`="`), quoted, outer},
	codeHole:   {bytesOf("0123456789ABCDEF"), separator, len("="), bare, outer},
	braceHole:  {bytesOf(letters + "0123456789/._-+:@%,~= "), '\n', len("="), plain, enriched},
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

func bytesOf(s string) (t [256]bool) {
	for _, c := range []byte(s) {
		t[c] = true
	}
	return t
}

// maxDigits is of how many digits a number in a hole is: see parsers.Likeness.
const maxDigits = 64

// end is where what stands at i of a body ends; i, if that is not of the kind.
func (c holeKind) end(body []byte, i int) int {
	set, to := &holeForms[c].bytes, i
	if c == braceHole {
		if i == len(body) || body[i] != '{' {
			return i
		}
		to++
	}
	for to < len(body) && set[body[to]] {
		to++
	}
	switch c {
	case numberHole:
		if to-i > maxDigits {
			return i
		}
	case braceHole:
		if to == len(body) || body[to] != '}' {
			return i
		}
		return to + 1
	case codeHole:
		if (to-i)%2 != 0 {
			return i // half a byte: it was cut off
		}
	}
	return to
}

// loosePlan makes the plan of loose stencils of records like r; nil, if they have
// nothing for which there are such holes.
func (s *stencils) loosePlan(g *group, r *record) *plan {
	p := &plan{number: r.number, pid: -1, ppid: -1}
	fields := g.of(r)
	for i := range fields {
		f := &fields[i]
		c := numberHole
		switch {
		case f.id == idName && r.is(typePath):
			c = nameHole
		case f.id == idSaddr && r.is(typeSockaddr):
			c = codeHole
		case f.id == idSADDR && r.is(typeSockaddr):
			c = braceHole
		case f.how != bare || !s.holeName(g, r.number, f):
			continue
		}
		if k := &holeForms[c]; f.how != k.how || f.part != k.part || f.name.at == r.body.at || int(f.value.at-f.name.end) != k.open || len(p.leads) == maxHoles {
			continue
		}
		p.kinds[len(p.leads)] = c
		p.leads = append(p.leads, append([]byte{}, g.buf[f.name.at-1:f.value.at]...))
		p.loose = p.loose || c != numberHole
	}
	if !p.loose {
		return nil
	}
	return p
}

// A looseMatch is what was found of a record besides, where it has no stencil of its
// own.
type looseMatch struct {
	stencil *stencil
	plan    *plan // nil: none fits it
	hash    uint64
	holes   []hole
	often   bool // it comes so often that it gets one
}

// matchLoose finds the loose stencil that a record fits.
func (s *stencils) matchLoose(m *match, number rectype, h *header) {
	p := m.slot.loose
	if p == nil {
		return
	}
	holes, ok := p.find(s.loose[:0], h.body)
	if !ok {
		return
	}
	m.loose = looseMatch{plan: p, hash: hashOf(number, h.node, h.body, holes) ^ looseHash, holes: holes}
	t := s.find(m.loose.hash, h, holes)
	if t == nil {
		return
	}
	t.used, m.loose.stencil = true, t
	if m.loose.often = s.often(t, h.body, holes); !m.loose.often {
		m.stencil, m.holes = t, holes
	}
}

// looseHash tells hashes of loose stencils from those of others.
const looseHash = 1 << 40

// often reports whether a record that fits a loose stencil came so often that it is
// worth one of its own, by which all is known of it.
func (s *stencils) often(t *stencil, body []byte, holes []hole) bool {
	return s.met.times(sample(t.hash, body[holes[0].from:holes[0].to]), worthOwn)
}

// learnLoose makes a loose stencil of the last record of g.
func (s *stencils) learnLoose(g *group, h *header, m *match) {
	r := &g.recs[len(g.recs)-1]
	if p := m.loose.plan; p != nil {
		if !s.met.again(m.loose.hash) {
			return
		}
		if t := s.stencil(g, h, p, m.loose.holes); t != nil {
			t.hash = m.loose.hash
			s.keep(t)
			s.fit(g, r, t, m.loose.holes)
		}
		return
	}
	if slot := m.slot; (r.is(typePath) || r.is(typeSockaddr)) && slot.looseTries < maxTries {
		slot.looseTries++
		if p := s.loosePlan(g, r); p != nil && (slot.loose == nil || len(p.leads) > len(slot.loose.leads)) {
			slot.loose = p
		}
	}
}
