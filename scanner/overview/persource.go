package overview

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/sigma"
	"tideline/scanner/source"
	"tideline/scanner/text"
)

// maxSourceKinds bounds the kinds of sources that coverage tells apart. The
// details that rules ask for are few; only who writes logs to annoy makes more
// kinds of them.
const maxSourceKinds = 256

// A sourceKind are the sources of one format whose events had the same details.
type sourceKind struct {
	cov   finding.SourceCoverage
	fired map[string]bool
}

// perSource says for each kind of source which rules could fire, which did, and
// which could not and why.
func (ev *Evidence) perSource() ([]finding.SourceCoverage, error) {
	kinds := map[string]*sourceKind{}
	err := ev.EachEntry(func(e *finding.Entry) {
		if e.Looks != finding.ArchiveLooks || e.Format != "" { // else its members have entries of their own
			kindOf(kinds, e).take(e)
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([]finding.SourceCoverage, 0, len(kinds))
	for _, key := range text.Keys(kinds) {
		k := kinds[key]
		for _, id := range text.Keys(k.fired) {
			if ev.Fired[id] {
				k.cov.Fired = append(k.cov.Fired, id)
			}
		}
		ev.judge(&k.cov)
		out = append(out, k.cov)
	}
	slices.SortStableFunc(out, func(a, b finding.SourceCoverage) int {
		return cmp.Or(cmp.Compare(unread(&a), unread(&b)), strings.Compare(a.Format, b.Format))
	})
	return out, nil
}

// unread is more for what could not be read, which stands last.
func unread(s *finding.SourceCoverage) int {
	if s.Format == "" {
		return 1
	}
	return 0
}

// kindOf is the kind of the source e. Kinds beyond the limit are one for each
// format: what any of them had.
func kindOf(kinds map[string]*sourceKind, e *finding.Entry) *sourceKind {
	key := fmt.Sprintf("%s\x00%t\x00%s", e.Format, e.Events > 0, strings.Join(e.Details, "\x00"))
	if kinds[key] == nil && len(kinds) >= maxSourceKinds {
		key = e.Format + "\x01"
	}
	k := kinds[key]
	if k == nil {
		k = &sourceKind{fired: map[string]bool{}, cov: finding.SourceCoverage{Format: e.Format, Details: text.Merge(e.Details, nil),
			Paths: []string{}, Fired: []string{}, Blind: []finding.SourceGaps{}}}
		kinds[key] = k
	}
	return k
}

func (k *sourceKind) take(e *finding.Entry) {
	s := &k.cov
	s.Sources++
	s.Events += e.Events
	s.First.Time, s.Last.Time = finding.Earlier(s.First.Time, e.First.Time), finding.Later(s.Last.Time, e.Last.Time)
	s.Details = text.Merge(s.Details, e.Details)
	if len(s.Paths) < finding.MaxSourcePaths {
		s.Paths = append(s.Paths, e.Path)
	}
	for _, id := range e.Matched {
		k.fired[id] = true
	}
}

// judge counts the rules that could fire on a kind of source, and says why the
// others could not.
func (ev *Evidence) judge(s *finding.SourceCoverage) {
	f := formatCalled(s.Format, ev.Formats)
	if f == nil {
		return
	}
	byWhy := map[string]*gap{}
	for _, i := range ev.Rules.Rules() {
		r := ev.Rules.Set.Rules()[i]
		why := ev.blindIn(r, f, s.Details, s.Events)
		if why != nil && !why.known {
			continue // a rule for other logs
		}
		s.Asked++
		unlearned := ev.unlearned(ev.Rules.Block(i).FirstSeen)
		if why == nil && unlearned == "" {
			s.Could++
			continue
		}
		text := unlearned
		if why != nil {
			text = strings.Join(why.needs, " or ")
		}
		g := byWhy[text]
		if g == nil {
			g = &gap{fields: map[string]bool{}, why: why}
			byWhy[text] = g
		}
		g.rules = append(g.rules, ev.Rules.Key(i))
		if why != nil && why.field != "" {
			g.fields[why.field] = true
		}
	}
	for _, text := range text.Keys(byWhy) {
		g := byWhy[text]
		slices.Sort(g.rules)
		s.Blind = append(s.Blind, finding.SourceGaps{Why: g.text(text), Rules: g.rules})
	}
	slices.SortStableFunc(s.Blind, func(a, b finding.SourceGaps) int { return len(b.Rules) - len(a.Rules) })
}

// A gap gathers the rules that could not fire on a kind of source for want of
// the same details, or because nothing was learned.
type gap struct {
	why    *cause // of one of them; nil: nothing was learned
	fields map[string]bool
	rules  []string
}

func (g *gap) text(needs string) string {
	switch {
	case g.why == nil:
		return needs
	case !g.why.present:
		return "it has no events"
	case len(g.fields) == 0:
		return "no event with " + needs
	}
	return fmt.Sprintf("no event with %s, without which there is no %s", needs, listed(text.Keys(g.fields), 4))
}

// formatCalled is the one of formats that has this name; nil if none has.
func formatCalled(name string, formats []*parsers.Format) *parsers.Format {
	for _, f := range formats {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// blindIn says why r could not fire on events of f that had these details; nil
// if it could have. A cause that is not known is that of a rule for other logs.
func (ev *Evidence) blindIn(r *sigma.Rule, f *parsers.Format, details []string, events int64) *cause {
	why := &cause{source: r.LogSource, present: events > 0}
	for kind := range f.Kinds {
		if !applies(r, &f.Kinds[kind]) {
			continue
		}
		why.known = true
		if events == 0 {
			continue
		}
		field, needs := unmet(r, f, kind, func(d string) bool { return slices.Contains(details, d) })
		if len(needs) == 0 {
			return nil
		}
		why.field, why.needs = field, needs
	}
	return why
}

// A lone is one log: the files of one format of one host, or of one folder. A
// rotated file without a record of some sort says little; a log that never has
// one was not told to write it.
type lone struct {
	format, name string // of the host, or of the folder
	details      []string
}

// loneLogs are the logs of the evidence that have events.
func (ev *Evidence) loneLogs() (map[string][]*lone, error) {
	byKey := map[[2]string]*lone{}
	out := map[string][]*lone{}
	err := ev.EachEntry(func(e *finding.Entry) {
		if e.Format == "" || e.Events == 0 {
			return
		}
		key := [2]string{e.Format, cmp.Or(e.Host, source.Place(e.Path), e.Path)}
		l := byKey[key]
		if l == nil {
			l = &lone{format: e.Format, name: key[1]}
			byKey[key] = l
			out[e.Format] = append(out[e.Format], l)
		}
		l.details = text.Merge(l.details, e.Details)
	})
	return out, err
}

// maxPartly bounds the sentences on logs that told less than others of their
// format.
const maxPartly = 5

// partlyBlind names the logs that told less than others of the same format
// did: a rule that could fire on one host was blind on another.
func (ev *Evidence) partlyBlind() ([]string, error) {
	logs, err := ev.loneLogs()
	if err != nil {
		return nil, err
	}
	var spots []*spot
	for _, format := range text.Keys(logs) {
		if f := formatCalled(format, ev.Formats); f != nil && len(logs[format]) > 1 {
			spots = append(spots, ev.partly(f, logs[format])...)
		}
	}
	slices.SortStableFunc(spots, compareSpots)
	var out []string
	for i, s := range spots {
		if i == maxPartly {
			out = append(out, fmt.Sprintf("%d more such differences between logs are in the JSON report.", len(spots)-i))
			break
		}
		out = append(out, fmt.Sprintf("%s (%s blind there).", s.text, counted(int64(s.rules), "rule")))
	}
	return out, nil
}

// partly are the blind spots of some of several logs of a format: of rules that
// could fire on another one.
func (ev *Evidence) partly(f *parsers.Format, logs []*lone) []*spot {
	alike := map[string][]*lone{} // by details
	for _, l := range logs {
		key := strings.Join(l.details, "\x00")
		if alike[key] != nil || len(alike) < maxSourceKinds {
			alike[key] = append(alike[key], l)
		}
	}
	bySentence := map[string]*spot{}
	for _, key := range text.Keys(alike) {
		for text, lack := range ev.lacks(f, alike[key][0].details) {
			have := bySentence[text]
			if have == nil {
				have = lack
				bySentence[text] = have
			}
			have.rules = max(have.rules, lack.rules)
			have.weight = max(have.weight, lack.weight)
			for _, l := range alike[key] {
				have.names = append(have.names, l.name)
			}
		}
	}
	var out []*spot
	for text, s := range bySentence {
		slices.Sort(s.names)
		head, tail, _ := strings.Cut(text, ": ")
		s.text = fmt.Sprintf("%s on %s, %d of %d logs", head, listed(s.names, 3), len(s.names), len(logs))
		if tail != "" {
			s.text += ": " + tail
		}
		out = append(out, s)
	}
	return out
}

// lacks are the spots of the rules that were blind on events of f with these details,
// and not on all evidence.
func (ev *Evidence) lacks(f *parsers.Format, details []string) map[string]*spot {
	return ev.spots(func(r *sigma.Rule) *cause {
		if why := ev.blindIn(r, f, details, 1); why != nil && why.known && ev.blind(r) == nil {
			return why
		}
		return nil
	})
}
