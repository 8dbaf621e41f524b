package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// A loss is one line of the rotation list as the screen tells it: a credential,
// or all of a scope with those that are known by name.
type loss struct {
	finding.Exposure
	names []string // of what "all" stands for
}

// losses condenses the rotation list: what was obtained, and what may have
// been. What lies within a scope that the same suspects obtained whole is told
// with it. checks counts what needs a look only.
func losses(list []finding.Exposure, suspect func(actor string) bool) (obtained, possible []loss, checks int) {
	var covers []finding.Exposure
	for i := range list {
		if covering(&list[i]) {
			covers = append(covers, list[i])
		}
	}
	told := func(e *finding.Exposure) bool {
		return slices.ContainsFunc(covers, func(c finding.Exposure) bool { return includes(&c, e, suspect) })
	}
	whole := 0 // all of a scope is told first
	for i := range list {
		e := &list[i]
		switch {
		case e.Advice == "check":
			checks++
		case e.Certainty != finding.Obtained:
			possible = append(possible, loss{Exposure: *e, names: e.Seen})
		case told(e):
			continue
		case covering(e):
			obtained = slices.Insert(obtained, whole, loss{Exposure: *e, names: byName(e, list, suspect)})
			whole++
		default:
			obtained = append(obtained, loss{Exposure: *e, names: e.Seen})
		}
	}
	return obtained, possible, checks
}

// covering reports whether an entry is about all of a scope, and surely so.
func covering(e *finding.Exposure) bool {
	return e.Name == "*" && e.Certainty == finding.Obtained && e.Advice != "check" && (e.Namespace != "" || e.Kind == "secret")
}

// includes reports whether e is part of what c is about, and nobody suspect got
// e who did not get c.
func includes(c, e *finding.Exposure, suspect func(string) bool) bool {
	return c.Kind == e.Kind && holds(c, e, suspect)
}

// holds is includes without a look at what e is: what opens a registry lies in a Secret,
// and is a line of its own all the same.
func holds(c, e *finding.Exposure, suspect func(string) bool) bool {
	return !same(c, e) && !finding.Described(e.Kind, e.Name) && (c.Namespace == "" || c.Namespace == e.Namespace) &&
		!slices.ContainsFunc(e.Actors, func(id string) bool { return suspect(id) && !slices.Contains(c.Actors, id) })
}

func same(a, b *finding.Exposure) bool {
	return a.Kind == b.Kind && a.Namespace == b.Namespace && a.Name == b.Name
}

// byName are the names of what an entry about all of a scope stands for: those
// that were taken by name too come first.
func byName(c *finding.Exposure, list []finding.Exposure, suspect func(string) bool) []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i := range list {
		e := &list[i]
		kin := e.Kind == c.Kind || c.Kind == "secret" && e.Kind == finding.RegistryCredential && e.Namespace != ""
		if !kin || e.Name == "*" || e.Certainty != finding.Obtained || e.Advice == "check" || !holds(c, e, suspect) {
			continue
		}
		if c.Namespace == "" {
			add(scoped(e.Namespace, e.Name))
		} else {
			add(e.Name)
		}
	}
	slices.Sort(names)
	for _, name := range c.Seen {
		add(name)
	}
	return names
}

// maxNames is how many names of what "all" stands for are said.
const maxNames = 8

// said names what was lost and by whom, with at most most of the names of what
// "all" stands for.
func (l *loss) said(by string, most int) string {
	var text string
	switch {
	case l.Name != "*" || l.Namespace != "" || l.Kind == "secret":
		text = finding.CredentialText(l.Kind, l.Namespace, l.Name)
	case by != "":
		text = l.Kind + " in reach of " + by
	default:
		text = l.Kind + " in reach"
	}
	if by != "" && !strings.Contains(text, by) {
		text += " [" + by + "]"
	}
	if len(l.names) > 0 {
		text += ": " + shortList(l.names, most)
	}
	return text
}

// A whoIs names actors for the reader.
type whoIs struct {
	label map[string]string
	score map[string]int
}

func newWhoIs(actors []finding.Actor) *whoIs {
	w := &whoIs{label: map[string]string{}, score: map[string]int{}}
	for i := range actors {
		a := &actors[i]
		w.label[a.ID], w.score[a.ID] = actorLabel(a), a.Score
	}
	return w
}

// actorLabel is the short name of an actor.
func actorLabel(a *finding.Actor) string { return shortActor(fullName(a)) }

// fullName is what an actor is called. A login uid means something on its host
// only.
func fullName(a *finding.Actor) string {
	name := cmp.Or(strings.Join(a.Names[:min(1, len(a.Names))], ""), strings.TrimPrefix(a.ID, "k8s:"))
	if strings.HasPrefix(a.ID, "container:") {
		name = "container " + shortIDs(strings.TrimPrefix(name, "container:"))
		if len(a.Hosts) > 0 {
			name += " on " + shortList(a.Hosts, 2)
		}
		return name
	}
	if !strings.HasPrefix(a.ID, "linux:") || strings.Contains(name, " on ") {
		return name
	}
	if len(a.Hosts) > 0 {
		return name + " on " + shortList(a.Hosts, 2)
	}
	return onHost(a.ID)
}

// onHost words the id of a principal of a host, "linux:HOST/NAME".
func onHost(id string) string {
	host, name, ok := strings.Cut(strings.TrimPrefix(id, "linux:"), "/")
	if !ok {
		return id
	}
	return name + " on " + host
}

// name is the short name of the actor id, of whom nothing else may be told.
func (w *whoIs) name(id string) string {
	return cmp.Or(w.label[id], actorLabel(&finding.Actor{ID: id}))
}

// names are those of ids.
func (w *whoIs) names(ids []string) []string {
	return each(ids, func(id *string) { *id = w.name(*id) })
}

func (w *whoIs) suspect(id string) bool { return finding.Band(w.score[id]) != "informational" }

// suspects names those of ids that the score makes suspect: of others the same
// credential is the work.
func (w *whoIs) suspects(ids []string) string {
	var names []string
	for _, id := range ids {
		if w.suspect(id) {
			names = append(names, w.name(id))
		}
	}
	return shortList(names, 3)
}

// rotationList writes the whole rotation list for a person: nothing is cut and
// nothing condensed. A line says what to do about what, and how sure it is that
// it was taken; those below, by whom, how, when, and what "all" stands for.
func rotationList(p *printer, o *finding.Overview) {
	if len(o.Exposure) == 0 {
		p.line("No credential is known to have been taken.")
		return
	}
	who := newWhoIs(o.Actors)
	for i := range o.Exposure {
		e := &o.Exposure[i]
		p.whole(fmt.Sprintf("%-17s  %-9s  ", e.Advice, e.Certainty), SafeCell(finding.CredentialText(e.Kind, e.Namespace, e.Name)))
		text := fmt.Sprintf("%s by %s", cmp.Or(strings.Join(e.How, ", "), "exposed"), cmp.Or(strings.Join(who.names(e.Actors), ", "), "nobody known"))
		if !e.First.IsZero() {
			text += ", " + period(e.First.UTC(), e.Last.UTC())
		}
		if e.Count > 1 {
			text += fmt.Sprintf(", %d times", e.Count)
		}
		p.hanging(strings.Repeat(" ", 8), SafeCell(text), 8)
		if len(e.Tried) > 0 {
			p.hanging(strings.Repeat(" ", 8), SafeCell("tried by "+strings.Join(who.names(e.Tried), ", ")), 4)
		}
		if len(e.Seen) > 0 {
			p.hanging(strings.Repeat(" ", 8), SafeCell("known by name: "+strings.Join(e.Seen, ", ")), 20)
		}
	}
}
