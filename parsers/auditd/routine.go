package auditd

import (
	"bytes"
	"slices"
	"time"

	"tideline/parsers"
)

// A routine is an event that came more than once, whoever did it: its records fit
// the same stencils in the same order.
type routine struct {
	hash  uint64
	facts procFacts
	likes []*like
	loose bool // a record fits a loose stencil: its events are akin, and not alike
}

// A like is a routine of processes that are alike: what an event of it says is
// known, but for its time and what is in the holes.
type like struct {
	of     *routine
	origin parsers.Origin // without a time
	kin    kin
	event  parsers.Event // its bytes are the like's own
}

// kin is what rules and facts can ask of where a process comes from.
type kin struct {
	inside          bool
	hasLine         bool
	container       []byte
	exe, line, user []byte // of the parent
}

// asks say which parts of kin rules look at. The container is in the facts.
type asks struct{ exe, line, user bool }

func asksOf(asked []string) (a asks) {
	for _, f := range asked {
		switch specials[f] {
		case theParentBase, theParentExe:
			a.exe = true
		case theParentLine:
			a.line = true
		case theParentUser:
			a.user = true
		}
	}
	return a
}

const (
	maxLikes   = 2048 // of all routines
	maxKindred = 64   // of one
)

// routines are what the events of one stream were like.
type routines struct {
	asks     asks
	stencils *stencils
	likes    []*like // by number
	next     int     // number of the one that is given up next
	varies   variations
	akin     uint64 // numbers given
}

// find returns the routine that a group follows, and the hash of what it would
// be; zero if it is none.
func (s *routines) find(g *group) (*routine, uint64) {
	if s == nil || len(g.recs) > maxGathered || len(g.recs) != len(g.raws) || g.stamp.has != hasTime|hasSerial {
		return nil, 0
	}
	if g.gist.count < len(g.recs) {
		return nil, 0
	}
	if at := g.gist.step; at != nil && at.routine != nil {
		return at.routine, at.routine.hash
	}
	hash := uint64(len(g.recs))
	for _, t := range g.gist.stencils[:len(g.recs)] {
		hash = (hash ^ t.hash) * mixer
		hash ^= hash >> 31
	}
	return nil, hash | 1
}

// learn makes a routine of the event at hand, if it was met before.
func (s *routines) learn(rd *reading, procs *procTable, hash uint64) {
	do := rd.procFacts()
	if do.forks || !s.stencils.met.again(hash) {
		return // every fork begins another process
	}
	records := rd.g.gist.stencils[:len(rd.g.recs)]
	loose := slices.ContainsFunc(records, func(t *stencil) bool { return t.loose })
	if loose && (!do.called || isExec(rd.syscall)) {
		return // more is made of what is in the holes
	}
	do.share(procs)
	r := &routine{hash: hash, facts: do, loose: loose}
	r.facts.kept, r.facts.guise = true, nil
	r.facts.subj = bytes.Clone(do.subj)
	r.facts.labelled, r.facts.judged = rd.labelled(r.facts.subj), true
	if at := s.stencils.path(records); at != nil {
		at.routine = r
		s.stencils.met.budget--
	}
}

// kin is what the event at hand has of it, as far as somebody asks.
func (s *routines) kin(rd *reading) kin {
	l := &rd.lineage
	k := kin{inside: l.inside, container: l.container}
	if p := l.parent; p != nil && len(p.exe) > 0 {
		if s.asks.exe {
			k.exe = p.exe
		}
		if s.asks.line && p.hasLine {
			k.line, k.hasLine = p.line, true
		}
		if s.asks.user {
			k.user = p.user
		}
	}
	return k
}

func (k *kin) same(o *kin) bool {
	return k.inside == o.inside && k.hasLine == o.hasLine && string(k.exe) == string(o.exe) &&
		string(k.container) == string(o.container) && string(k.line) == string(o.line) && string(k.user) == string(o.user)
}

// like returns what an event that follows r is known to say; nil if it is not.
func (r *routine) like(k *kin, origin *parsers.Origin) *like {
	for i, l := range r.likes {
		if !l.kin.same(k) || !l.origin.Same(origin) {
			continue
		}
		if i > 0 { // those that are met most come to stand first
			r.likes[i], r.likes[i-1] = r.likes[i-1], l
		}
		return l
	}
	return nil
}

// remember keeps what was made of the event at hand, which follows r, if it was
// met before with such kin, and marks it as the first of its like.
func (s *routines) remember(r *routine, k *kin, rd *reading, ev *parsers.Event) {
	if len(r.likes) == maxKindred || !s.stencils.met.again(k.hash(r.hash)) {
		return
	}
	s.stencils.met.budget--
	l := &like{of: r, origin: rd.g.origin, kin: k.own(), event: *ev}
	l.origin.Time = time.Time{}
	number := len(s.likes)
	if number < maxLikes {
		s.likes = append(s.likes, l)
	} else {
		number = s.next
		s.next = (s.next + 1) % maxLikes
		old := s.likes[number].of
		old.likes = slices.DeleteFunc(old.likes, func(l *like) bool { return l == s.likes[number] })
		s.likes[number] = l
	}
	r.likes = append(r.likes, l)
	l.event.Facts = ev.Facts.Clone()
	l.event.Pos, l.event.Raw, l.event.Views = nil, nil, slices.Clone(ev.Views)
	s.akin++
	l.event.Akin = s.akin
	s.varies.mark(r, l.event.Views, rd.g)
	if !r.loose {
		l.event.Like = parsers.Likeness{Number: number + 1}
		copy(ev.Views, l.event.Views)
		ev.Akin, ev.Like = s.akin, parsers.Likeness{Number: number + 1, First: true}
	}
}

func (k *kin) hash(h uint64) uint64 {
	for _, part := range [...][]byte{k.container, k.exe, k.line, k.user} {
		h = sample(h, part)
	}
	if k.inside {
		h ^= mixer
	}
	return h | 1
}

func (k *kin) own() kin {
	return kin{k.inside, k.hasLine, bytes.Clone(k.container), bytes.Clone(k.exe), bytes.Clone(k.line), bytes.Clone(k.user)}
}
