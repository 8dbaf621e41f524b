package ruleset

import "testing"

func TestGlobMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "a", true}, {"a", "ab", false}, {"*", "", true}, {"*", "abc", true}, {"**", "a", true},
		{"a*", "a", true}, {"a*", "ba", false}, {"*a", "ba", true}, {"*a", "ab", false}, {"a*a", "a", false}, {"a*a", "aa", true}, {"a*b*c", "a-b-b-c", true},
		{"a*b*c", "a-c-b", false}, {"*b*", "abc", true}, {"*b*", "ac", false}, {"ab*bc", "abc", false}, {"a*b*b", "ab", false},
	} {
		if got := globMatch(c.pattern, c.s); got != c.want {
			t.Errorf("%q on %q: %v", c.pattern, c.s, got)
		}
	}
	l := Lists{"x": {"Deploy-*-Bot", "10.0.*"}}
	for range 3 {
		if there, empty, other := l.Has("x", "deploy-a-BOT"), l.Has("x", ""), l.Has("y", "deploy-a-bot"); !there || empty || other {
			t.Errorf("x has deploy-a-BOT: %v, the empty text: %v; y has what x has: %v", there, empty, other)
		}
	}
	if n := testing.AllocsPerRun(100, func() { l.Has("x", "10.0.0.1") }); n > 1 { // the pattern in lower case
		t.Errorf("%v allocations", n)
	}
}
