package ruleset

import (
	"fmt"
	"slices"
	"strings"

	"tideline/scanner/block"
	"tideline/scanner/sigma"
)

// TestResults say how the tests inside rules went.
type TestResults struct {
	Rules    int // that have tests
	Passed   int
	Failed   []FailedTest
	Untested []string // titles of rules without a hit or without a miss
}

// A FailedTest is a test inside a rule that did not go as the rule says.
type FailedTest struct{ Rule, Path, Reason string }

// Test runs the tests inside all rules.
func Test(rs *Ruleset) TestResults {
	var out TestResults
	all := rs.Set.Matcher()
	scratch := all.NewScratch()
	for _, i := range rs.Rules() {
		r, hits, misses := rs.Set.Rules()[i], 0, 0
		for n, test := range rs.Block(i).Tests {
			got := slices.Contains(all.Match(nil, sigma.NewDocument(test.Event, rs.Set.Fields()), scratch), i)
			if test.Hit {
				hits++
			} else {
				misses++
			}
			if got == test.Hit {
				out.Passed++
				continue
			}
			out.Failed = append(out.Failed, FailedTest{r.Title, r.Path, testFailure(n, &test)})
		}
		if hits+misses > 0 {
			out.Rules++
		}
		if hits == 0 || misses == 0 {
			out.Untested = append(out.Untested, r.Title)
		}
	}
	slices.Sort(out.Untested)
	return out
}

func testFailure(n int, test *block.Test) string {
	want := "should miss, and hits"
	if test.Hit {
		want = "should hit, and misses"
	}
	s := fmt.Sprintf("test %d %s", n+1, want)
	if test.Why != "" {
		s += " (" + strings.TrimSpace(test.Why) + ")"
	}
	return s
}
