package ruleset

import (
	"strings"
	"time"
)

// Lists are the value lists of rules, as scoring looks at them. Values are
// Sigma text, in which * stands for any run of characters.
type Lists map[string][]string

// Has reports whether a list names s, without regard to case.
func (l Lists) Has(list, s string) bool {
	if s == "" {
		return false
	}
	s = strings.ToLower(s)
	for _, pattern := range l[list] {
		if globMatch(strings.ToLower(pattern), s) {
			return true
		}
	}
	return false
}

// The lists that announce an engagement, a test of one's own: findings of these
// identities, or from these addresses, weigh less between the two times, which are
// in RFC 3339.
const (
	EngagementIdentities = "engagement_identities"
	EngagementAddresses  = "engagement_addresses"
	EngagementSince      = "engagement_since"
	EngagementUntil      = "engagement_until"
)

// Within reports whether t lies between the bounds that two lists give. What is no
// time bounds nothing: whoever takes lists from a user refuses it.
func (l Lists) Within(since, until string, t time.Time) bool {
	for _, s := range l[since] {
		if at, err := time.Parse(time.RFC3339, s); err == nil && t.Before(at) {
			return false
		}
	}
	for _, s := range l[until] {
		if at, err := time.Parse(time.RFC3339, s); err == nil && t.After(at) {
			return false
		}
	}
	return true
}

// globMatch matches s with a pattern of literal text and *, in linear time for
// each star.
func globMatch(pattern, s string) bool {
	start, rest, starred := strings.Cut(pattern, "*")
	if !starred {
		return pattern == s
	}
	s, ok := strings.CutPrefix(s, start)
	for ok {
		var part string
		if part, rest, starred = strings.Cut(rest, "*"); !starred {
			return strings.HasSuffix(s, part)
		}
		_, s, ok = strings.Cut(s, part)
	}
	return false
}
