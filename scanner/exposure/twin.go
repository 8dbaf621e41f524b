package exposure

import (
	"maps"
	"slices"

	"tideline/scanner/finding"
)

// twinOf is the key of the line about the same Secret by its plainer kind: a rule about
// all Secrets and one about those of registries speak of one object of the API, by its
// namespace and name, and that is one thing to rotate.
func twinOf(k key) (twin key, ok bool) {
	if k.kind != finding.RegistryCredential || k.namespace == "" || k.name == "*" || finding.Described("secret", k.name) {
		return key{}, false
	}
	return key{"secret", k.namespace, k.name}, true
}

// paired is the line of k with that of its twin in it, and nil if another line has k in it.
// The lines themselves stay as they are, so that names are known by either kind.
func (l *List) paired(k key) *line {
	x := l.lines[k]
	if k.kind == "secret" {
		if other := (key{finding.RegistryCredential, k.namespace, k.name}); l.lines[other] != nil {
			if twin, ok := twinOf(other); ok && twin == k {
				return nil
			}
		}
		return x
	}
	twin, ok := twinOf(k)
	if !ok || l.lines[twin] == nil {
		return x
	}
	both := &line{key: k}
	for i := range both.by {
		both.by[i] = joined(x.by[i], l.lines[twin].by[i])
	}
	return both
}

// joined is what two parts of one certainty know together; an act of which both speak is
// counted once.
func joined(a, b *part) *part {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	p := *a
	p.actors, p.how, p.acts = append([]string{}, a.actors...), append([]string{}, a.how...), maps.Clone(a.acts)
	for _, actor := range b.actors {
		p.actors = enter(p.actors, actor)
	}
	for _, how := range b.how {
		p.how = enter(p.how, how)
	}
	p.first.Time, p.last.Time = finding.Earlier(a.first.Time, b.first.Time), finding.Later(a.last.Time, b.last.Time)
	p.occurred(b.act, b.times)
	for act, times := range b.acts {
		p.occurred(act, times)
	}
	p.more += b.more
	p.findings = append([]string{}, a.findings...)
	for _, id := range b.findings {
		if len(p.findings) < finding.MaxActorFindings && !slices.Contains(a.findings, id) { // one finding may expose both
			p.findings = append(p.findings, id)
		}
	}
	return &p
}
