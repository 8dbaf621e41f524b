package scanner

import (
	"context"
	"math/rand"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/pending"
	"tideline/scanner/ruleset"
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
	rs := ruleset.New([]ruleset.Text{{Path: "a.yml", Data: []byte(testRules)}, {Path: "b.yml", Data: []byte(quietRules)}}, ruleset.Options{})
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

// TestLeanRules: whose evidence nobody will ask for is known before anything matched.
func TestLeanRules(t *testing.T) {
	const plain = `
title: Name got
id: 66666666-6666-4666-8666-666666666666
level: informational
logsource: {product: kubernetes, service: audit}
detection: {sel: {verb: get}, condition: sel}
tideline: {summary: "{actor} got {name}", score: {base: 3, adjust: [{when: {namespace: dev}, points: 5, why: "a test"}]}}
`
	rs := ruleset.New([]ruleset.Text{{Path: "a.yml", Data: []byte(testRules)}, {Path: "b.yml", Data: []byte(quietRules)}, {Path: "c.yml", Data: []byte(plain)}}, ruleset.Options{})
	for _, p := range rs.Problems {
		t.Fatalf("rules: %v", p)
	}
	for level, want := range map[string]string{"low": "Name got", "high": "Name got", "": "", "informational": ""} {
		var got []string
		for i, lean := range rs.Lean(actorLevel(level)) {
			if lean {
				got = append(got, rs.Set.Rules()[i].Title)
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("of level %q: %q, want %q", level, got, want)
		}
	}
	p := NewPartial(0)
	defer p.Close()
	s := newSink(newKits(rs), &hitBuffer{partial: p, lean: rs.Lean(actorLevel("low"))})
	s.start("audit.log", &pending.Hits{})
	for _, ev := range likeEvents(rs, 20, false) {
		if err := s.Event(likeFormats[0], ev); err != nil {
			t.Fatal(err)
		}
	}
	kept, left := 0, 0
	if err := p.EachHit(func(h *finding.Hit) error {
		switch lean := h.Rule == "66666666-6666-4666-8666-666666666666"; {
		case lean != (h.Raw == ""), lean != (len(h.Matched) == 0):
			t.Errorf("a hit of %s has %q and %v", h.Rule, h.Raw, h.Matched)
		case lean:
			left++
		default:
			kept++
		}
		return nil
	}); err != nil || kept == 0 || left == 0 {
		t.Errorf("%d hits with and %d without evidence, %v", kept, left, err)
	}
}
