package exposure

import (
	"cmp"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// Name tells the list of a credential that stood somewhere in the evidence:
// lines about all of a kind and scope then name it.
func (l *List) Name(kind, namespace, name string) {
	if l.names == nil {
		l.names = map[key]bool{}
	}
	l.names[key{kind, namespace, name}] = true
}

// maxSeen bounds the names that a line about all of a kind lists.
const maxSeen = 1000

// known are all names, by kind, in order. What was only tried may be a guess.
func (l *List) known() map[string][]key {
	all := map[key]bool{}
	for k := range l.names {
		all[k] = true
	}
	for k, x := range l.lines {
		if k.name != "*" && (x.by[rank(finding.Obtained)] != nil || x.by[rank(finding.Possible)] != nil) {
			all[k] = true
		}
	}
	out := map[string][]key{}
	for k := range all {
		if !finding.Described(k.kind, k.name) {
			out[k.kind] = append(out[k.kind], k)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b key) int {
			return cmp.Or(strings.Compare(a.namespace, b.namespace), strings.Compare(a.name, b.name))
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
		if e.Namespace == "" {
			name = k.named()
		}
		if out = append(out, name); len(out) == maxSeen {
			break
		}
	}
	return out
}

// named is the name with the namespace: "prod/db", "pod prod/web-0".
func (k key) named() string {
	if k.namespace == "" {
		return k.name
	}
	if pod, ok := strings.CutPrefix(k.name, "pod "); ok {
		return "pod " + k.namespace + "/" + pod
	}
	return k.namespace + "/" + k.name
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
		out = append(out, k.named())
	}
	slices.Sort(out)
	return out[:min(len(out), maxSeen)]
}
