package main

import (
	"slices"
	"strings"

	"tideline/scanner"
	"tideline/scanner/sigma"
)

// checkSelection refuses a choice that nothing can meet: a misspelt rule would
// find nothing, and that must not look like evidence that is clean.
func (s *session) checkSelection() error {
	rules, tags := ruleNames(s.rules)
	for _, flag := range []string{"rule", "exclude-rule"} {
		for _, name := range s.cli.StringSlice(flag) {
			if !slices.ContainsFunc(rules, func(r string) bool { return strings.EqualFold(r, name) }) {
				return usageError("--%s %.80q: no rule has this ID or title; see tideline rules list, tideline rules show WORD", flag, name)
			}
		}
	}
	for _, tag := range s.cli.StringSlice("tag") {
		if !slices.ContainsFunc(tags, func(t string) bool { return strings.EqualFold(t, tag) || strings.EqualFold(t, "attack."+tag) }) {
			return usageError("--tag %.80q: no rule has this tag; see tideline rules list", tag)
		}
	}
	if score := s.cli.Int("min-score"); score < 0 || score > 100 {
		return usageError("--min-score %d: scores are from 0 to 100", score)
	}
	return s.checkTimes()
}

// checkTimes refuses a span that ends before it begins, where that can be told
// before the evidence is read.
func (s *session) checkTimes() error {
	since, until := s.since, s.until
	fixed := !since.at.IsZero() && !until.at.IsZero() && until.at.Before(since.at)
	relative := since.given && until.given && since.at.IsZero() && until.at.IsZero() && until.back > since.back
	if fixed || relative {
		return usageError("--until %s is before --since %s: nothing lies between", s.cli.String("until"), s.cli.String("since"))
	}
	return nil
}

// ruleNames are the IDs and titles of all rules and correlations, and their tags.
func ruleNames(rs *scanner.Ruleset) (names, tags []string) {
	add := func(key string, h *sigma.Header) {
		names, tags = append(names, key, h.Title), append(tags, h.Tags...)
	}
	for _, i := range rs.Rules() {
		r := rs.Set.Rules()[i]
		add(rs.Key(i), &r.Header)
	}
	for i, r := range rs.Set.Correlations() {
		add(rs.CorrelationKey(i), &r.Header)
	}
	return names, tags
}
