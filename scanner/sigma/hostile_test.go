package sigma_test

import (
	"fmt"
	"strings"
	"testing"

	"tideline/scanner/sigma"
)

// TestHostileRules loads files written to exhaust who loads them: each is
// refused, or compiled within bounds.
func TestHostileRules(t *testing.T) {
	values := strings.Repeat("x,", 40_000)
	dashes := strings.Repeat("'-a -b',", 20_000)
	subsets := make([]string, 0, 1200)
	for i := 1; i < 1200; i++ {
		var names []string
		for bit := range 11 {
			if i>>bit&1 == 1 {
				names = append(names, fmt.Sprintf("s%d", bit))
			}
		}
		subsets = append(subsets, "("+strings.Join(names, " or ")+")")
	}
	searches := "s0: {a: [" + numbered(30_000) + "]}\n"
	for i := 1; i < 11; i++ {
		searches += fmt.Sprintf("s%d: {a: %d}\n", i, i)
	}
	for _, c := range []struct{ name, text, reason string }{
		{"repeated-documents", "title: t\nlogsource: {category: c}\ndetection: {s: {a: [" + values + "]}, condition: s}\n---\n" +
			strings.Repeat("action: repeat\n---\n", 20_000), "actions carried out"},
		{"global-documents", "action: global\nvalues: [" + values + "]\n---\n" + strings.Repeat("action: global\nx: y\n---\n", 5_000), "actions carried out"},
		{"many-dashes", document("s: {a|windash: [" + dashes + "]}"), "more than 65536 patterns"},
		{"placeholders-multiply", document("s: {a|expand: '%ten%%ten%%ten%%ten%%ten%'}"), "more than 10000 spellings"},
		{"placeholders-add-up", document("s: {a|expand: [" + strings.Repeat("'%ten%%ten%%ten%',", 100) + "]}"), "more than 65536 patterns"},
		{"expressions-multiply", document("s: {a|re|expand: '%ten%%ten%%ten%%ten%%ten%'}"), "more than 10000 expressions"},
		{"expressions-add-up", document("s: {a|re|expand: [" + strings.Repeat("'x+%ten%%ten%%ten%%ten%',", 7) + "]}"), "more than 65536 patterns"},
		{"expressions-are-long", document("s: {a|re|expand: ['" + strings.Repeat("x", 300) + "%ten%%ten%%ten%%ten%']}"), "longer than 1048576 bytes together"},
		{"long-expressions-add-up", document("s: {" + longExpressions(20) + "}"), "more than 65536 patterns"},
		{"many-searches-many-times", document(searches + "condition: " + strings.Join(subsets, " and ")), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, refused, _ := problemsOf(sigma.Options{Placeholders: map[string][]string{"ten": strings.Split("0123456789", "")}}, c.text)
			m := set.Matcher()
			m.Match(nil, newEvent(set, map[string]any{"a": "x"}), m.NewScratch())
			switch {
			case c.reason == "" && len(refused) > 0:
				t.Errorf("refused: %.300s", refused[0].Error())
			case c.reason != "" && (len(refused) == 0 || !strings.Contains(refused[0].Reason, c.reason)):
				t.Errorf("got %.300v, want %q", refused, c.reason)
			case len(refused) > 1:
				t.Errorf("refused %d times", len(refused))
			}
		})
	}
}

// longExpressions are items of which each stands for 1000 expressions of 100 bytes.
func longExpressions(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d|re|expand: '%d%s%%ten%%%%ten%%%%ten%%', ", i, i, strings.Repeat("x", 96))
	}
	return b.String()
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "v%d,", i)
	}
	return b.String()
}

// TestManyLongLiterals goes beyond what one automaton may hold: what does not
// fit is looked for one by one, with the same answers.
func TestManyLongLiterals(t *testing.T) {
	var b strings.Builder
	for i := range 9000 {
		fmt.Fprintf(&b, "%d%s,", i, strings.Repeat("qwertyuiopasdfghjklzxcvbnm", 4))
	}
	set := compileOne(t, sigma.Options{}, document("s: {a|contains: ["+b.String()+"]}"))
	long := strings.Repeat("qwertyuiopasdfghjklzxcvbnm", 4)
	for v, hits := range map[string]int{"-0" + long + "-": 1, "-8999" + long: 1, "-x" + long: 0} {
		if got := matches(set, map[string]any{"a": v}); len(got) != hits {
			t.Errorf("%.20s: %d hits, want %d", v, len(got), hits)
		}
	}
}
