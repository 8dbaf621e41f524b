package report

import (
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
// been. Credentials within a scope that was obtained whole are told with it.
// checks counts what needs a look only.
func losses(list []finding.Exposure) (obtained, possible []loss, checks int) {
	var covers []finding.Exposure
	for i := range list {
		if covering(&list[i]) {
			covers = append(covers, list[i])
		}
	}
	all := slices.Clone(covers)
	covers = slices.DeleteFunc(covers, func(c finding.Exposure) bool { return within(&c, all) })
	whole := 0 // all of a scope is told first
	for i := range list {
		e := &list[i]
		switch {
		case e.Advice == "check":
			checks++
		case e.Certainty != finding.Obtained:
			possible = append(possible, loss{Exposure: *e, names: e.Seen})
		case within(e, covers):
			continue // told with its cover
		case covering(e):
			obtained = slices.Insert(obtained, whole, loss{Exposure: *e, names: e.Seen})
			whole++
		default:
			obtained = append(obtained, loss{Exposure: *e, names: e.Seen})
		}
	}
	for i := range obtained {
		obtained[i].join(list)
	}
	return obtained, possible, checks
}

// covering reports whether an entry is about all of a scope, and surely so.
func covering(e *finding.Exposure) bool {
	return e.Name == "*" && e.Certainty == finding.Obtained && e.Advice != "check" && (e.Namespace != "" || e.Kind == "secret")
}

// within reports whether one of covers includes e.
func within(e *finding.Exposure, covers []finding.Exposure) bool {
	return slices.ContainsFunc(covers, func(c finding.Exposure) bool { return includes(&c, e) })
}

func includes(c, e *finding.Exposure) bool {
	return c.Kind == e.Kind && !same(c, e) && (c.Namespace == "" || c.Namespace == e.Namespace)
}

func same(a, b *finding.Exposure) bool {
	return a.Kind == b.Kind && a.Namespace == b.Namespace && a.Name == b.Name
}

// join adds to a line about all of a scope the names and the actors of what it
// includes.
func (l *loss) join(list []finding.Exposure) {
	if !covering(&l.Exposure) {
		return
	}
	l.names, l.Actors = slices.Clone(l.names), slices.Clone(l.Actors)
	for i := range list {
		e := &list[i]
		if !includes(&l.Exposure, e) || e.Certainty != finding.Obtained {
			continue
		}
		name := e.Name
		if l.Namespace == "" {
			name = inNamespace(e.Namespace, e.Name)
		}
		if e.Name != "*" && !slices.Contains(l.names, name) {
			l.names = append(l.names, name)
		}
		for _, a := range e.Actors {
			if !slices.Contains(l.Actors, a) {
				l.Actors = append(l.Actors, a)
			}
		}
	}
	slices.Sort(l.names)
}

// said names what was lost: in words, with the names of what "all" stands for.
func (l *loss) said(by string) string {
	var text string
	switch {
	case l.Name != "*" && strings.HasPrefix(l.Name, "pod "):
		text = l.Kind + " in pod " + inNamespace(l.Namespace, strings.TrimPrefix(l.Name, "pod "))
	case l.Name != "*":
		text = l.Kind + " " + inNamespace(l.Namespace, l.Name)
	case l.Namespace != "":
		text = "every " + l.Kind + " in " + l.Namespace
	case l.Kind == "secret":
		text = "every secret of the cluster"
	case by != "":
		text = l.Kind + " in reach of " + by
	default:
		text = l.Kind + " in reach"
	}
	if len(l.names) > 0 {
		text += ": " + strings.Join(l.names, ", ")
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

// actorLabel is the short name of an actor. A login uid means something on its
// host only.
func actorLabel(a *finding.Actor) string {
	name := orElse(strings.Join(a.Names[:min(1, len(a.Names))], ""), a.ID)
	if strings.HasPrefix(a.ID, "linux:") && len(a.Hosts) > 0 && !strings.Contains(name, " on ") {
		name += " on " + shortList(a.Hosts, 2)
	}
	return shortActor(name)
}

// suspects names those of ids that the score makes suspect: of others the same
// credential is the work.
func (w *whoIs) suspects(ids []string) string {
	var names []string
	for _, id := range ids {
		if finding.Band(w.score[id]) != "informational" {
			names = append(names, orElse(w.label[id], shortActor(id)))
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
		p.whole(fmt.Sprintf("%-17s  %-9s  ", e.Advice, e.Certainty), SafeCell(credentialText(e.Kind, e.Namespace, e.Name)))
		var by []string
		for _, id := range e.Actors {
			by = append(by, orElse(who.label[id], shortActor(id)))
		}
		text := fmt.Sprintf("%s by %s", orElse(strings.Join(e.How, ", "), "exposed"), orElse(strings.Join(by, ", "), "nobody known"))
		if !e.First.IsZero() {
			text += ", " + period(e.First.UTC(), e.Last.UTC())
		}
		if e.Count > 1 {
			text += fmt.Sprintf(", %d times", e.Count)
		}
		p.hanging(strings.Repeat(" ", 8), SafeCell(text), 8)
		if len(e.Seen) > 0 {
			p.hanging(strings.Repeat(" ", 8), SafeCell("known by name: "+strings.Join(e.Seen, ", ")), 20)
		}
	}
}
