package scanner

import (
	"fmt"
	"math/rand"
	"testing"
	"time"

	"tideline/scanner/finding"
)

func testHit(second int, path string, offset int64, rule string) *finding.Hit {
	h := &finding.Hit{Rule: rule, Time: finding.Time{Time: time.Unix(int64(second), 0).UTC()}, Outcome: "allowed"}
	h.Source.Path, h.Source.Offset = path, offset
	return h
}

func TestSorterGivesTheSameOrderWithAndWithoutSpilling(t *testing.T) {
	order := func(limit int, seed int64) []string {
		r := rand.New(rand.NewSource(seed))
		s := newHitSorter(limit)
		defer s.Close()
		var hits []*finding.Hit
		for i := range 500 {
			hits = append(hits, testHit(i%37, fmt.Sprint("p", i%5), int64(i), "r"))
		}
		r.Shuffle(len(hits), func(i, j int) { hits[i], hits[j] = hits[j], hits[i] })
		for _, h := range hits {
			if err := s.Add(h); err != nil {
				t.Fatal(err)
			}
		}
		if limit < 1<<20 && len(s.runs) < 2 {
			t.Fatalf("limit %d made %d runs; the test wants several", limit, len(s.runs))
		}
		var out []string
		if err := s.Each(func(h *finding.Hit) error {
			out = append(out, fmt.Sprint(h.Time, h.Source.Path, h.Source.Offset))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := order(1<<30, 1)
	for seed := range int64(3) {
		if got := order(20_000, seed); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("seed %d: order differs", seed)
		}
	}
}

func TestSorterCanBeReadTwiceAndAtOnce(t *testing.T) {
	s := newHitSorter(5_000)
	defer s.Close()
	for i := range 50 {
		if err := s.Add(testHit(i, "p", int64(i), "r")); err != nil {
			t.Fatal(err)
		}
	}
	outer := 0
	err := s.Each(func(*finding.Hit) error {
		outer++
		if outer != 3 {
			return nil
		}
		inner := 0
		defer func() {
			if inner != 50 {
				t.Errorf("inner pass saw %d items, want 50", inner)
			}
		}()
		return s.Each(func(*finding.Hit) error { inner++; return nil })
	})
	if err != nil || outer != 50 {
		t.Errorf("outer pass saw %d items, %v", outer, err)
	}
}
