package scanner

import (
	"fmt"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
)

// An act whose circumstances make it low must not take another with it: a
// runner of jobs starts Docker in Docker all day, and once something else that
// is privileged, with a name that the server makes.
func TestActsInOtherCircumstancesAreTwoFindings(t *testing.T) {
	hit := func(adjust ...int) *finding.Hit {
		return &finding.Hit{Rule: "privileged", Actor: finding.ActorRef{ID: "k8s:runner", Agent: "runner/1.0"}, Action: "create",
			Target: finding.Target{Kind: "pods", Namespace: "ci"}, Outcome: "allowed", Adjust: adjust}
	}
	low, own := foldID(hit(0), ""), foldID(hit(), "")
	if low == own || low == foldID(hit(1), "") || foldID(hit(0, 1), "") == foldID(hit(0), "") {
		t.Error("acts of different scores are one finding")
	}
	if low != foldID(hit(0), "") {
		t.Error("equal acts are two findings")
	}
}

// TestNoAddressOfARepetitionIsLost: acts of one finding come from one network, and
// each host of it is told of the actor, whether the acts were held in memory or not.
func TestNoAddressOfARepetitionIsLost(t *testing.T) {
	rs := testRuleset(t)
	var hits []*finding.Hit
	for i := range 60 {
		h := readHit("eve", "prod", "db", "allowed", 7*i)
		h.Actor.Addresses = []string{"203.0.113.9", fmt.Sprintf("10.0.0.%d", i%40)}
		h.Actor.Agent = fmt.Sprintf("kubectl/v1.%d.0", 28+i%3)
		hits = append(hits, h)
	}
	r, err := Conclude(t.Context(), []*Partial{partialOf(t, 0, hits...)}, rs, []*parsers.Format{}, ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	eve := r.Overview.Actors[0]
	if r.Overview.Summary.Findings != 1 || len(eve.Addresses) != 41 || len(eve.Agents) != 3 {
		t.Errorf("%d findings, addresses %v, clients %v", r.Overview.Summary.Findings, eve.Addresses, eve.Agents)
	}

	for _, limit := range []int{0, 1, 20_000} {
		held := newActs()
		held.Limit = limit
		for _, h := range hits {
			if err := held.Add(&act{ID: "one", Hit: h, Last: h.Time, Count: 1}); err != nil {
				t.Fatal(err)
			}
		}
		p := &checkpoint{acts: []*acts{held}}
		for range 2 { // the acts of a checkpoint are read again
			if err := p.folded(func(a *act) error {
				if a.Count != 60 || len(a.From) != 39 || a.From[38] != "10.0.0.39" || len(a.With) != 2 {
					t.Errorf("limit %d: %d acts from %v with %v", limit, a.Count, a.From, a.With)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		held.Close()
	}
}

// TestTwinsAreCounted: a hit like one that was counted before is counted for the same
// act as long as that is in memory, and else for another of the same finding.
func TestTwinsAreCounted(t *testing.T) {
	for _, limit := range []int{0, 1, 20_000} {
		held, known, total := newActs(), twins{}, int64(0)
		held.Limit = limit
		like := []*finding.Hit{readHit("eve", "prod", "db", "allowed", 0), readHit("eve", "prod", "web", "allowed", 0)}
		for i := range 300 {
			h := *like[i%2]
			h.Like, h.Time.Time = like[i%2], like[i%2].Time.Add(time.Duration(i/4)*time.Second)
			h.Source.Offset = int64(i)
			k := known.of(&h)
			if held.again(k.id(&h), &h, k) {
				continue
			}
			if err := held.Add(&act{ID: k.id(&h), Hit: &h, Last: h.Time, Count: 1}); err != nil {
				t.Fatal(err)
			}
		}
		counted := map[string]int64{}
		p := &checkpoint{acts: []*acts{held}}
		if err := p.folded(func(a *act) error {
			counted[a.ID] += a.Count
			total += a.Count
			if want := like[0].Time.Add(74 * time.Second); !a.Last.Equal(want) {
				t.Errorf("limit %d: the last of %d was at %v, want %v", limit, a.Count, a.Last, want)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if len(counted) != 2 || total != 300 {
			t.Errorf("limit %d: counted %v", limit, counted)
		}
		held.Close()
	}
}

// TestBorrowedItemsAreThoseOfEach: each is whole while it is looked at, whether runs are
// read into it again or not; and runs that are merged are read into few.
func TestBorrowedItemsAreThoseOfEach(t *testing.T) {
	s := newActSorter()
	s.Limit = 20_000
	defer s.Close()
	for i := range 3000 {
		h := readHit(fmt.Sprint("user", i%7), "prod", fmt.Sprint("secret", i), "allowed", i)
		if i%3 == 0 {
			h.Fields, h.Matched = nil, nil
		}
		a := &act{ID: fmt.Sprintf("%05d", i*7919%3001), Hit: h, Last: h.Time, Count: int64(i)}
		if i%5 == 0 {
			a.Related, a.From = []string{"x", fmt.Sprint(i)}, []string{fmt.Sprint("10.0.0.", i)}
		}
		if err := s.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	told := func(each func(func(*act) error) error) (list []string) {
		if err := each(func(a *act) error {
			list = append(list, fmt.Sprintf("%+v %+v", *a.Hit, []any{a.ID, a.Related, a.Link, a.Last, a.Count, a.From, a.With}))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return list
	}
	want, got := told(s.Each), told(s.EachBorrowed)
	if len(got) != 3000 || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%d acts by EachBorrowed, %d by Each, and not the same", len(got), len(want))
	}
	seen := map[*act]bool{}
	if err := s.EachBorrowed(func(a *act) error { seen[a] = true; return nil }); err != nil || len(seen) > 3000/2 {
		t.Errorf("%d acts were made, %v", len(seen), err)
	}
}
