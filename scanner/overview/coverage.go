package overview

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
	"tideline/scanner/tally"
)

// An Evidence is what coverage is judged by.
type Evidence struct {
	Rules      *ruleset.Ruleset
	Formats    []*parsers.Format // that could have been read
	Aggregates *tally.Aggregates
	EachEntry  func(func(*finding.Entry)) error // calls it for all of the ledger; may be called more than once
	Fired      map[string]bool                  // keys of rules and correlations that became findings
	Learned    bool                             // something is known to be usual
	Told       []string                         // Optional: blind spots that come first
}

// Coverage says which rules could have fired on this evidence, and which could
// not and why: the other half of a finding is knowing what could not be found.
//
// It is an error only if eachEntry is.
func Coverage(ev *Evidence) (finding.Coverage, error) {
	cov := finding.Coverage{Fired: len(ev.Fired), Rules: []finding.RuleCoverage{}, Refused: []finding.RefusedRule{},
		Blind: []string{}, Quiet: []finding.Silence{}}
	for _, f := range ev.Formats {
		cov.Formats = append(cov.Formats, ev.formatCoverage(f))
	}
	for _, i := range ev.Rules.Rules() {
		r := ev.Rules.Set.Rules()[i]
		if why := ev.blind(r); why != nil {
			cov.Rules = append(cov.Rules, finding.RuleCoverage{ID: ev.Rules.Key(i), Title: r.Title, Level: ruleset.LevelOf(r.Level), Why: why.reason()})
		} else if why := ev.unlearned(ev.Rules.Block(i).FirstSeen); why != "" {
			cov.Rules = append(cov.Rules, finding.RuleCoverage{ID: ev.Rules.Key(i), Title: r.Title, Level: ruleset.LevelOf(r.Level), Why: why})
		} else {
			cov.Ran++
		}
	}
	slices.SortFunc(cov.Rules, compareRules)
	for _, p := range ev.Rules.Refused() {
		cov.Refused = append(cov.Refused, finding.RefusedRule{Path: p.Path, Line: p.Line, Reason: p.Reason})
	}
	sources, err := ev.perSource()
	if err != nil {
		return cov, err
	}
	partly, err := ev.partlyBlind()
	if err != nil {
		return cov, err
	}
	cov.Sources = sources
	cov.Blind = slices.Concat(ev.Told, ev.blindSpots(), partly, ev.thin())
	cov.Quiet = ev.Aggregates.Silences()
	return cov, nil
}

// unlearned says why a rule about new things could not fire: nothing was
// learned that they could be compared with.
func (ev *Evidence) unlearned(things []string) string {
	if len(things) == 0 || ev.Learned {
		return ""
	}
	return "it needs --baseline, or a log of more than eight hours: nothing is known to be usual"
}

func compareRules(a, b finding.RuleCoverage) int {
	return cmp.Or(cmp.Compare(finding.LevelRank(b.Level), finding.LevelRank(a.Level)), strings.Compare(a.Title, b.Title), strings.Compare(a.ID, b.ID))
}

func (ev *Evidence) formatCoverage(f *parsers.Format) finding.FormatCoverage {
	cov := finding.FormatCoverage{Format: f.Name, Details: map[string]int64{}}
	if s := ev.Aggregates.Formats[f.Name]; s != nil {
		cov.Sources, cov.Events, cov.First, cov.Last = s.Sources, s.Events, s.First, s.Last
		maps.Copy(cov.Details, s.Details)
	}
	return cov
}

// blind says why r could not fire; nil if it could have.
func (ev *Evidence) blind(r *sigma.Rule) *cause {
	why := &cause{source: r.LogSource}
	for _, f := range ev.Formats {
		for kind := range f.Kinds {
			if !applies(r, &f.Kinds[kind]) {
				continue
			}
			why.known = true
			stats := ev.Aggregates.Formats[f.Name]
			if stats == nil || stats.Events == 0 {
				continue
			}
			why.present = true
			field, needs := unmet(r, f, kind, func(d string) bool { return stats.Details[d] > 0 })
			if len(needs) == 0 {
				return nil
			}
			if why.needs == nil { // of several logs the first is the one that the rule was written for
				why.field, why.needs = field, needs
			}
		}
	}
	return why
}

// applies is Sigma's rule for log sources: every part the rule sets is equal.
func applies(r *sigma.Rule, k *parsers.Kind) bool {
	return slices.ContainsFunc(k.Sources, func(s parsers.LogSource) bool { return r.LogSource.Contains(sigma.LogSource(s)) })
}

// unmet names a field without which the rule cannot match and that no event
// could have had, and the details of which it needs one. An empty field stands
// for the view itself, of which there was none. No needs: all is there.
func unmet(r *sigma.Rule, f *parsers.Format, kind int, seen func(detail string) bool) (field string, needs []string) {
	if f.Needs == nil {
		return "", nil
	}
	absent := func(field string) bool {
		details := f.Needs(kind, field)
		return len(details) > 0 && !slices.ContainsFunc(details, seen)
	}
	for _, field := range r.Missing(absent) {
		return field, f.Needs(kind, field)
	}
	if absent("") {
		return "", f.Needs(kind, "")
	}
	return "", nil
}
