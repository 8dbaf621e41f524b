package exposure

import (
	"hash/fnv"
	"slices"
	"sort"
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

// Name tells the list of a credential that stood somewhere in the evidence:
// lines about all of a kind and scope then name it.
func (l *List) Name(kind, namespace, name string) {
	if l.names == nil {
		l.names = map[key]bool{}
	}
	l.names[key{kind, namespace, name}] = true
}

// Add enters everything that f exposed. actor is the id the finding's actor
// was resolved to.
func (l *List) Add(f *finding.Finding, actor string) {
	if l.lines == nil {
		l.lines = map[key]*line{}
	}
	for _, e := range f.Exposed {
		k := key{e.Kind, e.Namespace, e.Name}
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

func (p *part) count() int64 {
	n := p.times + p.more
	for _, times := range p.acts {
		n += times
	}
	return n
}

// exposure states a line with the strongest certainty there is. Those who are
// known with a weaker one only have tried. Its lists are those of the line: there
// may be many thousands.
func (x *line) exposure(scores map[string]int) finding.Exposure {
	e := finding.Exposure{Kind: x.kind, Namespace: x.namespace, Name: x.name, Tried: []string{}}
	var strongest []string
	for i := len(x.by) - 1; i >= 0; i-- {
		p := x.by[i]
		switch {
		case p == nil:
		case len(strongest) == 0:
			strongest = p.actors
			e.Certainty, e.Actors, e.How = p.certainty, byScore(p.actors, scores), p.how
			if e.How == nil {
				e.How = []string{}
			}
			e.First, e.Last, e.Count, e.Findings = p.first, p.last, p.count(), slices.Clip(p.findings)
		default:
			for _, a := range byScore(p.actors, scores) {
				if _, got := slices.BinarySearch(strongest, a); !got {
					e.Tried = append(e.Tried, a)
				}
			}
		}
	}
	return e
}

func rank(certainty string) int {
	switch certainty {
	case finding.Obtained:
		return 3
	case finding.Possible:
		return 2
	case finding.Attempted:
		return 1
	}
	return 0
}

// Lines is the list, most urgent first: what was obtained before what may have
// been, and what the actor of highest score got before what others did. scores
// are the actors' scores by id; credentials that only actors of informational
// score read, such as operators whose work it is, come last, to be checked
// rather than rotated.
func (l *List) Lines(scores map[string]int) []finding.Exposure {
	out := make([]finding.Exposure, 0, len(l.lines))
	worst := map[key]int{}
	var known map[string][]key // asked for by lines about all of a kind
	for k, x := range l.lines {
		e := x.exposure(scores)
		worst[k] = scores[e.Actors[0]]
		sort.Strings(e.Findings)
		e.Advice = advice(e.Kind, e.Certainty, worst[k])
		if e.Seen = []string{}; e.Kind == "secret" || e.Namespace != "" {
			if e.Name == "*" && known == nil {
				known = l.known()
			}
			e.Seen = seen(known[e.Kind], &e)
		} else if e.Name == "*" {
			e.Seen = l.reached(&e)
		}
		out = append(out, e)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := &out[i], &out[j]
		if x, y := worst[keyOf(a)], worst[keyOf(b)]; suspect(x) != suspect(y) {
			return suspect(x)
		} else if rank(a.Certainty) == rank(b.Certainty) && x != y {
			return x > y
		}
		return before(a, b)
	})
	return out
}

func keyOf(e *finding.Exposure) key { return key{e.Kind, e.Namespace, e.Name} }

// suspect reports whether a score is more than informational.
func suspect(score int) bool { return finding.Band(score) != "informational" }

// byScore lists actors, the highest score first; it may be the very list.
func byScore(sorted []string, scores map[string]int) []string {
	if len(sorted) == 1 {
		return sorted
	}
	out := append([]string{}, sorted...)
	sort.SliceStable(out, func(i, j int) bool { return scores[out[i]] > scores[out[j]] })
	return out
}

func before(a, b *finding.Exposure) bool {
	switch {
	case rank(a.Certainty) != rank(b.Certainty):
		return rank(a.Certainty) > rank(b.Certainty)
	case a.Kind != b.Kind:
		return a.Kind < b.Kind
	case a.Namespace != b.Namespace:
		return a.Namespace < b.Namespace
	}
	return a.Name < b.Name
}

// maxSeen bounds the names that a line about all of a kind lists.
const maxSeen = 1000

// known are all names, by kind, in order.
func (l *List) known() map[string][]key {
	all := map[key]bool{}
	for k := range l.names {
		all[k] = true
	}
	for k := range l.lines {
		if k.name != "*" {
			all[k] = true
		}
	}
	out := map[string][]key{}
	for k := range all {
		out[k.kind] = append(out[k.kind], k)
	}
	for _, list := range out {
		sort.Slice(list, func(i, j int) bool {
			if list[i].namespace != list[j].namespace {
				return list[i].namespace < list[j].namespace
			}
			return list[i].name < list[j].name
		})
	}
	return out
}

// seen expands "all of them" to the names of that kind and scope which stood
// elsewhere in the evidence.
func seen(known []key, e *finding.Exposure) []string {
	out := []string{}
	if e.Name != "*" {
		return out
	}
	for _, k := range known {
		if e.Namespace != "" && k.namespace != e.Namespace {
			continue
		}
		name := k.name
		if e.Namespace == "" && k.namespace != "" {
			name = k.namespace + "/" + name
		}
		if out = append(out, name); len(out) == maxSeen {
			break
		}
	}
	return out
}

// reached expands "whatever was in reach" of who took it, which is less than all
// there is of a kind, to what the same actors are known to have reached.
func (l *List) reached(e *finding.Exposure) []string {
	out := []string{}
	for k, x := range l.lines {
		if k.kind != e.Kind || k.name == "*" || !slices.ContainsFunc(x.by[:], func(p *part) bool {
			return p != nil && slices.ContainsFunc(e.Actors, func(a string) bool { _, got := slices.BinarySearch(p.actors, a); return got })
		}) {
			continue
		}
		if k.namespace != "" {
			out = append(out, k.namespace+"/"+k.name)
		} else {
			out = append(out, k.name)
		}
	}
	sort.Strings(out)
	return out[:min(len(out), maxSeen)]
}

// advice is what to do about a credential of a kind. What was only attempted
// was not given away, and what only expected readers read was not lost; both
// are worth a look.
func advice(kind, certainty string, worst int) string {
	if certainty == finding.Attempted || !suspect(worst) {
		return "check"
	}
	switch kind {
	case "token", "service-account-token", "kubeconfig", "certificate", "session":
		return "revoke"
	case "log-line", "file":
		return "delete and rotate"
	}
	return "rotate"
}
