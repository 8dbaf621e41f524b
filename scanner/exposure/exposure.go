package exposure

import (
	"hash/fnv"
	"slices"
	"strconv"

	"tideline/scanner/finding"
)

// maxLines bounds the list; what comes later is counted in Overflow.
const maxLines = 20_000

// A List gathers exposures from findings. The order of Add does not matter to
// the result but for the ids listed beyond finding.MaxActorFindings.
type List struct {
	lines    map[key]*line
	names    map[key]bool // that stood in the evidence, exposed or not
	Overflow int64        // exposures that did not fit
}

type key struct{ kind, namespace, name string }

// A line is one credential, by how surely it was taken: who was refused is not
// among those who got it.
type line struct {
	key
	by [possibleRanks]*part
}

// possibleRanks is one more than the highest rank of a certainty.
const possibleRanks = 4

// A part is what is known with one certainty. Nearly all are of one act of one
// actor, so there are no maps before they are needed.
type part struct {
	certainty   string
	actors, how []string // sorted
	first, last finding.Time
	act         uint64           // the first of acts
	times       int64            // occurrences of it
	acts        map[uint64]int64 // occurrences of the others, by the place of the first: several rules speak of one act
	more        int64            // of acts that did not fit
	findings    []string
}

// maxActs bounds the acts that are told apart on one line.
const maxActs = 100_000

// Add enters everything that f exposed. actor is the id the finding's actor
// was resolved to.
func (l *List) Add(f *finding.Finding, actor string) {
	if l.lines == nil {
		l.lines = map[key]*line{}
	}
	for i := range f.Exposed {
		e := &f.Exposed[i]
		k := lineOf(e)
		x := l.lines[k]
		if x == nil {
			if len(l.lines) >= maxLines {
				l.Overflow++
				continue
			}
			x = &line{key: k}
			l.lines[k] = x
		}
		x.see(f, e.Certainty, actor)
	}
}

// see enters that actor got the credential, as surely as certainty says, by f.
func (x *line) see(f *finding.Finding, certainty, actor string) {
	p := x.by[rank(certainty)]
	if p == nil {
		p = &part{certainty: certainty}
		x.by[rank(certainty)] = p
	}
	p.actors = enter(p.actors, actor)
	if f.Action != "" {
		p.how = enter(p.how, f.Action)
	}
	p.occurred(placeHash(f), f.Count)
	if !f.Time.IsZero() && (p.first.IsZero() || f.Time.Before(p.first.Time)) {
		p.first = f.Time
	}
	if f.LastTime.After(p.last.Time) {
		p.last = f.LastTime
	}
	if len(p.findings) < finding.MaxActorFindings {
		p.findings = append(p.findings, f.ID)
	}
}

// placeHash stands for the place of the first record of f.
func placeHash(f *finding.Finding) uint64 {
	h := fnv.New64a()
	var room [128]byte
	b := append(append(room[:0], f.Source.Path...), 0)
	h.Write(strconv.AppendInt(b, f.Source.Offset, 10)) // never fails
	return h.Sum64()
}

// enter puts a text into a sorted list, if it is not there.
func enter(list []string, text string) []string {
	at, found := slices.BinarySearch(list, text)
	if found {
		return list
	}
	return slices.Insert(list, at, text)
}

// occurred counts occurrences of an act: the most that any rule tells of it.
func (p *part) occurred(act uint64, times int64) {
	switch {
	case p.times == 0:
		p.act, p.times = act, times
	case p.act == act:
		p.times = max(p.times, times)
	case p.acts[act] > 0 || len(p.acts) < maxActs:
		if p.acts == nil {
			p.acts = map[uint64]int64{}
		}
		p.acts[act] = max(p.acts[act], times)
	default:
		p.more += times
	}
}

// count is how often the credential was got, or tried, with this certainty.
func (p *part) count() int64 {
	n := p.times + p.more
	for _, times := range p.acts {
		n += times
	}
	return n
}
