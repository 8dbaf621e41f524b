package auditd

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
	// What every record is compared with lies together: there are too many stencils
	// for the caches to hold.
	hash   uint64
	body   []byte // a part of text
	number rectype
	count  uint8 // of the holes
	used   bool  // since a place in its set was looked for
	lined  bool  // it may be looked for in a text of many lines
	loose  bool  // see loose.go
	kinds  [maxHoles]holeKind
	places [maxHoles]hole
	kind   []byte // the type as spelled
	node   []byte
	prefix []byte   // of the line up to the stamp; nil: not known yet
	next   *stencil // what came behind it last, to be tried first
	twin   *stencil // the loose one that every record fits which fits this one, if known
	begins *step    // of events that begin with it
	known  []byte   // the name of the type, if it is a known one, shared
	plan   *plan

	cuts  []cut  // by field
	text  []byte // body, and behind it what was decoded
	shape *shape

	// What was worked out of it so far, once.
	call    *call    // of a SYSCALL record
	args    [][]byte // of an EXECVE record that stands alone
	hasArgs bool
	creates bool // a PATH record that says so
}

// A cut is a field of a stencil. There are many: it is small.
type cut struct {
	name, value place // in body
	decoded     place // the value, in text
	id          nameID
	how         how
	part        part
	hole        int8 // that the value stands in, or -1
}

// A place is a span in the text of a stencil.
type place struct{ at, end uint16 }

// maxCutText is how long the text of a stencil may be, for places in it.
const maxCutText = 1<<16 - 1

func (s span) place() place { return place{uint16(s.at), uint16(s.end)} }

// in is the text at p.
func (p place) in(text []byte) []byte { return text[p.at:p.end:p.end] }

// from is where p is when what it is in begins at base.
func (p place) from(base uint32) span { return span{base + uint32(p.at), base + uint32(p.end)} }

// holes are those of the body.
func (t *stencil) holes() []hole { return t.places[:t.count] }

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
type hole struct{ from, to uint32 }

// Limits of the stencils of one decoder. With what is remembered of events they
// take a few MiB at most.
const (
	stencilSets = 1024
	stencilWays = 4
	maxStencil  = 1024 // bytes of a body
	maxGathered = 16   // records of an event that stencils are looked for
	planSets    = 64
	planWays    = 4
)

// stencils are what the records of one stream were like.
type stencils struct {
	asked   map[nameID]bool // fields that rules decide by: no holes, but for registers
	opens   bool            // they decide by the flags of an open
	traces  bool            // they decide by what is asked of ptrace
	sets    []stencilSet
	plans   [planSets][planWays]planSlot
	scratch [maxHoles]hole
	loose   [maxHoles]hole // scratch, too
	met     sightings
	root    *step // before the first record
	steps   int   // behind it
}

// newStencils returns nil if rules decide by what would stand in the holes.
func newStencils(names *nameTable, asked []string) *stencils {
	s := &stencils{asked: map[nameID]bool{}, met: sightings{budget: sightBudget}, root: new(step)}
	for _, f := range asked {
		s.opens = s.opens || specials[f] == theOpenWrite || specials[f] == thePathWritten
		s.traces = s.traces || specials[f] == thePtraceAttach
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

// lastStencil is what the last record of g fits; nil if it fits none.
func (g *group) lastStencil() *stencil {
	if n := len(g.recs); n > 0 {
		return g.recs[n-1].stencil
	}
	return nil
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
func (s *stencils) find(hash uint64, h *header, holes []hole) *stencil {
	if s.sets == nil {
		return nil
	}
	set := &s.sets[hash>>8%stencilSets]
	for i := range set.hashes {
		if t := set.ways[i]; set.hashes[i] == hash && string(h.kind) == string(t.kind) && string(h.node) == string(t.node) && t.around(h.body, holes) {
			return t
		}
	}
	return nil
}

// around reports whether a body is that of t but for what is in the holes.
func (t *stencil) around(body []byte, holes []hole) bool {
	if len(holes) != int(t.count) {
		return false
	}
	from, own := uint32(0), uint32(0)
	for i := range holes {
		h, o := &holes[i], &t.places[i&(maxHoles-1)]
		if string(body[from:h.from]) != string(t.body[own:o.from]) {
			return false
		}
		from, own = h.to, o.to
	}
	return string(body[from:]) == string(t.body[own:])
}

// fits finds the holes of a body that is that of t but for what is in them. Where
// the body is the same around them, so is the place of what leads to them.
func (t *stencil) fits(dst []hole, body []byte) ([]hole, bool) {
	holes, end := t.fitted(dst, body)
	return holes, end == len(body)
}

// fitted finds the holes of a body that text begins with, and where it ends; -1 if
// there is none like that of t.
func (t *stencil) fitted(dst []hole, body []byte) (holes []hole, end int) {
	own, i := 0, 0
	for k := range t.holes() {
		o := &t.places[k]
		n := int(o.from) - own
		if len(body)-i <= n || string(body[i:i+n]) != string(t.body[own:o.from]) {
			return dst, -1
		}
		i += n
		to := t.kinds[k].end(body, i)
		if to == i {
			return dst, -1
		}
		dst = append(dst, hole{uint32(i), uint32(to)})
		i, own = to, int(o.to)
	}
	tail := t.body[own:]
	if end = i + len(tail); end > len(body) || string(body[i:end]) != string(tail) {
		return dst, -1
	}
	return dst, end
}

// fit notes that r, the last record of g, fits t.
func (s *stencils) fit(g *group, r *record, t *stencil, holes []hole) {
	r.stencil, r.holes = t, int32(len(g.holes))
	g.holes = append(g.holes, holes...)
	k := &g.gist
	if k.count == len(g.recs)-1 {
		if k.count == 0 {
			k.step = s.root
		}
		like := t
		if before := k.step; before != nil {
			if k.step = before.kid(t); k.step == nil && t.twin != nil {
				if k.step = before.kid(t.twin); k.step != nil {
					like = t.twin
				}
			}
		}
		k.stencils[k.count] = like
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
	mine := g.holes[r.holes:][:t.count]
	base, k := r.body.at, 0 // behind a hole that is smaller than t's, base wraps
	for i := range t.cuts {
		c := &t.cuts[i]
		for k < len(mine) && uint32(c.name.at) >= t.places[k].to {
			base = r.body.at + mine[k].to - t.places[k].to
			k++
		}
		f := field{name: c.name.from(base), value: c.value.from(base), id: c.id, how: c.how, part: c.part}
		if k < len(mine) && uint32(c.value.at) == t.places[k].from {
			f.value = span{r.body.at + mine[k].from, r.body.at + mine[k].to}
		}
		g.fields = append(g.fields, f)
	}
}

// raw is the first value of that name in a record that fits t, as it stands; nil
// if it has none.
func (t *stencil) raw(g *group, r *record, id nameID) []byte {
	switch c := t.cut(id); {
	case c == nil:
		return nil
	case c.hole >= 0:
		return g.hole(r, int(c.hole))
	default:
		return c.value.in(t.body)
	}
}

// value is raw, decoded.
func (t *stencil) value(g *group, r *record, id nameID) []byte {
	switch c := t.cut(id); {
	case c == nil:
		return nil
	case c.hole >= 0:
		return g.hole(r, int(c.hole)) // which needs no decoding
	default:
		return c.decoded.in(t.text)
	}
}

// cut is the first field of that name; nil if there is none.
func (t *stencil) cut(id nameID) *cut {
	if i := t.shape.first[id]; i > 0 {
		return &t.cuts[i-1]
	}
	return nil
}

// hole is what stands in the i-th hole of a record; nil for a negative i.
func (g *group) hole(r *record, i int) []byte {
	if i < 0 {
		return nil
	}
	h := g.holes[int(r.holes)+i]
	return g.text(span{r.body.at + h.from, r.body.at + h.to})
}
