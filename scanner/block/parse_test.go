package block

import (
	"strings"
	"testing"
)

func TestBlock(t *testing.T) {
	b, err := Parse(map[string]any{"tideline": map[string]any{
		"summary": "{user.username} read {objectRef.name}",
		"exposes": map[string]any{"kind": "secret", "namespace": "objectRef.namespace", "name": "'literal'"},
		"score": map[string]any{"base": 60, "adjust": []any{
			map[string]any{"when": map[string]any{"k8s.scope": "cluster"}, "points": 20, "why": "every namespace"},
			map[string]any{"when": map[string]any{"verb": "list"}, "points": 0, "why": "another", "exposes": map[string]any{"kind": "file", "name": "node {host}"}},
			map[string]any{"when": map[string]any{"verb": "head"}, "points": 0, "why": "none", "exposes": []any{}}}},
		"family": "secret-read",
		"tests":  []any{map[string]any{"hit": map[string]any{"verb": "get"}}, map[string]any{"miss": map[string]any{"verb": "list"}, "why": "no name"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if b.Base != 60 || b.Family != "secret-read" || len(b.Tests) != 2 || !b.Tests[0].Hit || b.Tests[1].Hit || b.Tests[1].Why != "no name" {
		t.Errorf("got %+v", b)
	}
	look := func(name string) []string { return map[string][]string{"objectRef.namespace": {"prod"}}[name] }
	if e := b.Exposes[0]; e.Namespace.Value(look) != "prod" || e.Name.Value(look) != "literal" {
		t.Errorf("exposes %+v", e)
	}
	if a := b.Adjust[0]; a.When != `{"k8s.scope":"cluster"}` || a.Points != 20 {
		t.Errorf("adjust %+v", a)
	}
	if got := strings.Join(b.Fields(), " "); got != "user.username objectRef.name objectRef.namespace host" {
		t.Errorf("fields %q", got)
	}
}

// TestAdjustmentsExpose: the last adjustment that says what is exposed decides,
// and may say that it is nothing.
func TestAdjustmentsExpose(t *testing.T) {
	b := &Block{Exposes: []Expose{{Kind: "secret"}}, Adjust: []Adjust{{}, {Exposes: []Expose{{Kind: "file"}}}, {Exposes: []Expose{}}}}
	for want, held := range map[string][]int{"secret": {0}, "file": {0, 1}, "": {1, 2}} {
		got := ""
		for _, e := range b.Exposed(held) {
			got += e.Kind
		}
		if got != want {
			t.Errorf("%v: exposed %q, want %q", held, got, want)
		}
	}
}

// TestWordsAreNoField: what has a blank in it is said, and looked up nowhere.
func TestWordsAreNoField(t *testing.T) {
	e, err := parseExpose(map[string]any{"kind": "environment", "name": "memory of a process"})
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := e.Name.Literal(); !ok || got != "memory of a process" {
		t.Errorf("the name is %q", got)
	}
}

func TestBlockSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		block any
		want  string
	}{
		"not a map":               {"x", "want a map"},
		"typing error":            {map[string]any{"sumary": "x"}, "unknown key"},
		"bad template":            {map[string]any{"summary": "{"}, "without a name"},
		"no kind":                 {map[string]any{"exposes": map[string]any{"name": "x"}}, "kind is missing"},
		"bad certainty":           {map[string]any{"exposes": map[string]any{"kind": "secret", "certainty": "sure"}}, "certainty"},
		"base too high":           {map[string]any{"score": map[string]any{"base": 101}}, "0 to 100"},
		"no reason":               {map[string]any{"score": map[string]any{"adjust": []any{map[string]any{"when": map[string]any{"a": "b"}, "points": 3}}}}, "why is missing"},
		"adjustments are a map":   {map[string]any{"score": map[string]any{"adjust": map[string]any{"when": "x"}}}, "want a list"},
		"typing error in score":   {map[string]any{"score": map[string]any{"adjusts": []any{}}}, `unknown key "adjusts"`},
		"typing error in adjust":  {map[string]any{"score": map[string]any{"adjust": []any{map[string]any{"when": map[string]any{"a": "b"}, "why": "x", "point": 3}}}}, `unknown key "point"`},
		"typing error in exposes": {map[string]any{"exposes": map[string]any{"kind": "secret", "nmae": "x"}}, `unknown key "nmae"`},
		"bad exposes in adjust":   {map[string]any{"score": map[string]any{"adjust": []any{map[string]any{"when": map[string]any{"a": "b"}, "why": "x", "points": 3, "exposes": "x"}}}}, "want a map with kind"},
		"typing error in tests":   {map[string]any{"tests": []any{map[string]any{"hit": map[string]any{}, "wy": "x"}}}, `unknown key "wy"`},
		"neither true nor false":  {map[string]any{"exposure_only": "yes"}, "want true or false"},
		"nor is a number":         {map[string]any{"outside": 1}, "want true or false"},
		"hit and miss":            {map[string]any{"tests": []any{map[string]any{"why": "x"}}}, "want hit: or miss:"},
	} {
		_, err := Parse(map[string]any{"tideline": c.block})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestFirstSeenIsReadFromRules(t *testing.T) {
	b, err := Parse(map[string]any{"tideline": map[string]any{"first_seen": []any{"act", "client"}}})
	if err != nil || strings.Join(b.FirstSeen, " ") != "act client" {
		t.Errorf("got %v, %v", b, err)
	}
	if _, err := Parse(map[string]any{"tideline": map[string]any{"first_seen": "colour"}}); err == nil || !strings.Contains(err.Error(), "want some of actor") {
		t.Errorf("got %v", err)
	}
}
