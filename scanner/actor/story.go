package actor

import (
	"cmp"
	"slices"
	"strings"

	"tideline/scanner/finding"
	"tideline/scanner/identity"
)

// maxSteps bounds the sentences of one actor's story.
const maxSteps = 60

// A story is what one actor did, a step for each act, in order. Several rules
// may speak of one record, and several logs may tell one act: of what was said,
// the finding of highest score tells it. A correlation is no act; it is told
// when it was complete, behind the act that completed it.
type story struct{ list []step }

// A step is a sentence, with what tells which act it is about.
type step struct {
	finding.Step
	source finding.Source
	joined bool // told by a log that does not name the actor
}

// Add enters a finding; joined says that its own log does not name the actor,
// and that another one did moments before; labels, which of all it listed.
func (s *story) add(f *finding.Finding, joined bool, labels string) {
	x := step{joined: joined, source: f.Source, Step: finding.Step{Time: f.Time, Level: f.Rule.Level, Score: f.Score, Outcome: f.Outcome,
		Summary: f.Summary, Finding: f.ID, Count: f.Count, Actor: f.Actor.Name, Impersonated: f.Actor.Impersonated, Action: f.Action, Target: f.Target, Labels: labels,
		Command: f.Command, Correlation: len(f.Related) > 0}}
	if x.Correlation {
		x.Time = f.LastTime
	}
	s.list = append(s.list, x)
	if len(s.list) >= 4*maxSteps {
		s.list = best(oneEach(s.list), 2*maxSteps)
	}
}

// steps is the story in order.
func (s *story) steps() []finding.Step {
	list := best(oneEach(append([]step{}, s.list...)), maxSteps)
	slices.SortFunc(list, compareSteps)
	out := make([]finding.Step, len(list))
	for i := range list {
		out[i] = list[i].Step
	}
	return out
}

// oneEach keeps one step for each act, that of highest score, in the order of
// time.
func oneEach(list []step) []step {
	slices.SortFunc(list, compareSteps)
	kept := list[:0]
	for _, s := range list {
		same := -1
		for i := len(kept) - 1; i >= 0 && s.Time.Sub(kept[i].Time.Time) <= identity.JoinWindow; i-- {
			if kept[i].tells(&s) {
				same = i
				break
			}
		}
		switch {
		case same < 0:
			kept = append(kept, s)
		case s.joined != kept[same].joined: // the log that names the actor tells it better
			weight(&kept[same], &s)
		case s.Score > kept[same].Score:
			s.Time = kept[same].Time
			kept[same] = s
		}
	}
	return kept
}

// weight gives the first of two steps about one act, whose log names the actor,
// the weight of the second.
func weight(named, other *step) {
	if named.joined {
		other.Time = named.Time
		*named, *other = *other, *named
	}
	if other.Score > named.Score {
		named.Score, named.Level = other.Score, other.Level
	}
}

// tells reports whether both steps are about one act. o is the later one.
func (s *step) tells(o *step) bool {
	if s.Correlation || o.Correlation {
		return false
	}
	return o.joined || s.source == o.source || s.Time.Equal(o.Time.Time) || s.Command != "" && s.Command == o.Command
}

// compareSteps orders steps by time, a correlation behind the acts of its moment.
func compareSteps(a, b step) int {
	return cmp.Or(a.Time.Compare(b.Time.Time), cmp.Compare(behind(&a), behind(&b)), strings.Compare(a.Finding, b.Finding))
}

// behind is more for a correlation.
func behind(s *step) int {
	if s.Correlation {
		return 1
	}
	return 0
}

// best keeps the steps of highest score.
func best(list []step, most int) []step {
	if len(list) <= most {
		return list
	}
	slices.SortFunc(list, func(a, b step) int { return cmp.Or(cmp.Compare(b.Score, a.Score), compareSteps(a, b)) })
	return list[:most]
}
