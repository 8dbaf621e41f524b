package actor

import (
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/spill"
	"tideline/scanner/spill/spilltest"
)

// manyActors are actors with stories of so many steps, of scores from 0 to 99; the
// thief has the highest.
func manyActors(n, steps, findings int) []finding.Actor {
	list := []finding.Actor{{ID: "k8s:thief", Score: 100}}
	for i := range n {
		list = append(list, finding.Actor{ID: fmt.Sprintf("k8s:user%d", i), Score: i % 100})
	}
	for i := range list {
		a := &list[i]
		a.Total = int64(findings)
		for k := range steps {
			a.Story = append(a.Story, finding.Step{Finding: fmt.Sprint(k), Score: k * 7 % 11})
		}
		for k := range findings {
			a.Findings = append(a.Findings, fmt.Sprint(k))
		}
	}
	return list
}

func listedInOrder(list []finding.Actor, order []int) (out []finding.Actor, b actorList) {
	for _, i := range order {
		b.add(list[i])
	}
	return b.list(), b
}

// TestCrowdOfActorsKeepsTheGravest: stories and findings of a crowd are cut, that of
// the thief is not, whichever comes first, and what is cut is counted.
func TestCrowdOfActorsKeepsTheGravest(t *testing.T) {
	const n, steps, findings = 3000, maxSteps, 100
	list := manyActors(n, steps, findings)
	r := rand.New(rand.NewSource(1))
	var want []finding.Actor
	for range 3 {
		got, b := listedInOrder(list, r.Perm(len(list)))
		if want == nil {
			want = got
		} else if !reflect.DeepEqual(got, want) {
			t.Fatal("what is cut depends on the order in which actors come")
		}
		if whole := maxTold / steps; b.shortened != n+1-whole || b.overflow != 0 {
			t.Errorf("%d actors are shortened, want all but %d; %d findings did not fit", b.shortened, whole, b.overflow)
		}
	}
	told, listed := 0, 0
	for i := range want {
		told, listed = told+len(want[i].Story), listed+len(want[i].Findings)
	}
	if told > maxTold+fewSteps*n || listed > maxActorLists+fewFindings*n {
		t.Errorf("%d steps and %d findings are listed", told, listed)
	}
	if a := want[0]; a.ID != "k8s:thief" || len(a.Story) != steps || len(a.Findings) != findings {
		t.Errorf("%s is first, with %d steps and %d findings", a.ID, len(a.Story), len(a.Findings))
	}
	last := want[len(want)-1]
	var scores []int
	for _, s := range last.Story {
		scores = append(scores, s.Score)
	}
	if !reflect.DeepEqual(scores, []int{10, 10, 10}) || len(last.Findings) != fewFindings || last.Total != findings {
		t.Errorf("the last has steps of scores %v, %d findings of %d", scores, len(last.Findings), last.Total)
	}
}

// TestThiefBehindTenThousandOthersIsListed: a list that takes the first who come
// would leave out whom it is about.
func TestThiefBehindTenThousandOthersIsListed(t *testing.T) {
	list := manyActors(3*maxActors, 1, 2)
	order := rand.New(rand.NewSource(2)).Perm(len(list))
	for i, at := range order {
		if at == 0 { // the thief comes last
			order[i], order[len(order)-1] = order[len(order)-1], order[i]
		}
	}
	got, b := listedInOrder(list, order)
	if len(got) != maxActors || got[0].ID != "k8s:thief" || b.overflow != int64(2*(len(list)-maxActors)) {
		t.Errorf("%d actors, %s first, and %d findings of others", len(got), got[0].ID, b.overflow)
	}
}

// TestActorsAreTheSameFromTemporaryRuns: credits that went to disk make the same
// accounts as those in memory.
func TestActorsAreTheSameFromTemporaryRuns(t *testing.T) {
	rules := ruleset.New([]ruleset.Text{{Path: "read.yml", Data: []byte(`
title: Secret read
id: 11111111-1111-4111-8111-111111111111
logsource: {product: kubernetes, service: audit}
detection: {sel: {verb: get}, condition: sel}
level: high
tags: [attack.t1552.007]
`)}}, ruleset.Options{})
	labels := ruleset.NewLabels(rules)
	label := labels.Of("11111111-1111-4111-8111-111111111111")
	if label.Rule.Level != "high" {
		t.Fatalf("%+v", rules.Problems)
	}
	run := func(limit int) []finding.Actor {
		c := NewBook(rules, labels)
		c.credits = newCreditSorter(labels)
		c.credits.Limit = limit
		for i := range 2000 {
			f := told(fmt.Sprintf("%04x", i*7919%65536), float64(i%500), i%90, int64(i), "")
			f.Actor = finding.ActorRef{ID: fmt.Sprintf("k8s:user%d", i%37), Name: fmt.Sprintf("user%d", i%37), Addresses: []string{fmt.Sprintf("10.0.0.%d", i%11)}}
			f.Rule, f.Attack = label.Rule, label.Attack
			f.Normalise()
			if err := c.Add(f, &Credit{Own: f.Actor.ID}); err != nil {
				t.Fatal(err)
			}
		}
		if spilled := int64(c.credits.Held()) < c.credits.Len(); spilled != (limit > 0) {
			t.Fatalf("limit %d: it went to disk: %v", limit, spilled)
		}
		list, err := c.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	want := run(0)
	if len(want) != 37 || want[0].Total < 2000/37 || len(want[0].Story) == 0 || want[0].Score == 0 {
		t.Fatalf("%d actors, the first is %+v", len(want), want[0])
	}
	if got := run(20_000); !reflect.DeepEqual(got, want) {
		t.Error("actors differ")
	}
}

func TestCreditsComeBackFromRunsAsTheyWere(t *testing.T) {
	labels := ruleset.NewLabels(ruleset.New(nil, ruleset.Options{}))
	none := labels.Of("no such rule")
	n := 0
	spilltest.RoundTrip(t, func(c *spill.Coder, x *Credit) { codeCredit(c, x, labels) }, func(x *Credit) {
		n++
		x.finding = finding.Finding{ID: fmt.Sprint(n), Summary: "a summary", Rule: none.Rule, Attack: none.Attack}
		x.labels = fmt.Sprint("owner=", n)
	})
}

// TestSizesCountWhatALogCanMakeLong: what an actor is called is as long as a log likes.
func TestSizesCountWhatALogCanMakeLong(t *testing.T) {
	const long = 10_000
	actor := finding.ActorRef{Name: strings.Repeat("x", long)}
	if n := creditSize(&Credit{finding: finding.Finding{Actor: actor}}) - creditSize(&Credit{}); n < long {
		t.Errorf("the name of its actor counts for %d bytes of a credit", n)
	}
}
