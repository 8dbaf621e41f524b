package scanner

import (
	"bytes"
	"context"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/tally"
)

const testRules = `
title: Secret read
id: 11111111-1111-4111-8111-111111111111
name: secret_read
level: high
tags: [attack.t1552.007, attack.credential-access]
author: tideline
logsource: {product: kubernetes, service: audit}
detection: {sel: {verb: get}, condition: sel}
tideline:
  summary: "{actor} read secret {name}"
  exposes: {kind: secret, namespace: namespace, name: name}
  score: {base: 60, adjust: [{when: {namespace: kube-system}, points: 20, why: "a system namespace"}]}
---
title: Many secrets read
id: 22222222-2222-4222-8222-222222222222
level: critical
tags: [attack.t1552.007]
correlation:
  type: value_count
  rules: [secret_read]
  group-by: [user]
  timespan: 10m
  condition: {gte: 3, field: name}
  generate: true
tideline: {summary: "{user} read several secrets in ten minutes"}
`

func testRuleset(t testing.TB) *ruleset.Ruleset {
	t.Helper()
	rs := ruleset.New([]ruleset.Text{{Path: "rules.yml", Data: []byte(testRules)}}, ruleset.Options{})
	for _, p := range rs.Problems {
		t.Fatalf("rules: %v", p)
	}
	return rs
}

func readHit(user, namespace, name, outcome string, second int) *finding.Hit {
	h := testHit(second, "audit.log", int64(second*100), "11111111-1111-4111-8111-111111111111")
	h.Actor = finding.ActorRef{ID: "k8s:" + user, Kind: "kubernetes-user", Name: user}
	h.Action, h.Outcome, h.Target = "get", outcome, finding.Target{Kind: "secrets", Namespace: namespace, Name: name}
	h.Summary = user + " read secret " + name
	h.Exposed = []finding.Exposed{{Kind: "secret", Namespace: namespace, Name: name}}
	h.Fields = map[string][]string{"user": {user}, "name": {name}}
	h.Source.Line, h.Source.Format = int64(second), "kubernetes-audit"
	return h
}

// render is a report as JSON: what must not depend on how it was made.
func render(t testing.TB, partials []*Partial, rs *ruleset.Ruleset, o ReportOptions) string {
	t.Helper()
	r, err := Conclude(context.Background(), partials, rs, []*parsers.Format{}, o)
	if err != nil {
		t.Fatal(err)
	}
	return rendered(t, r)
}

func partialOf(t testing.TB, limit int, hits ...*finding.Hit) *Partial {
	t.Helper()
	p := NewPartial(limit)
	t.Cleanup(func() { p.Close() })
	for _, h := range hits {
		if err := p.AddHit(h); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func manyHits() []*finding.Hit {
	r := rand.New(rand.NewSource(7))
	users, names := []string{"alice", "bob", "eve"}, []string{"db", "tls", "registry", "stripe"}
	outcomes := []string{"allowed", "allowed", "denied", "failed", "unknown"}
	var out []*finding.Hit
	for i := range 400 {
		out = append(out, readHit(users[r.Intn(3)], "prod", names[r.Intn(4)], outcomes[r.Intn(5)], i*37))
	}
	return out
}

func TestReportDoesNotDependOnHowTheEvidenceWasCut(t *testing.T) {
	rs, hits := testRuleset(t), manyHits()
	want := render(t, []*Partial{partialOf(t, 0, hits...)}, rs, ReportOptions{})
	if !strings.Contains(want, "several secrets") {
		t.Fatal("no correlation fired; the test would show nothing")
	}
	r := rand.New(rand.NewSource(3))
	for round := range 5 {
		groups := make([][]*finding.Hit, 1+r.Intn(6))
		for _, i := range r.Perm(len(hits)) {
			g := r.Intn(len(groups))
			groups[g] = append(groups[g], hits[i])
		}
		var partials []*Partial
		for _, g := range groups {
			partials = append(partials, partialOf(t, []int{0, 30_000}[round%2], g...))
		}
		if got := render(t, partials, rs, ReportOptions{}); got != want {
			t.Fatalf("round %d: another report", round)
		}
	}
}

func TestPartialSurvivesTheDisk(t *testing.T) {
	rs := testRuleset(t)
	p := partialOf(t, 30_000, manyHits()...)
	p.RulesHash = rs.Hash
	p.Aggregates.Merge(oneEvent("kubernetes-audit", "node", time.Unix(180, 0)))
	p.Aggregates.Principals[tally.PrincipalKey{Actor: "k8s:alice", Action: "get"}] = &tally.PrincipalRow{Allowed: 2}
	p.Ledger = []finding.Entry{{Path: "audit.log", Codecs: []string{}, Details: []string{}, Matched: []string{}, Notes: []finding.Remark{}, Gaps: []finding.Remark{{Code: "x", Count: 1, Gap: true}}}}
	var file bytes.Buffer
	if err := WritePartial(&file, p); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()
	back, err := ReadPartial(bytes.NewReader(whole), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	if got, want := render(t, []*Partial{back}, rs, ReportOptions{}), render(t, []*Partial{p}, rs, ReportOptions{}); got != want {
		t.Error("the report of the partial read back differs")
	}
	for _, n := range []int{0, 1, 10, len(whole) / 2, len(whole) - 1} {
		if p, err := ReadPartial(bytes.NewReader(whole[:n]), 0); err == nil {
			p.Close()
			t.Errorf("a partial cut at %d of %d bytes was accepted", n, len(whole))
		}
	}
}

func TestRepetitionsFoldAndTargetsDoNot(t *testing.T) {
	rs := testRuleset(t)
	var hits []*finding.Hit
	for i := range 50 {
		hits = append(hits, readHit("alice", "prod", "db", "allowed", i*3600))
	}
	hits = append(hits, readHit("alice", "prod", "tls", "allowed", 5), readHit("alice", "prod", "db", "denied", 6))
	r, err := Conclude(context.Background(), []*Partial{partialOf(t, 0, hits...)}, rs, nil, ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	counts := map[string]int64{}
	err = r.Each(context.Background(), func(f *finding.Finding) error {
		counts[f.Target.Name+"/"+f.Outcome] = f.Count
		sum := 0
		for _, reason := range f.Reasons {
			sum += reason.Points
		}
		if sum != f.Score {
			t.Errorf("%s: reasons add up to %d, score is %d", f.Summary, sum, f.Score)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(counts) != "map[db/allowed:50 db/denied:1 tls/allowed:1]" {
		t.Errorf("got %v", counts)
	}
	for _, e := range r.Overview.Exposure {
		if e.Name == "db" && (e.Certainty != finding.Obtained || e.Count != 50) { // the refused request got nothing
			t.Errorf("exposure of db: %+v", e)
		}
	}
}

func TestCorrelationIsAFindingWithItsMembers(t *testing.T) {
	rs := testRuleset(t)
	p := partialOf(t, 0, readHit("eve", "prod", "a", "allowed", 1), readHit("eve", "prod", "b", "allowed", 2), readHit("eve", "prod", "c", "allowed", 3))
	r, err := Conclude(context.Background(), []*Partial{p}, rs, nil, ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ids, related := map[string]bool{}, []string(nil)
	err = r.Each(context.Background(), func(f *finding.Finding) error {
		ids[f.ID] = true
		if f.Rule.Level == "critical" {
			related = f.Related
			if f.Summary != "eve read several secrets in ten minutes" || f.Actor.ID != "k8s:eve" || f.Target.Name != "" || f.Target.Namespace != "prod" {
				t.Errorf("correlation: %+v", f)
			}
		}
		return nil
	})
	if err != nil || len(related) != 3 {
		t.Fatalf("related %v, %v", related, err)
	}
	for _, id := range related {
		if !ids[id] {
			t.Errorf("member %s is no finding", id)
		}
	}
}

func TestWhatIsReported(t *testing.T) {
	rs := testRuleset(t)
	p := partialOf(t, 0, manyHits()...)
	count := func(o ReportOptions) int {
		n := 0
		r, err := Conclude(context.Background(), []*Partial{p}, rs, nil, o)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if err := r.Each(context.Background(), func(*finding.Finding) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		if int64(n) != r.Overview.Summary.Findings {
			t.Errorf("%d findings, the summary says %d", n, r.Overview.Summary.Findings)
		}
		return n
	}
	all := count(ReportOptions{})
	critical := count(ReportOptions{MinLevel: "critical"})
	if critical == 0 || critical >= all {
		t.Errorf("%d critical of %d", critical, all)
	}
	if n := count(ReportOptions{Only: []string{"Secret read"}}); n != all-critical {
		t.Errorf("only one rule: %d, want %d", n, all-critical)
	}
	if n := count(ReportOptions{Exclude: []string{"11111111-1111-4111-8111-111111111111"}}); n != critical {
		t.Errorf("without one rule: %d, want %d", n, critical)
	}
	if n := count(ReportOptions{Tags: []string{"T9999"}}); n != 0 {
		t.Errorf("an unknown tag: %d", n)
	}
	if n := count(ReportOptions{Since: time.Unix(1e9, 0)}); n != 0 {
		t.Errorf("since the future: %d", n)
	}
}

func TestCorrelationCountsEventsNotFindings(t *testing.T) {
	const rules = `
title: Refused
id: 33333333-3333-4333-8333-333333333333
name: refused
level: low
logsource: {product: kubernetes, service: audit}
detection: {sel: {verb: get}, condition: sel}
---
title: Refused often
id: 44444444-4444-4444-8444-444444444444
level: high
correlation: {type: event_count, rules: [refused], group-by: [user], timespan: 10m, condition: {gte: 5}, generate: true}
`
	rs := ruleset.New([]ruleset.Text{{Path: "rules.yml", Data: []byte(rules)}}, ruleset.Options{})
	var hits []*finding.Hit
	for i := range 5 { // the same act five times: one finding, five events
		h := readHit("eve", "prod", "db", "denied", i)
		h.Rule = "33333333-3333-4333-8333-333333333333"
		hits = append(hits, h)
	}
	out := render(t, []*Partial{partialOf(t, 0, hits...)}, rs, ReportOptions{})
	if !strings.Contains(out, "44444444-4444-4444-8444-444444444444") {
		t.Error("five events of one kind did not count as five")
	}
}

// TestWhatWasRefusedWasNotDone: of a rule marked done, a correlation counts what
// was done; the attempt is a finding all the same.
func TestWhatWasRefusedWasNotDone(t *testing.T) {
	for _, done := range []bool{false, true} {
		rs := ruleset.New([]ruleset.Text{{Path: "rules.yml", Data: fmt.Appendf(nil, `
title: Taken
id: 55555555-5555-4555-8555-555555555555
name: taken
level: low
logsource: {product: kubernetes, service: audit}
detection: {sel: {verb: get}, condition: sel}
tideline: {summary: taken, done: %t}
---
title: Taken twice
id: 66666666-6666-4666-8666-666666666666
level: high
correlation: {type: event_count, rules: [taken], group-by: [user], timespan: 10m, condition: {gte: 2}, generate: true}
`, done)}}, ruleset.Options{})
		for _, p := range rs.Problems {
			t.Fatal(p)
		}
		for _, outcome := range []string{"allowed", "denied", "failed", "unknown"} {
			var hits []*finding.Hit
			for i, o := range []string{"allowed", outcome} {
				h := readHit("eve", "prod", fmt.Sprint("db", i), o, i)
				h.Rule = "55555555-5555-4555-8555-555555555555"
				hits = append(hits, h)
			}
			out := render(t, []*Partial{partialOf(t, 0, hits...)}, rs, ReportOptions{})
			fired := strings.Contains(out, "66666666-6666-4666-8666-666666666666")
			if want := !done || outcome == "allowed" || outcome == "unknown"; fired != want {
				t.Errorf("done %t, %s: fired %t, want %t", done, outcome, fired, want)
			}
			if !strings.Contains(out, `"db1"`) {
				t.Errorf("done %t: what was %s is no finding", done, outcome)
			}
		}
	}
}

func TestATagChoosesWhatIsBelowIt(t *testing.T) {
	tags := []string{"attack.credential-access", "attack.T1552.007", "cve.2021-4034"}
	for tag, want := range map[string]bool{"T1552.007": true, "t1552": true, "attack.t1552": true, "cve.2021-4034": true, "credential-access": true,
		"T155": false, "T1552.00": false, "T1552.007.1": false, "2021-4034": false, "access": false} {
		if got := HasTag(tags, tag); got != want {
			t.Errorf("%s: %v", tag, got)
		}
	}
}
