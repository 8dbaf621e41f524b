package scanner

import (
	"bytes"
	"fmt"
	"math/rand"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/tally"
)

// oneEvent is what one event brings to aggregates, besides whose it was.
func oneEvent(format, host string, at time.Time) *tally.Aggregates {
	t := tally.New()
	t.Add(&parsers.Format{Name: format}, &parsers.Event{Time: at, Origin: parsers.Origin{Host: host},
		Request: parsers.Request{Stage: []byte("RequestReceived")}}, "")
	return t.Take()
}

// crumb is a small part of aggregates and ledger: what one source brings.
func crumb(r *rand.Rand, n int) *Partial {
	p := NewPartial(0)
	at := finding.Time{Time: time.Unix(int64(r.Intn(1_000_000)), 0).UTC()}
	format := []string{"auditd", "kubernetes-audit"}[r.Intn(2)]
	a := oneEvent(format, "node", at.Time)
	p.Aggregates = a
	s := a.Formats[format]
	s.Sources, s.Events, s.Details["d"], s.Levels["secrets d"] = 1, int64(r.Intn(9)), 2, 3
	a.Principals[tally.PrincipalKey{Actor: fmt.Sprint("k8s:", r.Intn(5)), Address: "10.0.0.1", Action: "get", Kind: "secrets"}] = &tally.PrincipalRow{Allowed: 1, First: at, Last: at}
	a.Names[tally.NameKey{Kind: "secret", Namespace: "prod", Name: fmt.Sprint(r.Intn(5))}] = &tally.NameRow{Count: 1, First: at, Last: at}
	a.Overflow = int64(r.Intn(2))
	p.Ledger = []finding.Entry{{Path: fmt.Sprintf("log %d", n), Format: format, Codecs: []string{}, Notes: []finding.Remark{}, Gaps: []finding.Remark{}, Events: s.Events, First: at, Last: at,
		Details: []string{"EXECVE", "PATH"}[:n%3], Matched: []string{"r1"}[:n%2]}}
	return p
}

// together is everything in one partial, in the order given.
func together(parts []*Partial) *Partial {
	out := NewPartial(0)
	for _, p := range parts {
		out.Aggregates.Merge(p.Aggregates)
		out.Ledger = append(out.Ledger, p.Ledger...)
	}
	sortLedger(out.Ledger)
	return out
}

func TestAggregatesAndLedgersMergeInAnyGrouping(t *testing.T) {
	r, rs := rand.New(rand.NewSource(9)), testRuleset(t)
	var crumbs []*Partial
	for i := range 60 {
		crumbs = append(crumbs, crumb(r, i))
	}
	file := func(p *Partial) string {
		var b bytes.Buffer
		if err := WritePartial(&b, p); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	all := together(crumbs)
	want, wantReport := file(all), render(t, crumbs, rs, ReportOptions{})
	for round := range 10 {
		r.Shuffle(len(crumbs), func(i, j int) { crumbs[i], crumbs[j] = crumbs[j], crumbs[i] })
		groups := make([][]*Partial, 1+r.Intn(7))
		for _, c := range crumbs {
			g := r.Intn(len(groups))
			groups[g] = append(groups[g], c)
		}
		var merged []*Partial
		for _, g := range groups {
			merged = append(merged, together(g))
		}
		if file(together(merged)) != want {
			t.Fatalf("round %d: another partial result", round)
		}
		if render(t, merged, rs, ReportOptions{}) != wantReport {
			t.Fatalf("round %d: another report", round)
		}
		if round == 0 {
			back, err := ReadPartial(bytes.NewReader([]byte(want)), 0)
			if err != nil {
				t.Fatal(err)
			}
			if file(back) != want {
				t.Error("what was read back is not what was written")
			}
		}
	}
}

func TestBaselineOfMergedAggregatesIsTheMergedBaseline(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	var crumbs []*Partial
	for i := range 40 {
		crumbs = append(crumbs, crumb(r, i))
	}
	whole := together(crumbs).Aggregates.Baseline()
	sum := together(crumbs[:13]).Aggregates.Baseline()
	sum.Merge(together(crumbs[13:]).Aggregates.Baseline())
	if a, b := written(t, whole), written(t, sum); a != b {
		t.Errorf("%s\n%s", a, b)
	}
}
