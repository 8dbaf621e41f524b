package exposure

import (
	"cmp"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// Lines is the list, most urgent first: what was obtained before what may have
// been, and what the actor of highest score got before what others did. scores
// are the actors' scores by id; credentials that only actors of informational
// score read, such as operators whose work it is, come last, to be checked
// rather than rotated.
func (l *List) Lines(scores map[string]int) []finding.Exposure {
	out := make([]finding.Exposure, 0, len(l.lines))
	worst := map[key]int{}
	var known map[string][]key // asked for by lines about all of a kind
	for k := range l.lines {
		x := l.paired(k)
		if x == nil {
			continue
		}
		e := x.exposure(scores)
		worst[k] = scores[e.Actors[0]]
		slices.Sort(e.Findings)
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
	slices.SortFunc(out, func(a, b finding.Exposure) int {
		x, y := worst[keyOf(&a)], worst[keyOf(&b)]
		switch {
		case suspect(x) != suspect(y) && suspect(x):
			return -1
		case suspect(x) != suspect(y):
			return 1
		}
		return cmp.Or(cmp.Compare(rank(b.Certainty), rank(a.Certainty)), cmp.Compare(y, x),
			strings.Compare(a.Kind, b.Kind), strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
	})
	return out
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

// rank orders certainties, the strongest last; 0 is none.
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

func keyOf(e *finding.Exposure) key { return key{e.Kind, e.Namespace, e.Name} }

// suspect reports whether a score is more than informational.
func suspect(score int) bool { return finding.Band(score) != "informational" }

// byScore lists actors, the highest score first; it may be the very list.
func byScore(sorted []string, scores map[string]int) []string {
	if len(sorted) == 1 {
		return sorted
	}
	out := append([]string{}, sorted...)
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(scores[b], scores[a]) })
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
