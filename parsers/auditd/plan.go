package auditd

import (
	"bytes"
	"slices"
)

// A plan says where the holes of records of a type are: behind which names, in
// which order.
type plan struct {
	number rectype
	guard  []byte   // what the body begins with: of which system call it is, where that decides
	leads  [][]byte // " pid="
	pid    int      // index of the hole of that name, or -1
	ppid   int
	kinds  [maxHoles]holeKind
	loose  bool          // it has a hole for what rules decide by: see loose.go
	prefix []byte        // of a line with such a record, up to the stamp; the last one
	skips  [maxHoles]int // how far the leads were from the hole before, the last time
}

const maxHoles = 8

// holeName reports whether a field of a record may stand in a hole: what says
// which process or file it was, and the registers of a call. Those do so although rules
// may decide by them, as many do that mean the arguments of an EXECVE by a0 to a3: the
// events are akin then.
func (s *stencils) holeName(g *group, number rectype, f *field) bool {
	switch f.id {
	case idPid, idPpid:
		return true
	case idA0, idA1, idA2, idA3:
		return number == typeSyscall
	}
	return (f.id == idNone || !s.asked[f.id]) && string(g.text(f.name)) == "inode"
}

// newPlan makes the plan for records like r.
func (s *stencils) newPlan(g *group, r *record) *plan {
	p := &plan{number: r.number, pid: -1, ppid: -1}
	if r.number == typeSyscall {
		p.guard = g.callText(r)
	}
	s.eachHole(g, r, func(f *field) {
		switch f.id {
		case idPid:
			p.pid = len(p.leads)
		case idPpid:
			p.ppid = len(p.leads)
		}
		name := g.text(f.name)
		p.leads = append(p.leads, append(append([]byte{' '}, name...), '='))
	})
	return p
}

// eachHole calls yield for the fields of a record that may stand in holes.
func (s *stencils) eachHole(g *group, r *record, yield func(*field)) {
	flags, n := s.flagRegister(g, r), 0
	fields := g.of(r)
	for i := range fields {
		f := &fields[i]
		if f.part == outer && f.how == bare && n < maxHoles && s.holeName(g, r.number, f) && (f.id != flags || flags == idNone) {
			n++
			yield(f)
		}
	}
}

// holesOf is how many holes a record may have.
func (s *stencils) holesOf(g *group, r *record) (n int) {
	s.eachHole(g, r, func(*field) { n++ })
	return n
}

// callText is the body of a SYSCALL record up to the names of what was called.
func (g *group) callText(r *record) []byte {
	arch, call := g.find(r, idArch), g.find(r, idSyscall) // which may give it another body: see unescape
	end := r.body.at
	for _, f := range [...]*field{arch, call} {
		if f != nil {
			end = max(end, f.value.end)
		}
	}
	return bytes.Clone(g.buf[r.body.at:min(end+1, r.body.end)])
}

// flagRegister is the register that stands in no hole: the flags of an open and
// what is asked of ptrace, if a rule decides by them, and of socketcall which call
// it is.
func (s *stencils) flagRegister(g *group, r *record) nameID {
	if r.number != typeSyscall {
		return idNone
	}
	n, _ := decimal(g.value(r, idSyscall))
	switch name := syscallName(readArch(g.value(r, idArch)), n); {
	case name == "socketcall":
		return idA0
	case name == "open" && s.opens:
		return idA1
	case name == "openat" && s.opens:
		return idA2
	case name == "ptrace" && s.traces:
		return idA0
	}
	return idNone
}

// find finds the holes of a body: false, if it is not like p has it.
func (p *plan) find(dst []hole, body []byte) ([]hole, bool) {
	if !bytes.HasPrefix(body, p.guard) {
		return dst, false
	}
	i := 0
	for k, lead := range p.leads {
		skip := p.skips[k] // a guess: what is found is compared with the stencil
		if i+skip >= len(body) || !bytes.HasPrefix(body[i+skip:], lead) {
			if skip = bytes.Index(body[i:], lead); skip < 0 {
				return dst, false
			}
			p.skips[k] = skip
		}
		i += skip
		i += len(lead)
		to := p.kinds[k].end(body, i)
		if to == i || to < len(body) && body[to] != holeForms[p.kinds[k]].behind {
			return dst, false
		}
		dst = append(dst, hole{uint32(i), uint32(to)})
		i = to
	}
	return dst, true
}

// stencil makes a stencil of a record whose holes were found; nil if they are not
// values of its fields, or the record has what a stencil does not keep.
func (p *plan) stencil(g *group, r *record, holes []hole) *stencil {
	fields := g.of(r)
	if len(fields) == 0 && len(bytes.TrimSpace(g.text(r.body))) == 0 {
		r.shape = blankShape(g.names) // as EOE is
	}
	if r.shape == nil || r.shape.repeated || p.number == typeSyscall && (p.pid < 0 || p.ppid < 0) {
		return nil
	}
	t := &stencil{plan: p, number: p.number, count: uint8(len(holes)), kinds: p.kinds, loose: p.loose, shape: r.shape}
	copy(t.places[:], holes)
	t.text, t.cuts = g.decodedCuts(r)
	if len(t.text) > maxCutText {
		return nil
	}
	t.body = t.text[:r.body.len():r.body.len()]
	t.creates = r.is(typePath) && bytes.Contains(t.body, markCreate)
	found := 0
	for i := range t.cuts {
		f := &t.cuts[i]
		if f.hole = -1; found == len(holes) || uint32(f.value.at) < holes[found].from {
			continue
		}
		lead, c := p.leads[found], &holeForms[p.kinds[found]]
		if f.value.from(0) != (span{holes[found].from, holes[found].to}) || f.how != c.how || f.part != c.part ||
			string(f.name.in(t.body)) != string(lead[1:len(lead)-c.open]) {
			return nil
		}
		f.hole = int8(found)
		found++
	}
	if found < len(holes) {
		return nil
	}
	return t
}

// decodedCuts is a copy of the body of a record, with what its fields are decoded
// to behind it, and where in it they stand. The record stays as it is.
func (g *group) decodedCuts(r *record) (text []byte, cuts []cut) {
	size, fields := uint32(len(g.buf)), g.of(r)
	cuts = make([]cut, 0, len(fields))
	for _, f := range fields {
		c := cut{name: f.name.from(r.body.at).place(), value: f.value.from(r.body.at).place(), id: f.id, how: f.how, part: f.part}
		g.decoded(r, &f)
		if f.value.at >= size {
			c.decoded = f.value.from(size - uint32(r.body.len())).place()
		} else {
			c.decoded = f.value.from(r.body.at).place()
		}
		cuts = append(cuts, c)
	}
	text = slices.Concat(g.text(r.body), g.buf[size:])
	g.buf = g.buf[:size]
	return text, cuts
}

// from is s as a place behind base.
func (s span) from(base uint32) span { return span{s.at - base, s.end - base} }

// A planSlot has the plans for records that begin alike: some PATH records have an
// inode, some have none. The one with most holes is tried first.
type planSlot struct {
	key   uint64
	plans [2]*plan
	tries uint8

	loose      *plan
	looseTries uint8
}

// planSlot is where the plans for a record are kept, or belong.
func (s *stencils) planSlot(number rectype, body []byte) *planSlot {
	key := uint64(number) + 1
	if number == typeSyscall && len(body) >= 32 {
		key ^= load64(body[8:])*mixer ^ load64(body[16:]) ^ load64(body[24:])<<7
	}
	set := &s.plans[key*mixer>>56%planSets]
	free := int(key >> 3 % planWays)
	for i := range set {
		if set[i].key == key {
			return &set[i]
		}
		if set[i].key == 0 {
			free = i
		}
	}
	set[free] = planSlot{key: key}
	return &set[free]
}

// add makes a plan of a record and puts it with the others of its slot. It reports
// false if too many were made.
func (slot *planSlot) add(s *stencils, g *group, r *record) bool {
	if slot.tries == maxTries {
		return false
	}
	slot.tries++
	p := s.newPlan(g, r)
	if slot.plans[1] = slot.plans[0]; slot.plans[1] == nil || len(p.leads) >= len(slot.plans[1].leads) {
		slot.plans[0] = p
	} else {
		slot.plans[1] = p
	}
	return true
}
