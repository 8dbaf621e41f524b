package scanner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tideline/scanner/baseline"
	"tideline/scanner/block"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/text"
)

// maxFirsts bounds the things that firsts remember. Beyond it nothing more is
// learned or told: that errs on the quiet side, and is what 100,000 new things
// in one log amount to.
const maxFirsts = 100_000

// firsts judges what is new. What principals do is compared with the baseline,
// or with the first part of the log, as for scores; namespaces and the images of
// pods, which a baseline does not hold, with the hits of the rule itself in the
// first part of the log. Each new thing is told once.
type firsts struct {
	habits *baseline.Index
	seen   map[string]bool // rule, thing and value: learned, or told
	asked  map[string]bool // logs of principals that habits were asked for
}

func newFirsts(habits *baseline.Index) *firsts {
	return &firsts{habits: habits, seen: map[string]bool{}, asked: map[string]bool{}}
}

// judge says what of a hit is new, a clause each, and the key of the first of
// these things. Hits come in the order of time. complete says that none of the
// log were left out.
func (f *firsts) judge(things []string, h *finding.Hit, complete bool) (news []string, first string) {
	if h.Time.IsZero() {
		return nil, ""
	}
	habit := baseline.NewHabit(h.Actor.ID, h.Action, h.Target.Kind, h.Actor.Agent, h.Actor.Address())
	f.asked[baseline.Realm(h.Actor.ID)] = true
	comparable := f.habits.Comparable(h.Actor.ID, h.Time.Time)
	for _, thing := range things {
		for _, value := range f.values(thing, h, habit) {
			key := strings.Join([]string{h.Rule, thing, value}, "\x00")
			known := f.known(thing, h, habit, value)
			if f.seen[key] || len(f.seen) >= maxFirsts {
				continue
			}
			f.seen[key] = true // learned, or told below
			if comparable && !known && f.judges(thing, h, complete) {
				if news = append(news, clause(thing, habit, h, value)); len(news) == 1 {
					first = key
				}
			}
		}
	}
	return news, first
}

// savedFirsts are firsts on the wire.
type savedFirsts struct {
	Seen  []string          `json:"seen"`
	Asked map[string]uint64 `json:"asked"` // what habits knew of each log that they were asked for: see Index.Print
}

// saved are firsts that have judged everything before a time.
func (f *firsts) saved(before time.Time) savedFirsts {
	s := savedFirsts{text.Keys(f.seen), map[string]uint64{}}
	for realm := range f.asked {
		s.Asked[realm] = f.habits.Print(realm, before)
	}
	return s
}

// restore takes up what was judged before.
func (f *firsts) restore(s *savedFirsts) {
	for _, key := range s.Seen {
		f.seen[key] = true
	}
	for realm := range s.Asked {
		f.asked[realm] = true
	}
}

// judgedBy reports whether habits would have judged what was before a time as
// those did that s is of.
func (s *savedFirsts) judgedBy(habits *baseline.Index, before time.Time) bool {
	for realm, print := range s.Asked {
		if habits.Print(realm, before) != print {
			return false
		}
	}
	return true
}

// judges reports whether there is something to compare a thing with: a
// baseline holds no namespaces and no images of pods, and without one those are
// learned from the hits of the rule, of which none must have been left out.
func (f *firsts) judges(thing string, h *finding.Hit, complete bool) bool {
	switch thing {
	case block.NewNamespace:
		return complete && !f.habits.Whole()
	case block.NewImage:
		if f.habits.Whole() {
			return len(h.Fields[ruleset.FieldPodImages]) == 0
		}
		return complete
	}
	return true
}

// values are what of h a thing is about.
func (f *firsts) values(thing string, h *finding.Hit, habit baseline.Habit) []string {
	switch thing {
	case block.NewActor:
		return []string{habit.Actor}
	case block.NewAct:
		return []string{habit.Actor + "\x00" + habit.Class + "\x00" + habit.Kind}
	case block.NewClient:
		if habit.Client != "" {
			return []string{habit.Actor + "\x00" + habit.Client}
		}
	case block.NewNamespace:
		if h.Target.Namespace != "" {
			return []string{habit.Actor + "\x00" + h.Target.Namespace}
		}
	case block.NewImage:
		images := h.Fields[ruleset.FieldPodImages]
		if len(images) == 0 {
			images = []string{h.Container.Image}
		}
		var out []string
		for _, image := range images {
			if r := baseline.Repository(image); r != "" && !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
		return out
	}
	return nil
}

// known reports whether the baseline, or the first part of the log, has it.
func (f *firsts) known(thing string, h *finding.Hit, habit baseline.Habit, value string) bool {
	switch thing {
	case block.NewActor:
		return f.habits.KnowsActor(habit, h.Time.Time)
	case block.NewAct:
		return f.habits.KnowsAct(habit, h.Time.Time)
	case block.NewClient: // of a principal never seen before, everything is new
		return f.habits.KnowsClient(habit, h.Time.Time) || !f.habits.KnowsActor(habit, h.Time.Time)
	case block.NewImage:
		return f.habits.Whole() && f.habits.KnowsImage(value)
	}
	return false
}

func clause(thing string, habit baseline.Habit, h *finding.Hit, value string) string {
	switch thing {
	case block.NewActor:
		return "the principal"
	case block.NewAct:
		return strings.TrimSpace(habit.Class + " of " + cmp.Or(habit.Kind, "this kind"))
	case block.NewClient:
		return "its client " + text.Shorten(habit.Client, 80)
	case block.NewNamespace:
		return "the namespace " + text.Shorten(h.Target.Namespace, 80)
	}
	return "the image " + text.Shorten(value, 80)
}

// first amends a hit of a rule with first_seen: its summary says what is new,
// and compared with what. nil means that nothing is. The id of the finding is
// made of what is new: a log that arrives late may show that it was new with
// another act before, and then it is still the same finding, told already.
func (c *concluder) first(things []string, h *finding.Hit) (*finding.Hit, string) {
	news, first := c.usual.firsts.judge(things, h, c.options.Since.IsZero())
	if len(news) == 0 {
		return nil, ""
	}
	told := *h // the hit is the partial's
	told.Like = nil
	told.Summary = fmt.Sprintf("%s; new: %s (%s)", h.Summary, strings.Join(news, ", "), c.usual.habits.Source(h.Actor.ID, h.Time.Time))
	return &told, hashed("first seen", first)
}
