package auditd

import "bytes"

// A machine does the same things over and over, and writes the same records of
// them but for the numbers of processes, files and registers. A stencil is a
// record with holes where those stand. What a record says that fits it, byte for
// byte around the holes, is known without cutting it into fields.
//
// Nothing is guessed. The record that the stencil was made of had the same bytes
// around the holes and was cut into fields; in the holes stand digits, which
// neither end a value early nor begin another one, so that every other field is
// where it was; and no rule decides by what is in them (parsers.Options.Asked).
type stencil struct {
	hash   uint64
	kind   []byte // the type as spelled
	node   []byte
	body   []byte // a part of text
	plan   *plan
	holes  []hole
	fields []field // as cut; their places are those in body
	inHole []int8  // by field: the hole that its value stands in, or -1
	values []span  // by field, decoded, in text
	text   []byte  // body, and behind it what was decoded
	shape  *shape
	used   bool // since a place in its set was looked for

	// What came behind it last, to be tried first: the next record of the event,
	// and, behind the last one, the event.
	next    *stencil
	routine *routine

	// What was worked out of it so far, once.
	call    *call    // of a SYSCALL record
	args    [][]byte // of an EXECVE record that stands alone
	hasArgs bool
	creates bool // a PATH record that says so
}

// A call is which system call a record is of.
type call struct {
	arch   arch
	number []byte
	name   string
}

// sets are looked through by their hashes, without a look at the stencils.
type stencilSet struct {
	hashes [stencilWays]uint64
	ways   [stencilWays]*stencil
}

// A hole is where a value stands in a body.
type hole struct{ from, to int }

// Limits of the stencils of one decoder. With what is remembered of events they
// take a few MiB at most.
const (
	stencilSets = 1024
	stencilWays = 4
	maxStencil  = 1024 // bytes of a body
	maxGathered = 16   // records of an event that stencils are looked for
	planSlots   = 256
)

// stencils are what the records of one stream were like.
type stencils struct {
	asked   map[nameID]bool // fields that rules decide by: no holes
	opens   bool            // they decide by the flags of an open
	sets    []stencilSet
	plans   [planSlots]planSlot
	scratch [maxHoles]hole
	met     sightings
}

type planSlot struct {
	plan  *plan
	tries uint8
}

// newStencils returns nil if rules decide by what would stand in the holes.
func newStencils(names *nameTable, asked []string) *stencils {
	s := &stencils{asked: map[nameID]bool{}, met: sightings{budget: sightBudget}}
	for _, f := range asked {
		s.opens = s.opens || specials[f] == theOpenWrite
		s.asked[names.id([]byte(f))] = true
		if special := specials[f]; special == theProcessID || special == theParentID {
			return nil
		}
	}
	if s.asked[idPid] || s.asked[idPpid] {
		return nil
	}
	return s
}

// match finds the stencil that the last record of g fits. What comes often is made
// one.
func (s *stencils) match(g *group, h *header) {
	r := &g.recs[len(g.recs)-1]
	if s.met.tick(); r.form != rawForm || r.body.len() > maxStencil || len(g.recs) > maxGathered {
		return
	}
	body := g.text(r.body)
	var before *stencil
	if n := len(g.recs); n > 1 {
		before = g.recs[n-2].stencil
	}
	if before != nil && before.next != nil {
		if t := before.next; t.plan.number == r.number {
			if holes, ok := t.plan.find(s.scratch[:0], body); ok && t.fits(h.kind, h.node, body, holes) {
				t.used = true
				g.fit(r, t, holes)
				return
			}
		}
	}
	slot := &s.plans[slotOf(r.number, body)]
	holes, ok := s.scratch[:0], false
	if p := slot.plan; p != nil && p.number == r.number {
		holes, ok = p.find(holes, body)
	}
	if !ok {
		if slot.tries < maxTries {
			slot.tries++
			slot.plan = s.newPlan(g, r)
		}
		return
	}
	hash := hashOf(h.kind, h.node, body, holes)
	if t := s.find(hash, h, body, holes); t != nil {
		if t.used = true; before != nil {
			before.next = t
		}
		g.fit(r, t, holes)
		return
	}
	if !s.met.again(hash) {
		return
	}
	if t := slot.plan.stencil(g, r, holes); t != nil {
		t.hash, t.kind, t.node = hash, bytes.Clone(h.kind), bytes.Clone(h.node)
		s.keep(t)
		g.fit(r, t, holes)
	}
}

// keep puts a stencil in its set, in place of one that was not used lately.
func (s *stencils) keep(t *stencil) {
	if s.sets == nil {
		s.sets = make([]stencilSet, stencilSets)
	}
	set := &s.sets[t.hash>>8%stencilSets]
	way := freeWay(set.ways[:], func(t *stencil) *bool { return &t.used })
	set.hashes[way], set.ways[way], t.used = t.hash, t, true
	s.met.budget--
}

// find returns the stencil of a hash that a record fits; nil if there is none.
func (s *stencils) find(hash uint64, h *header, body []byte, holes []hole) *stencil {
	if s.sets == nil {
		return nil
	}
	set := &s.sets[hash>>8%stencilSets]
	for i := range set.hashes {
		if set.hashes[i] == hash && set.ways[i].fits(h.kind, h.node, body, holes) {
			return set.ways[i]
		}
	}
	return nil
}

// fits reports whether a record is what t was made of but for the holes.
func (t *stencil) fits(kind, node, body []byte, holes []hole) bool {
	if len(holes) != len(t.holes) || string(kind) != string(t.kind) || string(node) != string(t.node) {
		return false
	}
	from, own := 0, 0
	for i := range holes {
		h, o := &holes[i], &t.holes[i]
		if !bytes.Equal(body[from:h.from], t.body[own:o.from]) {
			return false
		}
		from, own = h.to, o.to
	}
	return bytes.Equal(body[from:], t.body[own:])
}

// fit notes that r, the last record of g, fits t.
func (g *group) fit(r *record, t *stencil, holes []hole) {
	r.stencil, r.holes = t, int32(len(g.holes))
	g.holes = append(g.holes, holes...)
	k := &g.gist
	if k.count == len(g.recs)-1 {
		k.stencils[k.count] = t
		k.count++
	}
	if r.number == typeSyscall && g.record(typeSyscall) == r {
		k.pid, k.hasPid = decimal(g.hole(r, t.plan.pid))
		k.ppid, k.hasPpid = decimal(g.hole(r, t.plan.ppid))
	}
}

// lexStencil gives a record that fits a stencil its fields.
func (g *group) lexStencil(r *record) {
	t := r.stencil
	r.shape = t.shape
	mine := g.holes[r.holes:][:len(t.holes)]
	base, k := r.body.at, 0 // behind a hole that is smaller than t's, base wraps
	for _, f := range t.fields {
		for k < len(mine) && int(f.name.at) >= t.holes[k].to {
			base = r.body.at + uint32(mine[k].to-t.holes[k].to)
			k++
		}
		f.name = span{base + f.name.at, base + f.name.end}
		if k < len(mine) && int(f.value.at) == t.holes[k].from {
			f.value = span{r.body.at + uint32(mine[k].from), r.body.at + uint32(mine[k].to)}
		} else {
			f.value = span{base + f.value.at, base + f.value.end}
		}
		g.fields = append(g.fields, f)
	}
}

// raw is the first value of that name in a record that fits t, as it stands; nil
// if it has none.
func (t *stencil) raw(g *group, r *record, id nameID) []byte {
	i := int(t.shape.first[id]) - 1
	if i < 0 {
		return nil
	}
	if h := t.inHole[i]; h >= 0 {
		return g.hole(r, int(h))
	}
	v := t.fields[i].value
	return t.body[v.at:v.end:v.end]
}

// value is raw, decoded.
func (t *stencil) value(g *group, r *record, id nameID) []byte {
	i := int(t.shape.first[id]) - 1
	if i < 0 {
		return nil
	}
	if h := t.inHole[i]; h >= 0 {
		return g.hole(r, int(h))
	}
	v := t.values[i]
	return t.text[v.at:v.end:v.end]
}

// hole is what stands in the i-th hole of a record; nil for a negative i.
func (g *group) hole(r *record, i int) []byte {
	if i < 0 {
		return nil
	}
	h := g.holes[int(r.holes)+i]
	return g.text(span{r.body.at + uint32(h.from), r.body.at + uint32(h.to)})
}

// hashOf is where to look for the stencil of a record: a look at what is around
// the holes, not at all of it, since what is found is compared in full.
func hashOf(kind, node, body []byte, holes []hole) uint64 {
	h := sample(sample(uint64(len(holes)), kind), node)
	from := 0
	for i := range holes {
		h = sample(h, body[from:holes[i].from])
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

// hashedWhole is how many bytes of a text are hashed without a gap.
const hashedWhole = 208

const mixer = 0x9e3779b97f4a7c15
