package scanner

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

// A billing is the list of actors while they come, one after the other in any
// order: those of highest score have all their story, and all others a line. What
// is cut depends on the actors alone, not on their order.
type billing struct {
	actors    []billed
	steps     int // that came since it was cut last
	listed    int
	overflow  int64 // findings of actors that are not listed
	shortened int   // actors that have less than all
}

// A billed actor, with how many steps and findings it came with: those count
// against the limits for all of lower score, whether they are cut or not.
type billed struct {
	finding.Actor
	steps, listed int
}

func (b *billing) add(a finding.Actor) {
	b.actors = append(b.actors, billed{a, len(a.Story), len(a.Findings)})
	b.steps, b.listed = b.steps+len(a.Story), b.listed+len(a.Findings)
	if b.steps >= maxTold || b.listed >= maxActorLists || len(b.actors) >= 2*maxActors {
		b.cut()
	}
}

// cut brings the actors into order, and drops what there is no room for.
func (b *billing) cut() {
	slices.SortFunc(b.actors, func(x, y billed) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), strings.Compare(x.ID, y.ID))
	})
	for i := maxActors; i < len(b.actors); i++ {
		b.overflow += b.actors[i].Total
		b.actors[i] = billed{}
	}
	b.actors = b.actors[:min(len(b.actors), maxActors)]
	steps, listed := 0, 0
	b.shortened = 0
	for i := range b.actors {
		a := &b.actors[i]
		if steps += a.steps; steps > maxTold {
			a.Story = gravestSteps(a.Story, fewSteps)
		}
		if listed += a.listed; listed > maxActorLists && len(a.Findings) > fewFindings {
			a.Findings = slices.Clone(a.Findings[:fewFindings])
		}
		if len(a.Story) < a.steps || len(a.Findings) < a.listed {
			b.shortened++
		}
	}
	b.steps, b.listed = 0, 0
}

// list is the actors, highest score first.
func (b *billing) list() []finding.Actor {
	b.cut()
	out := make([]finding.Actor, len(b.actors))
	for i := range b.actors {
		out[i] = b.actors[i].Actor
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
