package scanner

import (
	"fmt"
	"sort"
	"strings"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/sigma"
)

// coverage says which rules could have fired on this evidence, and which could
// not and why: the other half of a finding is knowing what could not be found.
func (c *concluder) coverage() finding.Coverage {
	cov := finding.Coverage{Fired: len(c.fired), Rules: []finding.RuleCoverage{}, Refused: []finding.RefusedRule{},
		Blind: []string{}, Quiet: []finding.Silence{}}
	for _, f := range c.formats {
		cov.Formats = append(cov.Formats, c.formatCoverage(f))
	}
	for _, i := range c.rules.Rules() {
		r := c.rules.Set.Rules()[i]
		if why := c.blind(r); why != "" {
			cov.Rules = append(cov.Rules, finding.RuleCoverage{ID: RuleKey(r), Title: r.Title, Level: levelOf(r.Level), Why: why})
		} else {
			cov.Ran++
		}
	}
	sort.Slice(cov.Rules, func(i, j int) bool { return ruleBefore(&cov.Rules[i], &cov.Rules[j]) })
	for _, p := range c.rules.Refused() {
		cov.Refused = append(cov.Refused, finding.RefusedRule{Path: p.Path, Line: p.Line, Reason: p.Reason})
	}
	cov.Blind = blindSpots(&cov)
	if n := c.engine.Evicted(); n > 0 {
		cov.Blind = append(cov.Blind, fmt.Sprintf("correlations had to forget %d open windows: the log has too many distinct groups at once", n))
	}
	return cov
}

func ruleBefore(a, b *finding.RuleCoverage) bool {
	if ra, rb := finding.LevelRank(a.Level), finding.LevelRank(b.Level); ra != rb {
		return ra > rb
	}
	if a.Title != b.Title {
		return a.Title < b.Title
	}
	return a.ID < b.ID
}

func (c *concluder) formatCoverage(f *parsers.Format) finding.FormatCoverage {
	cov := finding.FormatCoverage{Format: f.Name, Details: map[string]int64{}}
	if s := c.aggregates.Formats[f.Name]; s != nil {
		cov.Sources, cov.Events, cov.First, cov.Last = s.Sources, s.Events, s.First, s.Last
		for k, n := range s.Details {
			cov.Details[k] = n
		}
	}
	return cov
}

// blind says why r could not fire; "" if it could have.
func (c *concluder) blind(r *sigma.Rule) string {
	known, present := false, false
	var missing string
	for _, f := range c.formats {
		for kind := range f.Kinds {
			if !applies(r, &f.Kinds[kind]) {
				continue
			}
			known = true
			stats := c.aggregates.Formats[f.Name]
			if stats == nil || stats.Events == 0 {
				continue
			}
			present = true
			why := unmet(r, f, kind, stats)
			if why == "" {
				return ""
			}
			missing = why
		}
	}
	switch {
	case !known:
		return fmt.Sprintf("no format that can be read has the log source %s", sourceName(r.LogSource))
	case !present:
		return fmt.Sprintf("no events of log source %s in the evidence", sourceName(r.LogSource))
	}
	return missing
}

// applies is Sigma's rule for log sources: every part the rule sets is equal.
func applies(r *sigma.Rule, k *parsers.Kind) bool {
	for _, s := range k.Sources {
		if r.LogSource.Contains(sigma.LogSource(s)) {
			return true
		}
	}
	return false
}

// unmet names a field the rule requires that no event could have had.
func unmet(r *sigma.Rule, f *parsers.Format, kind int, stats *FormatStats) string {
	if f.Needs == nil {
		return ""
	}
	for _, field := range r.RequiredFields() {
		details := f.Needs(kind, field)
		if len(details) == 0 || anySeen(details, stats.Details) {
			continue
		}
		return fmt.Sprintf("field %s needs %s, and none was in the evidence", field, strings.Join(details, " or "))
	}
	return ""
}

func anySeen(details []string, seen map[string]int64) bool {
	for _, d := range details {
		if seen[d] > 0 {
			return true
		}
	}
	return false
}

func sourceName(s sigma.LogSource) string {
	var parts []string
	for _, p := range [...]string{s.Product, s.Category, s.Service} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "/")
}

// blindSpots groups the rules that could not fire by their reason.
func blindSpots(cov *finding.Coverage) []string {
	type spot struct {
		why    string
		rules  int
		titles []string
	}
	byWhy := map[string]*spot{}
	for _, r := range cov.Rules {
		s := byWhy[r.Why]
		if s == nil {
			s = &spot{why: r.Why}
			byWhy[r.Why] = s
		}
		if s.rules++; len(s.titles) < 2 {
			s.titles = append(s.titles, r.Title)
		}
	}
	spots := make([]*spot, 0, len(byWhy))
	for _, s := range byWhy {
		spots = append(spots, s)
	}
	sort.Slice(spots, func(i, j int) bool {
		if spots[i].rules != spots[j].rules {
			return spots[i].rules > spots[j].rules
		}
		return spots[i].why < spots[j].why
	})
	out := []string{}
	for _, s := range spots {
		out = append(out, fmt.Sprintf("%d rules could not fire (%s): %s", s.rules, strings.Join(s.titles, "; "), s.why))
	}
	return out
}
