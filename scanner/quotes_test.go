package scanner

import (
	"bytes"
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"tideline/scanner/echo"
	"tideline/scanner/finding"
)

// visited are acts of a Docker client that a daemon names no person for, and now
// and then a person who ran the client just before: which of the acts are hers,
// and so the first of a finding of hers, shows when all are together.
func visited() []*finding.Hit {
	r := rand.New(rand.NewSource(5))
	var out []*finding.Hit
	for i := range 3000 {
		h := readHit("", "", fmt.Sprint("web-", r.Intn(30)), "allowed", i*2)
		h.Actor = finding.ActorRef{ID: "docker:node1", Kind: "docker-client"}
		h.Host, h.Source.Path = "node1", []string{"a.log", "b.log"}[r.Intn(2)]
		h.Container.Name = h.Target.Name
		h.Raw, h.Matched = fmt.Sprint("record ", i), []finding.Match{{Field: "name", Value: fmt.Sprint("value ", i), Pattern: "*"}}
		switch r.Intn(40) {
		case 0:
			h.Raw, h.RawBase64 = "", fmt.Sprint("record+", i)
		case 1:
			h.RawCut = true
		case 2:
			h.Matched = nil
		}
		out = append(out, h)
		if r.Intn(100) == 0 {
			w := readHit([]string{"auid=1004", "auid=1005"}[r.Intn(2)], "", "", "allowed", i*2-1)
			w.Actor.Kind, w.Actor.ID = "linux-user", "linux:node1/"+w.Actor.Name
			w.Host, w.Command, w.Source.Path = "node1", "docker exec "+h.Target.Name+" env", "c.log"
			out = append(out, w)
		}
	}
	return out
}

func TestActsWithoutAPrincipalKeepTheirEvidenceAside(t *testing.T) {
	rs, hits := testRuleset(t), visited()
	want := render(t, []*Partial{partialOf(t, 0, hits...)}, rs, ReportOptions{})
	if n := strings.Count(want, `"id": "linux:node1/auid=`); n < 10 {
		t.Fatalf("%d acts were given to somebody; the test would show nothing", n)
	}
	r := rand.New(rand.NewSource(9))
	for round := range 4 {
		whole, other := echoing(t, 0), echoing(t, 0)
		for _, i := range r.Perm(len(hits)) {
			if err := []*Partial{whole, other}[r.Intn(1+round%2)].AddHit(hits[i]); err != nil {
				t.Fatal(err)
			}
			if round > 1 && r.Intn(500) == 0 {
				if err := whole.echoes.Flush(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if whole.echoes.Len()+other.echoes.Len() < int64(len(hits)/2) {
			t.Errorf("round %d: %d of %d hits became echoes", round, whole.echoes.Len(), len(hits))
		}
		if got := render(t, []*Partial{whole, other}, rs, ReportOptions{}); got != want {
			t.Fatalf("round %d: another report", round)
		}
	}
}

// TestEvidenceOfTheFirstActThatNobodyIsGiven: the first act of its kind is kept in full,
// and may be given to somebody. The next one is then told with evidence all the same.
func TestEvidenceOfTheFirstActThatNobodyIsGiven(t *testing.T) {
	w := readHit("auid=1004", "", "", "allowed", 0)
	w.Actor.Kind, w.Actor.ID = "linux-user", "linux:node1/auid=1004"
	w.Host, w.Command, w.Source.Path = "node1", "docker exec web-1 env", "c.log"
	hits := []*finding.Hit{w}
	for i := range 4 {
		h := readHit("", "", "web-1", "allowed", 1+60*i)
		h.Actor = finding.ActorRef{ID: "docker:node1", Kind: "docker-client"}
		h.Host, h.Source.Path, h.Container.Name, h.Raw = "node1", "a.log", "web-1", fmt.Sprint("record ", i)
		hits = append(hits, h)
	}
	rs := testRuleset(t)
	want := render(t, []*Partial{partialOf(t, 0, hits...)}, rs, ReportOptions{})
	if got := render(t, []*Partial{echoing(t, 0, hits...)}, rs, ReportOptions{}); got != want {
		t.Errorf("another report:\n%s\nwant\n%s", got, want)
	}
}

// What another machine concludes from must have the evidence too.
func TestPartialOnDiskHasTheEvidenceOfActsWithoutAPrincipal(t *testing.T) {
	hits := visited()
	all := func(p *Partial) (out []finding.Hit) {
		if err := p.EachHit(func(h *finding.Hit) error { out = append(out, *h); return nil }); err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := map[string]finding.Hit{}
	for _, h := range all(partialOf(t, 0, hits...)) {
		want[fmt.Sprint(h.Source)] = h
	}
	var b bytes.Buffer
	if err := WritePartial(&b, echoing(t, 0, hits...)); err != nil {
		t.Fatal(err)
	}
	p, err := ReadPartial(&b, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, h := range all(p) {
		if w := want[fmt.Sprint(h.Source)]; !echo.Own(&h) && !reflect.DeepEqual(h, w) {
			t.Fatalf("hit %+v, want %+v", h, w)
		}
	}
}
