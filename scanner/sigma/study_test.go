package sigma_test

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"tideline/scanner/sigma"
)

// TestStudiesChangeNothing: whether a second goroutine studies the expressions or not,
// the rules are the same, and so is what is said of those that are refused.
func TestStudiesChangeNothing(t *testing.T) {
	var docs []string
	for i := range 30 {
		docs = append(docs, document(fmt.Sprintf("s: {a|re: 'user%d.*(get|list)'}", i%20)),
			document(fmt.Sprintf("s: {a|re|i|s: '^Admin%d$', b: x}", i)),
			document(fmt.Sprintf("s: {b|re: 'plain%d'}", i)),
			document(fmt.Sprintf("s: {b|re: '(?=no%d)'}", i)),
			document(fmt.Sprintf("s: {c|re|expand|i: '^%d (%%words%%)$'}", i)),
			document(fmt.Sprintf("s: {c|re|expand: '%d%%broken%%'}", i)),
			document(fmt.Sprintf("s: {b|re: 'x{%d}y{120}'}", 100+i)))
	}
	events := []map[string]any{{"a": "user7 may list"}, {"a": "ADMIN12", "b": "x"}, {"b": "it is plain9"}, {"c": "8 GET all"}}
	lists := map[string][]string{"words": {"get (all|one)", "put"}, "broken": {"(", "[a"}}
	compile := func() (string, []string, [][]int) {
		set, problems := sigma.Compile(sigma.Parse("rules.yml", []byte(strings.Join(docs, "\n---\n"))), sigma.Options{Placeholders: lists})
		said, found := []string{}, [][]int{}
		for _, p := range problems {
			said = append(said, p.Error())
		}
		m := set.Matcher()
		sc := m.NewScratch()
		for _, ev := range events {
			found = append(found, m.Match(nil, newEvent(set, ev), sc))
		}
		return fmt.Sprint(len(set.Rules()), set.Fields(), m.Alike()), said, found
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	rules, said, found := compile()
	if len(said) < 30 || len(found[0]) == 0 || len(found[1]) == 0 || len(found[2]) == 0 || len(found[3]) == 0 {
		t.Fatalf("%d problems, found %v", len(said), found)
	}
	runtime.GOMAXPROCS(4)
	for range 8 {
		r, s, f := compile()
		if r != rules || !reflect.DeepEqual(s, said) || !reflect.DeepEqual(f, found) {
			t.Fatalf("with a second goroutine: %s, want %s; %d problems, want %d; found %v, want %v", r, rules, len(s), len(said), f, found)
		}
	}
}
