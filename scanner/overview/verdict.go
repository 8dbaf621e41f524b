package overview

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tideline/scanner/finding"
	"tideline/scanner/principal"
	"tideline/scanner/text"
)

// Verdict says in a few sentences what a tired person needs first: who stands
// out and with which acts, what they got, and what is not known; of what lies between
// since and until, where they are given.
func Verdict(o *finding.Overview, since, until time.Time) string {
	var parts []string
	if s := &o.Summary; s.Findings == 0 && beside(s, since, until) {
		parts = append(parts, fmt.Sprintf("Nothing can be said of the time that was asked for: the %s lie %s.",
			counted(s.Events, "event"), between(s.First, s.Last)))
	} else if s.Findings == 0 {
		parts = append(parts, nothing(o))
	} else if o.Calm() {
		return strings.TrimSpace(calm(o) + " " + unknown(o))
	} else {
		parts = append(parts, who(o))
	}
	for _, more := range [...]string{taken(o.Exposure), gravest(o), others(o), unknown(o)} {
		if more != "" {
			parts = append(parts, more)
		}
	}
	return strings.Join(parts, " ")
}

// beside reports whether all the evidence lies before since, or behind until.
func beside(s *finding.Summary, since, until time.Time) bool {
	return !s.First.IsZero() && (!since.IsZero() && s.Last.Before(since) || !until.IsZero() && s.First.After(until))
}

func nothing(o *finding.Overview) string {
	if o.Summary.Events == 0 {
		return "No event of a known format was found, so nothing can be said."
	}
	found := "Nothing was found in " + counted(o.Summary.Events, "event")
	if n := o.Summary.Hidden; n > 0 { // which is not nothing
		found = fmt.Sprintf("Nothing to show in %s: %s, below --min-level or --min-score", counted(o.Summary.Events, "event"), counted(n, "finding"))
	}
	return fmt.Sprintf("%s; %d of %d rules could have fired on this evidence.", found, o.Coverage.Ran, o.Coverage.Ran+len(o.Coverage.Rules))
}

// calm says that nothing stands out, and of whom there is most to tell.
func calm(o *finding.Overview) string {
	s := fmt.Sprintf("Nothing stands out in %s: of %s none is above low, and nobody's add up to more.",
		counted(o.Summary.Events, "event"), counted(o.Summary.Findings, "finding"))
	if len(o.Actors) > 0 {
		a := &o.Actors[0]
		s += fmt.Sprintf(" Most there is to tell of %s (score %d).", text.Shorten(called(a), 160), a.Score)
	}
	return s
}

func who(o *finding.Overview) string {
	if len(o.Actors) == 0 {
		return counted(o.Summary.Findings, "finding") + ", tied to no actor."
	}
	a := &o.Actors[0]
	words := "%s stands out with a score of %d (%s)"
	if !suspicious(a) { // a lone finding that is medium weighs less than medium
		words = "Most there is to tell of %s, whose score is %d (%s)"
	}
	s := fmt.Sprintf(words, text.Shorten(called(a), 160), a.Score, finding.Band(a.Score))
	if len(a.Addresses) > 0 {
		s += ", from " + listed(a.Addresses, 3)
	}
	s += fmt.Sprintf(", in %d of %d findings", a.Total, o.Summary.Findings)
	if !a.First.IsZero() {
		s += " " + between(a.First, a.Last)
	}
	return s + "."
}

// called is an actor by its own name, the others behind it; a login uid means
// something on its host only.
func called(a *finding.Actor) string {
	if len(a.Names) == 0 {
		return a.ID
	}
	name := a.Names[0]
	if strings.HasPrefix(a.ID, "linux:") && len(a.Hosts) > 0 {
		name += " on " + listed(a.Hosts, 2)
	} else if at := principal.PlaceOf(a.ID); at != "" {
		name += " on " + at
	}
	if len(a.Names) > 1 {
		name += " alias " + listed(a.Names[1:], 2)
	}
	return name
}

func between(first, last finding.Time) string {
	const day, stamp = "2006-01-02", "2006-01-02 15:04"
	if at := last.Format(stamp + " MST"); first.Format(stamp+" MST") == at {
		return "at " + at
	}
	if first.Format(day) == last.Format(day) {
		return fmt.Sprintf("between %s and %s", first.Format(stamp), last.Format("15:04 MST"))
	}
	return fmt.Sprintf("between %s and %s", first.Format(stamp), last.Format(stamp+" MST"))
}

// maxGravest is how many acts the verdict tells.
const maxGravest = 2

// gravest tells the gravest acts of the first actor, one for each rule, in
// order.
func gravest(o *finding.Overview) string {
	if len(o.Actors) == 0 || len(o.Actors[0].Names) == 0 {
		return ""
	}
	var acts []*finding.Finding
	rules := map[string]bool{}
	for i := range o.Top {
		f := &o.Top[i]
		grave := len(acts) == 0 && suspicious(&o.Actors[0]) || finding.LevelRank(f.Rule.Level) >= finding.LevelRank("medium")
		if f.Actor.ID == o.Actors[0].ID && !rules[f.Rule.ID] && len(acts) < maxGravest && grave {
			rules[f.Rule.ID] = true
			acts = append(acts, f)
		}
	}
	slices.SortStableFunc(acts, func(a, b *finding.Finding) int { return a.LastTime.Compare(b.LastTime.Time) })
	var told []string
	for _, f := range acts {
		told = append(told, text.Shorten(spoken(f.Summary, &o.Actors[0]), 110))
	}
	if len(told) == 0 {
		return ""
	}
	s := "Gravest: " + strings.Join(told, "; ")
	if strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

// spoken is the sentence of a finding without its full stop, and without what
// the verdict has just said or tells elsewhere: the name, and the clients.
func spoken(summary string, a *finding.Actor) string {
	summary = strings.TrimSuffix(summary, ".")
	for _, agent := range a.Agents {
		if agent != "" {
			summary = strings.ReplaceAll(summary, " with "+agent, "")
		}
	}
	name := a.Names[0]
	if rest, ok := strings.CutPrefix(summary, name+" "); ok {
		return rest
	}
	return strings.ReplaceAll(summary, " ("+name+")", "")
}

// others names who else deserves a look.
func others(o *finding.Overview) string {
	var names []string
	for i := 1; i < len(o.Actors); i++ {
		if a := &o.Actors[i]; suspicious(a) {
			names = append(names, fmt.Sprintf("%s (%d)", text.Shorten(called(a), 80), a.Score))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "Also look at " + listed(names, 3) + "."
}

// suspicious reports whether an actor's score is medium or more.
func suspicious(a *finding.Actor) bool {
	return finding.LevelRank(finding.Band(a.Score)) >= finding.LevelRank("medium")
}

// taken names what was obtained, all of a scope first.
func taken(exposure []finding.Exposure) string {
	var whole, single []string
	for i := range exposure {
		switch e := &exposure[i]; {
		case e.Certainty != finding.Obtained || e.Advice == "check":
		case e.Name == "*":
			whole = append(whole, exposureName(e))
		default:
			single = append(single, exposureName(e))
		}
	}
	names := append(whole, single...)
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("Obtained, to be rotated: %s.", listed(names, 3))
}

// kindWords is a kind of credential as a reader says it.
func kindWords(kind string) string { return strings.ReplaceAll(kind, "-", " ") }

// withoutKind is the id of an actor as a reader says it.
func withoutKind(id string) string {
	_, name, _ := strings.Cut(id, ":")
	if host, who, ok := strings.Cut(name, "/"); ok && strings.HasPrefix(id, "linux:") {
		return who + " on " + host
	}
	return name
}

// exposureName names a credential, or all of a kind and scope.
func exposureName(e *finding.Exposure) string {
	switch {
	case e.Name == "*" && e.Namespace == "" && e.Kind != "secret" && len(e.Seen) > 0: // what a command took, of what it named
		return fmt.Sprintf("%s of %s", kindWords(e.Kind), text.Shorten(listed(e.Seen, 2), 120))
	case e.Name == "*" && e.Namespace == "" && e.Kind != "secret":
		where := "every " + kindWords(e.Kind) + " within reach"
		if len(e.Actors) > 0 {
			where += " of " + text.Shorten(withoutKind(e.Actors[0]), 80)
		}
		return where
	}
	return text.Shorten(finding.CredentialText(e.Kind, e.Namespace, e.Name), 120)
}

// unknown says what the report does not know: what could not be read, and what
// nobody wrote down.
func unknown(o *finding.Overview) string {
	var parts []string
	switch s := &o.Summary; {
	case s.Complete:
	case s.Interrupted:
		parts = append(parts, "The scan was interrupted.")
	case s.GapCount > 0:
		parts = append(parts, fmt.Sprintf("The evidence could not be read in full: %s, %d bytes.", counted(s.GapCount, "gap"), s.GapBytes))
	default:
		parts = append(parts, "The scan is incomplete: some rules did not run.")
	}
	if n := len(o.Coverage.Quiet); n > 0 {
		q := &o.Coverage.Quiet[0]
		parts = append(parts, fmt.Sprintf("%s in the logs, the first of %s %s.", counted(int64(n), "unusual silence"), text.Shorten(q.Path, 60), between(q.From, q.To)))
	}
	if n := len(o.Coverage.Rules); n > 0 && o.Summary.Events > 0 {
		parts = append(parts, fmt.Sprintf("%s blind on this evidence: see what could not be seen.", wereBlind(n)))
	}
	return strings.Join(parts, " ")
}

func wereBlind(rules int) string {
	if rules == 1 {
		return "1 rule was"
	}
	return fmt.Sprintf("%d rules were", rules)
}

func counted(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func listed(list []string, most int) string {
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}
