package scanner

import (
	"context"
	"math/rand"
	"testing"

	"tideline/parsers"
	"tideline/scanner/echo"
	"tideline/scanner/finding"
)

// TestSpentPartialsGiveTheSameReport: that nothing else needs the partials changes
// nothing but what is left of them.
func TestSpentPartialsGiveTheSameReport(t *testing.T) {
	rs := testRuleset(t)
	hits := crowd(rand.New(rand.NewSource(9)), 1500)
	for _, limit := range []int{0, 40_000} {
		for _, echoing := range []bool{false, true} {
			partials := func() []*Partial {
				a, b := partialOf(t, limit), partialOf(t, limit)
				if echoing {
					a.echoes, b.echoes = echo.New(), echo.New()
				}
				for i, h := range hits {
					p := a
					if i%3 == 0 {
						p = b
					}
					if err := p.AddHit(h); err != nil {
						t.Fatal(err)
					}
				}
				a.Aggregates = countedHits(t, false, hits).Aggregates
				return []*Partial{a, b}
			}
			want := render(t, partials(), rs, ReportOptions{})
			spent := partials()
			r, err := Conclude(context.Background(), spent, rs, []*parsers.Format{}, ReportOptions{Spend: true})
			if err != nil {
				t.Fatal(err)
			}
			if got := rendered(t, r); got != want {
				t.Errorf("limit %d, echoes %v: the report of spent partials is another one", limit, echoing)
			}
			for _, p := range spent {
				left := 0
				if err := p.hits.Each(func(*finding.Hit) error { left++; return nil }); err != nil {
					t.Error(err)
				}
				if left > 0 || p.echoes != nil || p.Aggregates != nil {
					t.Errorf("limit %d, echoes %v: something is left", limit, echoing)
				}
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
