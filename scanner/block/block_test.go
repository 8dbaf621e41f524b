package block

import "testing"

// TestAdjustedKind: the last adjustment that held and names a kind decides.
func TestAdjustedKind(t *testing.T) {
	b := &Block{Adjust: []Adjust{{Kind: "secret"}, {Points: 3}, {Kind: "service-account-token"}}}
	for _, c := range []struct {
		held []int
		want string
	}{{nil, ""}, {[]int{1}, ""}, {[]int{0, 1}, "secret"}, {[]int{0, 2}, "service-account-token"}, {[]int{7}, ""}} {
		if got := b.KindOf(c.held); got != c.want {
			t.Errorf("%v: %q, want %q", c.held, got, c.want)
		}
	}
}

// TestAdjustedCertainty: likewise for what may be claimed.
func TestAdjustedCertainty(t *testing.T) {
	b := &Block{Adjust: []Adjust{{Limit: "possible"}, {Points: 3}, {Limit: "obtained"}}}
	for _, c := range []struct {
		held []int
		want string
	}{{nil, ""}, {[]int{1}, ""}, {[]int{0, 1}, "possible"}, {[]int{0, 2}, "obtained"}, {[]int{7}, ""}} {
		if got := b.LimitOf(c.held); got != c.want {
			t.Errorf("%v: %q, want %q", c.held, got, c.want)
		}
	}
	if _, err := parseAdjust(map[string]any{"when": map[string]any{"a": "b"}, "points": 1, "why": "x", "certainty": "sure"}); err == nil {
		t.Error("an unknown certainty is taken")
	}
}
