package report

import (
	"slices"
	"strings"

	"tideline/scanner/finding"
)

// How much of the actors the static page shows. What is left out is counted.
const (
	pageActors  = 24 // actors with a card of their own
	pageLeads   = 3  // of them, how many are open from the start
	pageSteps   = 8  // steps of a story that are told at once: the gravest
	pageStory   = 200
	pageActions = 60 // characters of what a step did
)

// An actorView is an actor as its card shows it.
type actorView struct {
	*finding.Actor
	N     int    // place in the overview: the card's anchor, the script's handle
	Name  string // the first name, short
	Also  []string
	Lead  bool       // worth being open from the start
	Gist  string     // the gravest step
	Steps []stepView // the gravest steps, in the order they were done
	Story []stepView // all of them, if there are more
	Links []linkView
}

// A stepView is a step of a story: when, what act on what, a sentence.
type stepView struct {
	finding.Step
	Did  string // action and target, if the finding is among those of highest score; of a command the sentence says it
	Says string // the sentence, without saying again who the actor is
}

// A linkView is a relation to another actor.
type linkView struct {
	Name, Why, Certainty string
	Card                 int // the card of that actor; -1 if it has none
}

// actorViews prepares the cards.
func actorViews(o *finding.Overview) []actorView {
	top := map[string]*finding.Finding{}
	for i := range o.Top {
		top[o.Top[i].ID] = &o.Top[i]
	}
	cards := map[string]int{}
	shown := o.Actors[:min(len(o.Actors), pageActors)]
	for i := range shown {
		cards[shown[i].ID] = i
	}
	views := make([]actorView, len(shown))
	for i := range shown {
		a := &shown[i]
		v := actorView{Actor: a, N: i, Name: actorLabel(a), Lead: i == 0 || i < pageLeads && finding.Band(a.Score) != "informational"}
		for _, name := range a.Names[min(1, len(a.Names)):] {
			v.Also = append(v.Also, shortName(name))
		}
		all := storyOf(a, top)
		v.Steps = gravest(all, pageSteps)
		if len(all) > len(v.Steps) {
			v.Story = all[:min(len(all), pageStory)]
		}
		if worst := gravest(all, 1); len(worst) > 0 {
			v.Gist = worst[0].Says
		}
		v.Links = linksOf(a, cards)
		views[i] = v
	}
	return views
}

// storyOf tells the steps of a. A step that only says again what the one
// before said is counted with it: Docker tells an exec twice.
func storyOf(a *finding.Actor, top map[string]*finding.Finding) []stepView {
	var story []stepView
	target := ""
	for _, s := range a.Story {
		v := stepView{Step: s, Says: withoutActor(s.Summary, a)}
		v.Count = max(s.Count, 1)
		on := ""
		if f := top[s.Finding]; f != nil && len(f.Related) == 0 && f.Command == "" && f.Target.Kind != "" {
			on = targetText(&f.Target)
			v.Did = limit(strings.TrimSpace(f.Action+" "+on), pageActions)
		}
		if n := len(story); n > 0 && story[n-1].Says == v.Says && target == on && story[n-1].Outcome == v.Outcome {
			story[n-1].Count += v.Count
			continue
		}
		story, target = append(story, v), on
	}
	return story
}

func targetText(t *finding.Target) string {
	place := t.Name
	if t.Namespace != "" && place != "" {
		place = t.Namespace + "/" + place
	} else if t.Namespace != "" {
		place = "in " + t.Namespace
	}
	return strings.TrimSpace(t.Kind + " " + place)
}

// gravest are the n steps of highest score, in their order.
func gravest(story []stepView, n int) []stepView {
	if len(story) <= n {
		return story
	}
	at := make([]int, len(story))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(x, y int) int { return story[y].Score - story[x].Score })
	at = at[:n]
	slices.Sort(at)
	out := make([]stepView, n)
	for i, from := range at {
		out[i] = story[from]
	}
	return out
}

// linksOf are the relations of a: identities that are not among its own names
// first say why they are the same, then come the others.
func linksOf(a *finding.Actor, cards map[string]int) []linkView {
	var links []linkView
	for _, l := range a.Links {
		card, known := cards[l.Actor]
		if !known || l.Actor == a.ID {
			card = -1
		}
		links = append(links, linkView{shortName(l.Actor), l.Why, l.Certainty, card})
	}
	return links
}

// withoutActor takes the names of a out of a sentence where they only say again
// whose story it is.
func withoutActor(sentence string, a *finding.Actor) string {
	for _, name := range append([]string{a.ID}, a.Names...) {
		if name == "" {
			continue
		}
		for _, begin := range []string{name + ": ", name + " "} {
			if rest, ok := strings.CutPrefix(sentence, begin); ok && rest != "" {
				sentence = rest
			}
		}
		sentence = strings.ReplaceAll(sentence, " ("+name+")", "")
	}
	return shortActor(sentence)
}

// shortName is the name of an actor without what every one of its kind has.
func shortName(name string) string { return shortActor(strings.TrimPrefix(name, "k8s:")) }
