package main

import (
	"slices"
	"strings"
	"time"

	"tideline/scanner"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
)

// checkSelection refuses a choice that nothing can meet: a misspelt rule would
// find nothing, and that must not look like evidence that is clean.
func (s *session) checkSelection() error {
	rules, tags, named := ruleNames(s.rules)
	for _, flag := range []string{"rule", "exclude-rule"} {
		for _, name := range s.cli.StringSlice(flag) {
			if named[strings.ToLower(name)] == nil && !slices.ContainsFunc(rules, func(r string) bool { return strings.EqualFold(r, name) }) {
				return usageError("--%s %.80q: no rule has this ID, name or title; see tideline rules list, tideline rules show WORD", flag, name)
			}
		}
	}
	for _, tag := range s.cli.StringSlice("tag") {
		if !scanner.HasTag(tags, tag) {
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
	if since.date && until.date && since.at.Equal(until.at) {
		return usageError("--until %s is the midnight that the day begins with, as is --since: nothing lies between; for the whole day, --until %s",
			s.cli.String("until"), until.at.AddDate(0, 0, 1).Format(time.DateOnly))
	}
	fixed := !since.at.IsZero() && !until.at.IsZero() && until.at.Before(since.at)
	relative := since.given && until.given && since.at.IsZero() && until.at.IsZero() && until.back > since.back
	if fixed || relative {
		return usageError("--until %s is before --since %s: nothing lies between", s.cli.String("until"), s.cli.String("since"))
	}
	return nil
}

// chosenRules are the rules that a flag names, by key or title: a finding has no name
// of its rule, as k8s-pod-exec, by which guides and this program's README speak of it.
func (s *session) chosenRules(flag string) []string {
	_, _, named := ruleNames(s.rules)
	var out []string
	for _, name := range s.cli.StringSlice(flag) {
		out = append(append(out, name), named[strings.ToLower(name)]...)
	}
	return out
}

// ruleNames are the keys and titles of all rules and correlations, their tags, and the
// keys of those that have a name, by it, in lower case.
func ruleNames(rs *ruleset.Ruleset) (names, tags []string, named map[string][]string) {
	named = map[string][]string{}
	add := func(key string, h *sigma.Header) {
		names, tags = append(names, key, h.Title), append(tags, h.Tags...)
		if name := strings.ToLower(h.Name); name != "" {
			named[name] = append(named[name], key)
		}
	}
	for _, i := range rs.Rules() {
		r := rs.Set.Rules()[i]
		add(rs.Key(i), &r.Header)
	}
	for i, r := range rs.Set.Correlations() {
		add(rs.CorrelationKey(i), &r.Header)
	}
	return names, tags, named
}
