package block

import (
	"testing"
)

func TestTemplate(t *testing.T) {
	values := map[string][]string{"user.username": {"alice"}, "ns": {"prod"}, "many": {"a", "b"}, "empty": {""}}
	look := func(name string) []string { return values[name] }
	for _, c := range []struct{ name, in, want string }{
		{"fields", "{user.username} listed secrets of {ns}", "alice listed secrets of prod"},
		{"several values", "{many}", "a, b"},
		{"unknown", "in {nowhere}", "in (unknown)"},
		{"optional and known", "x[ in {ns}]", "x in prod"},
		{"optional and unknown", "x[ in {nowhere}] y", "x y"},
		{"optional and empty", "x[ in {empty}] y", "x y"},
		{"first of two", "[pod {ns}|{many}] y", "pod prod y"},
		{"second of two", "[pod {nowhere}|{many}] y|z", "a, b y|z"},
		{"none of two", "x[ in {nowhere}| at {empty}|] y", "x y"},
		{"plain", "nothing to fill in", "nothing to fill in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tpl, err := parseTemplate(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if got := tpl.Render(look); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTemplateRefusesWhatIsNotBalanced(t *testing.T) {
	for _, in := range []string{"{", "{}", "a[b", "a]b", "[[x]]", "[x|[y]]", "[x|y", "{open"} {
		if _, err := parseTemplate(in); err == nil {
			t.Errorf("%q was accepted", in)
		}
	}
}
