package scanner

import "testing"

// TestOutcomeOfACorrelation: who used something and was then refused has used it.
// What other rules found does not count: somebody who reads what he may and guesses
// what he may not has guessed wrong.
func TestOutcomeOfACorrelation(t *testing.T) {
	of := func(rule int, outcome string) member {
		return member{rule: rule, common: &commonPart{outcome: outcome}}
	}
	for _, c := range []struct {
		members []member
		want    string
	}{
		{[]member{of(1, "allowed"), of(2, "allowed"), of(2, "denied")}, "allowed"},
		{[]member{of(1, "allowed"), of(2, "denied")}, "denied"},
		{[]member{of(2, "denied"), of(2, "failed")}, "failed"},
		{[]member{of(2, "denied"), of(1, "unknown")}, "unknown"},
	} {
		last := c.members[len(c.members)-1].outcome()
		if got := outcomeOf(c.members, last); got != c.want {
			t.Errorf("%v: %s, want %s", c.members, got, c.want)
		}
	}
}
