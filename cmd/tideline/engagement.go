package main

import (
	"slices"
	"strings"
	"time"
)

// Lists that announce a test of one's own, of which findings weigh a fifth.
const (
	listSince = "engagement_since"
	listUntil = "engagement_until"
)

var engagementLists = []string{"engagement_addresses", "engagement_identities", listSince, listUntil}

// checkEngagement refuses lists of an engagement that do not say what they seem to: a
// bound that is no time is none, and everything that those identities ever did would
// weigh less. It writes times as scoring reads them.
func checkEngagement(lists map[string][]string) error {
	for _, name := range keys(lists) {
		if slices.Contains(engagementLists, name) {
			continue
		}
		if near := nearest(name, engagementLists); near != "" || strings.HasPrefix(name, "engagement_") {
			return usageError("list %.40q is not one of those of an engagement, which are %s", name, strings.Join(engagementLists, ", "))
		}
	}
	for _, name := range []string{listSince, listUntil} {
		for i, s := range lists[name] {
			at, err := parseMoment(name, s)
			if err != nil || at.at.IsZero() {
				return usageError("list %s: %.40q: want RFC 3339 (2026-03-01T10:00:00Z) or a date", name, s)
			}
			lists[name][i] = at.at.Format(time.RFC3339Nano)
		}
	}
	for _, s := range lists["engagement_addresses"] {
		if strings.Contains(s, "/") {
			return usageError("list engagement_addresses: %.60q: want addresses, in which * stands for anything (10.0.3.*); networks are not read", s)
		}
	}
	return nil
}
