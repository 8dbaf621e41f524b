// Package exposure builds the rotation list: one line for each credential, in
// one scope, with who got it, how, when, how surely, and what to do about it.
package exposure

import (
	"sort"

	"tideline/scanner/finding"
)

// maxLines bounds the list; what comes later is counted in Overflow.
const maxLines = 100_000

// A List gathers exposures from findings. The order of Add does not matter to
// the result but for the ids listed beyond finding.MaxActorFindings.
type List struct {
	lines    map[key]*line
	names    map[key]bool // that stood in the evidence, exposed or not
	Overflow int64        // exposures that did not fit
}

type key struct{ kind, namespace, name string }

type line struct {
	finding.Exposure
	actors map[string]bool
	how    map[string]bool
}

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
			x = &line{actors: map[string]bool{}, how: map[string]bool{}}
			x.Kind, x.Namespace, x.Name, x.Certainty = e.Kind, e.Namespace, e.Name, e.Certainty
			l.lines[k] = x
		}
		x.see(f, e.Certainty, actor)
	}
}

func (x *line) see(f *finding.Finding, certainty, actor string) {
	if rank(certainty) > rank(x.Certainty) {
		x.Certainty = certainty
	}
	x.actors[actor] = true
	if f.Action != "" {
		x.how[f.Action] = true
	}
	x.Count += f.Count
	if !f.Time.IsZero() && (x.First.IsZero() || f.Time.Before(x.First.Time)) {
		x.First = f.Time
	}
	if f.LastTime.After(x.Last.Time) {
		x.Last = f.LastTime
	}
	if len(x.Findings) < finding.MaxActorFindings {
		x.Findings = append(x.Findings, f.ID)
	}
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
	known := l.known()
	for k, x := range l.lines {
		e := x.Exposure
		e.Actors, e.How = byScore(x.actors, scores), sortedSet(x.how)
		worst[k] = scores[e.Actors[0]]
		sort.Strings(e.Findings)
		e.Advice = advice(e.Kind, e.Certainty, worst[k])
		e.Seen = seen(known[e.Kind], &e)
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

// byScore lists actors, the highest score first.
func byScore(set map[string]bool, scores map[string]int) []string {
	out := sortedSet(set)
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

func sortedSet(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for s := range set {
		out = append(out, s)
	}
	sort.Strings(out)
	return out
}
