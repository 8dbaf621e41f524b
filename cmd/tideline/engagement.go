package main

import (
	"maps"
	"slices"
	"strings"
	"time"

	"tideline/scanner/ruleset"
)

var engagementLists = []string{ruleset.EngagementAddresses, ruleset.EngagementIdentities, ruleset.EngagementSince, ruleset.EngagementUntil}

// checkEngagement refuses lists of an engagement that do not say what they seem to: a
// bound that is no time is none, and everything that those identities ever did would
// weigh less. It writes times as scoring reads them.
func checkEngagement(lists map[string][]string) error {
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		if slices.Contains(engagementLists, name) {
			continue
		}
		if near := nearest(name, engagementLists); near != "" || strings.HasPrefix(name, "engagement_") {
			return usageError("list %.40q is not one of those of an engagement, which are %s", name, strings.Join(engagementLists, ", "))
		}
	}
	for _, name := range []string{ruleset.EngagementSince, ruleset.EngagementUntil} {
		for i, s := range lists[name] {
			at, err := parseMoment(name, s)
			if err != nil || at.at.IsZero() {
				return usageError("list %s: %.40q: want RFC 3339 (2026-03-01T10:00:00Z) or a date", name, s)
			}
			lists[name][i] = at.at.Format(time.RFC3339Nano)
		}
	}
	for _, s := range lists[ruleset.EngagementAddresses] {
		if strings.Contains(s, "/") {
			return usageError("list %s: %.60q: want addresses, in which * stands for anything (10.0.3.*); networks are not read", ruleset.EngagementAddresses, s)
		}
	}
	return nil
}
