package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tideline/scanner/finding"
)

// lines wraps one thing said, which need not be safe, behind a label, in at
// most most lines.
func (s *screenWriter) lines(style, label, said string, most int) []text {
	var out []text
	for i, line := range wrap(SafeCell(said), max(s.width-columns(label), 8), most) {
		if i > 0 {
			label = strings.Repeat(" ", columns(label))
		}
		out = append(out, text{style, label + line})
	}
	return out
}

// headline says who, how sure, from where and when.
func (s *screenWriter) headline() *block {
	o := s.overview
	b := &block{least: 5, good: 8}
	if len(o.Actors) == 0 || o.Summary.Findings == 0 || o.Calm() {
		b.entries = append(b.entries, s.lines(bold, "", verdict(o), 7))
		return b
	}
	a := &o.Actors[0]
	band := finding.Band(a.Score)
	b.entries = append(b.entries, s.lines(cmp.Or(levelStyle(band), bold), fmt.Sprintf("%s %d  ", strings.ToUpper(band), a.Score), fullName(a), 2))
	if where := origin(a); where != "" {
		b.entries = append(b.entries, s.lines("", "  ", where, 2))
	}
	for _, l := range a.Links {
		if name := linkedName(a, &l); name != "" {
			b.entries = append(b.entries, s.lines("", "  ", fmt.Sprintf("also %s (%s): %s", shortActor(name), l.Certainty, shortActor(l.Why)), 3))
		}
	}
	return b
}

// origin says from where, with what and when an actor acted.
func origin(a *finding.Actor) string {
	var parts []string
	if len(a.Addresses) > 0 {
		parts = append(parts, "from "+shortList(a.Addresses, 3))
	}
	var agents []string
	for _, agent := range a.Agents {
		program, _, _ := strings.Cut(agent, " ")
		if program != "" && !slices.Contains(agents, program) {
			agents = append(agents, program)
		}
	}
	if len(agents) > 0 {
		parts = append(parts, "with "+shortList(agents, 3))
	}
	text := strings.Join(parts, " ")
	if a.First.IsZero() {
		return text
	}
	return strings.TrimPrefix(text+", "+period(a.First.UTC(), a.Last.UTC()), ", ")
}

// period is a span of time as a person says it.
func period(first, last time.Time) string {
	const day = "2006-01-02 15:04"
	if first.Format(day) == last.Format(day) {
		return first.Format(day + " UTC")
	}
	if first.Format(time.DateOnly) == last.Format(time.DateOnly) {
		return first.Format(day) + " to " + last.Format("15:04 UTC")
	}
	return first.Format(day) + " to " + last.Format(day+" UTC")
}

// linkedName is the identity that a link merged into a, by name; "" if it is
// only related.
func linkedName(a *finding.Actor, l *finding.Link) string {
	if strings.HasPrefix(l.Actor, "linux:") && strings.HasPrefix(a.ID, "linux:") && l.Actor != a.ID {
		return onHost(l.Actor)
	}
	for _, name := range a.Names {
		if name != "" && strings.HasSuffix(l.Actor, name) && !strings.HasSuffix(a.ID, name) {
			return name
		}
	}
	return ""
}

// way is what the first actor did, in order: the gravest acts that there is
// room for.
func (s *screenWriter) way() *block {
	b := &block{title: "the way, in order", least: 6, good: 9}
	if len(s.overview.Actors) == 0 || s.overview.Calm() {
		return b // nobody went anywhere
	}
	list := deeds(&s.overview.Actors[0])
	layout := clock(list)
	byScore := make([]int, len(list))
	for i := range byScore {
		byScore[i] = i
	}
	slices.SortStableFunc(byScore, func(x, y int) int {
		a, b := &list[x], &list[y]
		if a.step.Correlation != b.step.Correlation { // acts before what was concluded from them
			if a.step.Correlation {
				return 1
			}
			return -1
		}
		return cmp.Or(gained(b)-gained(a), b.score-a.score)
	})
	if first := slices.Index(byScore, 0); first > 0 { // where it began
		byScore = slices.Insert(slices.Delete(byScore, first, first+1), 0, 0)
	}
	for _, i := range byScore {
		d := &list[i]
		at := strings.Repeat(" ", len(layout))
		if !d.step.Time.IsZero() {
			at = d.step.Time.UTC().Format(layout)
		}
		most := 3
		if s.compact() {
			most = 1 + min(1, len(d.objects))
		}
		b.entries = append(b.entries, s.lines("", "  "+at+"  ", shortActor(d.said()), most))
		b.order = append(b.order, i)
	}
	b.note = func(shown int) string {
		if shown == len(list) {
			return ""
		}
		return fmt.Sprintf("(%d of %d steps)", shown, len(list))
	}
	return b
}

func gained(d *deed) int {
	if d.gain {
		return 1
	}
	return 0
}

// clock is the layout of the times of a story: with the day if it takes more
// than one.
func clock(list []deed) string {
	days := map[string]bool{}
	for i := range list {
		days[list[i].step.Time.UTC().Format(time.DateOnly)] = true
	}
	if len(days) > 1 {
		return "01-02 15:04"
	}
	return time.TimeOnly
}

// rotation is what to rotate: what was obtained, then what may have been.
func (s *screenWriter) rotation() *block {
	b := &block{title: "rotate", least: 4, good: 9}
	who := newWhoIs(s.overview.Actors)
	obtained, possible, checks := losses(s.overview.Exposure, who.suspect)
	if n := len(obtained); s.overview.Calm() && n+len(possible) > 0 {
		b.title = "read all the same"
		b.entries = append(b.entries, s.lines("", "  ", fmt.Sprintf("credentials, by what looks like their ordinary readers: %d; in reach: %d (tideline exposure -f csv)", n, len(possible)), 3))
		return b
	}
	for _, list := range [][]loss{obtained, possible} {
		for i := range list {
			l := &list[i]
			by := who.suspects(l.Actors)
			do, also := l.Advice, ""
			if l.Certainty != finding.Obtained {
				do, also = "maybe", l.Advice+" "
			}
			most := maxNames
			for ; most > 1 && columns(SafeCell(also+l.said(by, most))) > 3*(s.width-20); most-- {
				continue // as many names as fit three lines
			}
			b.entries = append(b.entries, s.lines("", fmt.Sprintf("  %-6s  ", do), also+l.said(by, most), 3))
		}
	}
	if len(b.entries) == 0 {
		return b
	}
	b.note = func(shown int) string {
		var parts []string
		switch n := len(b.entries) - shown; {
		case s.overview.Unlisted > 0:
			parts = append(parts, fmt.Sprintf("%d and more", n))
		case n > 0:
			parts = append(parts, fmt.Sprintf("%d more", n))
		}
		if checks > 0 {
			parts = append(parts, fmt.Sprintf("%d to be checked", checks))
		}
		return "(" + strings.Join(append(parts, "the working list: tideline exposure -f csv"), "; ") + ")"
	}
	return b
}

// others are the further actors that deserve a look, each with the gravest
// thing it did.
func (s *screenWriter) others() *block {
	b := &block{title: "also look at", least: 2, good: 3}
	var names []string
	rest := 0
	for i := range s.overview.Actors {
		a := &s.overview.Actors[i]
		if i == 0 {
			continue
		}
		if finding.Band(a.Score) == "informational" {
			rest++
			continue
		}
		text := actorLabel(a)
		if len(a.Addresses) > 0 {
			text += " from " + shortList(a.Addresses, 2)
		}
		if worst := gravestDeed(a); worst != "" {
			text += ": " + worst
		}
		names = append(names, fmt.Sprintf("%s (%d)", actorLabel(a), a.Score))
		label := fmt.Sprintf("  %3d %-8s  ", a.Score, finding.Band(a.Score))
		b.entries = append(b.entries, s.lines(levelStyle(finding.Band(a.Score)), label, shortActor(text), 2))
	}
	if s.compact() && len(names) > 0 {
		return &block{entries: [][]text{s.lines("", "ALSO      ", shortList(names, 4), 2)}, least: 2, good: 2}
	}
	b.note = func(shown int) string {
		var parts []string
		if n := len(b.entries) - shown; n > 0 {
			parts = append(parts, fmt.Sprintf("%d more", n))
		}
		if rest > 0 {
			parts = append(parts, count(int64(rest), "other actor")+" below suspicion")
		}
		if len(parts) == 0 {
			return ""
		}
		return "(" + strings.Join(parts, "; ") + ")"
	}
	return b
}

func gravestDeed(a *finding.Actor) string {
	worst, score := "", -1
	for _, d := range deeds(a) {
		if !d.step.Correlation && d.score > score {
			worst, score = d.said(), d.score
		}
	}
	return worst
}
