package scanner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/identity"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
)

// coverage says which rules could have fired on this evidence, and which could
// not and why: the other half of a finding is knowing what could not be found.
func (c *concluder) coverage() (finding.Coverage, error) {
	cov := finding.Coverage{Fired: len(c.fired), Rules: []finding.RuleCoverage{}, Refused: []finding.RefusedRule{},
		Blind: []string{}, Quiet: []finding.Silence{}}
	for _, f := range c.formats {
		cov.Formats = append(cov.Formats, c.formatCoverage(f))
	}
	for _, i := range c.rules.Rules() {
		r := c.rules.Set.Rules()[i]
		if why := c.blind(r); why != nil {
			cov.Rules = append(cov.Rules, finding.RuleCoverage{ID: c.rules.Key(i), Title: r.Title, Level: ruleset.LevelOf(r.Level), Why: why.reason()})
		} else if why := c.unlearned(c.rules.Block(i).FirstSeen); why != "" {
			cov.Rules = append(cov.Rules, finding.RuleCoverage{ID: c.rules.Key(i), Title: r.Title, Level: ruleset.LevelOf(r.Level), Why: why})
		} else {
			cov.Ran++
		}
	}
	slices.SortFunc(cov.Rules, compareRules)
	for _, p := range c.rules.Refused() {
		cov.Refused = append(cov.Refused, finding.RefusedRule{Path: p.Path, Line: p.Line, Reason: p.Reason})
	}
	sources, err := c.perSource()
	if err != nil {
		return cov, err
	}
	partly, err := c.partlyBlind()
	if err != nil {
		return cov, err
	}
	cov.Sources = sources
	cov.Blind = slices.Concat(c.full(), c.blindSpots(), partly, c.thin())
	cov.Quiet = c.accounts.aggregates.Silences()
	return cov, nil
}

// full says which lists and windows had no room for all that was seen. It is told
// before what was never logged: it was there.
func (c *concluder) full() (out []string) {
	if n := c.correlations.lost(); n > 0 {
		out = append(out, fmt.Sprintf("correlations had to forget %d open windows: the log has too many distinct groups at once", n))
	}
	if n := c.correlations.shortened; n > 0 {
		out = append(out, fmt.Sprintf("%d of the correlations that fired rest on more events than are remembered (%d): they count all of them, but the findings and the target that they name are of those remembered", n, maxRecent))
	}
	if n := c.whose.Unsure(); n > 0 {
		out = append(out, fmt.Sprintf("%d acts whose log names nobody came when more than %d others did within %s: whose they were is not looked for", n, identity.MaxNamedActs, identity.JoinWindow))
	}
	if n := c.accounts.aggregates.Overflow; n > 0 {
		out = append(out, fmt.Sprintf("the table of who did what from where, and of names, was full: it does not count %d events, though the rules saw them", n))
	}
	if n := c.actors.exposures.Overflow; n > 0 {
		out = append(out, fmt.Sprintf("the rotation list was full: %d findings gave away credentials that it does not list; the findings name them", n))
	}
	if n := c.actors.overflow; n > 0 {
		out = append(out, fmt.Sprintf("the list of actors was full: %d findings are of actors that it does not list, which have the lowest scores", n))
	}
	if n := c.actors.shortened; n > 0 {
		out = append(out, fmt.Sprintf("there are so many actors that of %d, which have the lowest scores, only the gravest steps or the first findings are listed; the findings name them", n))
	}
	if n := len(c.accounts.aggregates.Active); c.accounts.aggregates.LogsAreMissing() {
		out = append(out, fmt.Sprintf("times without events are told of %d logs only: there are more hosts than that, or they reach over more time than is remembered", n))
	}
	return out
}

func compareRules(a, b finding.RuleCoverage) int {
	return cmp.Or(cmp.Compare(finding.LevelRank(b.Level), finding.LevelRank(a.Level)), strings.Compare(a.Title, b.Title), strings.Compare(a.ID, b.ID))
}

func (c *concluder) formatCoverage(f *parsers.Format) finding.FormatCoverage {
	cov := finding.FormatCoverage{Format: f.Name, Details: map[string]int64{}}
	if s := c.accounts.aggregates.Formats[f.Name]; s != nil {
		cov.Sources, cov.Events, cov.First, cov.Last = s.Sources, s.Events, s.First, s.Last
		maps.Copy(cov.Details, s.Details)
	}
	return cov
}

// blind says why r could not fire; nil if it could have.
func (c *concluder) blind(r *sigma.Rule) *cause {
	why := &cause{source: r.LogSource}
	for _, f := range c.formats {
		for kind := range f.Kinds {
			if !applies(r, &f.Kinds[kind]) {
				continue
			}
			why.known = true
			stats := c.accounts.aggregates.Formats[f.Name]
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
