package actor

import (
	"cmp"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

const (
	// maxActors bounds the actors that reports list: those of highest score.
	maxActors = 10_000
	// maxTold is how many steps the stories of all actors have together, and
	// maxActorLists how many findings they list. Actors of lower score than those that
	// have so many have fewSteps, the gravest, and the first fewFindings.
	maxTold       = 1 << 14
	maxActorLists = 1 << 17
	fewSteps      = 3
	fewFindings   = 20
)

// An actorList is the list of actors while they come, one after the other in any
// order: those of highest score have all their story, and all others a line. What
// is cut depends on the actors alone, not on their order.
type actorList struct {
	actors    []listedActor
	steps     int // that came since it was cut last
	listed    int
	overflow  int64 // findings of actors that are not listed
	shortened int   // actors that have less than all
}

// A listedActor is an actor with how many steps and findings it came with: those count
// against the limits for all of lower score, whether they are cut or not.
type listedActor struct {
	finding.Actor
	steps, listed int
}

func (l *actorList) add(a finding.Actor) {
	l.actors = append(l.actors, listedActor{a, len(a.Story), len(a.Findings)})
	l.steps, l.listed = l.steps+len(a.Story), l.listed+len(a.Findings)
	if l.steps >= maxTold || l.listed >= maxActorLists || len(l.actors) >= 2*maxActors {
		l.cut()
	}
}

// cut brings the actors into order, and drops what there is no room for.
func (l *actorList) cut() {
	slices.SortFunc(l.actors, func(x, y listedActor) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), strings.Compare(x.ID, y.ID))
	})
	for i := maxActors; i < len(l.actors); i++ {
		l.overflow += l.actors[i].Total
		l.actors[i] = listedActor{}
	}
	l.actors = l.actors[:min(len(l.actors), maxActors)]
	steps, listed := 0, 0
	l.shortened = 0
	for i := range l.actors {
		a := &l.actors[i]
		if steps += a.steps; steps > maxTold {
			a.Story = gravestSteps(a.Story, fewSteps)
		}
		if listed += a.listed; listed > maxActorLists && len(a.Findings) > fewFindings {
			a.Findings = slices.Clone(a.Findings[:fewFindings])
		}
		if len(a.Story) < a.steps || len(a.Findings) < a.listed {
			l.shortened++
		}
	}
	l.steps, l.listed = 0, 0
}

// List is the actors, highest score first.
func (l *actorList) list() []finding.Actor {
	l.cut()
	out := make([]finding.Actor, len(l.actors))
	for i := range l.actors {
		out[i] = l.actors[i].Actor
	}
	return out
}

// gravestSteps are the n steps of highest score, in the order of the story.
func gravestSteps(story []finding.Step, n int) []finding.Step {
	if len(story) <= n {
		return story
	}
	at := make([]int, len(story))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(x, y int) int { return cmp.Compare(story[y].Score, story[x].Score) })
	at = at[:n]
	slices.Sort(at)
	out := make([]finding.Step, n)
	for i, from := range at {
		out[i] = story[from]
	}
	return out
}
