package scanner

import (
	"context"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
)

// TestRulesOfOneTitleAreToldApart: documents need no id, and titles need not be
// different. Each finding must have the level and the sentence of its own rule.
func TestRulesOfOneTitleAreToldApart(t *testing.T) {
	const text = `
title: Secret read
name: first
level: high
logsource: {product: kubernetes, service: audit}
detection: {sel: {verb: get}, condition: sel}
---
title: Secret read
name: second
level: low
logsource: {product: kubernetes, service: audit}
detection: {sel: {verb: list}, condition: sel}
---
title: Secret read
level: critical
correlation: {type: event_count, rules: [first], group-by: [user], timespan: 10m, condition: {gte: 2}, generate: true}
tideline: {summary: "{user} came twice"}
---
title: Secret read
level: medium
correlation: {type: event_count, rules: [second], group-by: [user], timespan: 10m, condition: {gte: 2}, generate: true}
tideline: {summary: "{user} listed twice"}
`
	rs := ruleset.New([]ruleset.Text{{Path: "rules.yml", Data: []byte(text)}}, ruleset.Options{})
	for _, p := range rs.Problems {
		t.Fatal(p)
	}
	var hits []*finding.Hit
	for second := range 4 {
		h := readHit("alice", "prod", "db", "allowed", second)
		h.Rule, h.Summary = rs.Key(second%2), []string{"read", "listed"}[second%2]
		hits = append(hits, h)
	}
	r, err := Conclude(context.Background(), []*Partial{partialOf(t, 0, hits...)}, rs, []*parsers.Format{}, ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	want := map[string]string{"read": "high", "listed": "low", "alice came twice": "critical", "alice listed twice": "medium"}
	err = r.Each(context.Background(), func(f *finding.Finding) error {
		if want[f.Summary] != f.Rule.Level {
			t.Errorf("%q (%s) has level %s, want %s", f.Summary, f.Rule.ID, f.Rule.Level, want[f.Summary])
		}
		delete(want, f.Summary)
		return nil
	})
	if err != nil || len(want) > 0 {
		t.Errorf("%v; not found: %v", err, want)
	}
}
