package scanner

import "testing"

// TestAdjustedKind: the last adjustment that held and names a kind decides.
func TestAdjustedKind(t *testing.T) {
	b := &Block{Adjust: []Adjust{{Kind: "secret"}, {Points: 3}, {Kind: "service-account-token"}}}
	for _, c := range []struct {
		held []int
		want string
	}{{nil, ""}, {[]int{1}, ""}, {[]int{0, 1}, "secret"}, {[]int{0, 2}, "service-account-token"}, {[]int{7}, ""}} {
		if got := b.kind(c.held); got != c.want {
			t.Errorf("%v: %q, want %q", c.held, got, c.want)
		}
	}
}
