package scanner

import (
	"context"
	"math/rand"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
)

const quietRules = `
title: List of names
id: 33333333-3333-4333-8333-333333333333
name: listed
level: informational
logsource: {product: kubernetes, service: audit}
detection: {sel: {verb: list}, condition: sel}
tideline:
  summary: "{actor} listed {namespace}"
  exposes: {kind: secret, namespace: namespace, name: name}
  score: {base: 3, adjust: [{when: {namespace: kube-system}, points: 40, level: high, why: "a system namespace"}]}
---
title: Many lists
id: 44444444-4444-4444-8444-444444444444
level: informational
correlation:
  type: event_count
  rules: [listed]
  group-by: [user]
  timespan: 10m
  condition: {gte: 3}
---
title: Very many lists
id: 55555555-5555-4555-8555-555555555555
level: medium
correlation:
  type: event_count
  rules: [listed]
  group-by: [user]
  timespan: 10m
  condition: {gte: 6}
`

// listHits are of testRules and of quietRules; some of those are told as high.
func listHits() []*finding.Hit {
	r := rand.New(rand.NewSource(11))
	hits := manyHits()
	for i := range 300 {
		h := readHit([]string{"alice", "bob"}[r.Intn(2)], []string{"prod", "kube-system", "dev"}[r.Intn(3)], "", []string{"allowed", "denied"}[r.Intn(2)], i*41)
		h.Rule, h.Action, h.Source.Path = "33333333-3333-4333-8333-333333333333", "list", "other.log"
		if h.Target.Namespace == "kube-system" {
			h.Adjust = []int{0}
		}
		hits = append(hits, h)
	}
	return hits
}

func TestQuietFindingsChangeNoReport(t *testing.T) {
	rs := NewRuleset([]RuleText{{Path: "a.yml", Data: []byte(testRules)}, {Path: "b.yml", Data: []byte(quietRules)}}, RuleOptions{})
	for _, p := range rs.Problems {
		t.Fatalf("rules: %v", p)
	}
	run := func(o ReportOptions, whole bool) (string, int64) {
		c := newConcluder(context.Background(), rs, []*parsers.Format{}, o)
		defer c.close()
		c.whole = whole
		r, err := c.run([]*Partial{partialOf(t, 0, listHits()...)})
		if err != nil {
			t.Fatal(err)
		}
		kept := r.findings.Len()
		return rendered(t, r), kept
	}
	for _, x := range []struct {
		name    string
		options ReportOptions
		quiet   bool // some findings are
	}{
		{"by default", ReportOptions{MinLevel: "low"}, true},
		{"of high", ReportOptions{MinLevel: "high"}, true},
		{"of score", ReportOptions{MinLevel: "low", MinScore: 50}, true},
		{"of one rule", ReportOptions{MinLevel: "low", Only: []string{"List of names"}}, true},
		{"without one", ReportOptions{MinLevel: "low", Exclude: []string{"List of names"}}, true},
		{"all levels", ReportOptions{MinLevel: "informational"}, false},
		{"no level", ReportOptions{}, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			want, all := run(x.options, true)
			got, kept := run(x.options, false)
			if got != want {
				t.Errorf("report differs:\n%s\nwant\n%s", got, want)
			}
			if quiet := kept < all; quiet != x.quiet {
				t.Errorf("%d of %d findings are kept", kept, all)
			}
		})
	}
}
