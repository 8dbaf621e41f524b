package sigma_test

import (
	"slices"
	"testing"

	"tideline/scanner/sigma"
)

func TestCollections(t *testing.T) {
	const text = `
action: global
title: g
author: A
logsource: {product: p}
detection: {condition: s}
---
title: one
detection: {s: {a: x}}
---
action: repeat
title: two
detection: {s: {a: y}}
---
action: reset
---
title: three
logsource: {category: c}
detection: {s: {a: z}, condition: s}
---
`
	c := sigma.Parse("x", []byte(text))
	if len(c.Problems) != 0 {
		t.Fatal(c.Problems)
	}
	var got [][3]string
	for _, r := range c.Rules {
		got = append(got, [3]string{r.Title, r.Author, r.LogSource.Product})
	}
	if want := [][3]string{{"one", "A", "p"}, {"two", "A", "p"}, {"three", "", ""}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	set, _ := sigma.Compile(c, sigma.Options{})
	for _, title := range []string{"one", "two", "three"} {
		value := map[string]string{"one": "x", "two": "y", "three": "z"}[title]
		if got := matches(set, map[string]any{"a": value}); !slices.Equal(got, []string{title}) {
			t.Errorf("%s: %v", title, got)
		}
	}
}

// TestActionsAddUp: what is global adds up, and what is repeated is the document as it
// was, though what was global then is no longer.
func TestActionsAddUp(t *testing.T) {
	c := sigma.Parse("x", []byte(`
action: global
title: t
logsource: {product: p}
---
action: global
detection: {condition: s}
---
action: repeat
detection: {s: {a: v}}
---
detection: {s: {a: w}}
---
action: reset
---
action: repeat
detection: {s: {b: x}}
---
action: repeat
detection: {s: {a: y}}
---
action: global
level: high
---
action: repeat
detection: {s: {c: z}}
`))
	if len(c.Problems) != 0 {
		t.Fatal(c.Problems)
	}
	if last := c.Rules[len(c.Rules)-1]; last.Title != "t" || last.Level != "high" {
		t.Errorf("the last is %q of level %q", last.Title, last.Level)
	}
	set, _ := sigma.Compile(c, sigma.Options{})
	for event, want := range map[string]int{`{"a":"v"}`: 1, `{"a":"w"}`: 1, `{"a":"w","b":"x"}`: 2, `{"a":"y"}`: 0, `{"a":"y","b":"x"}`: 1, `{"a":"y","b":"x","c":"z"}`: 2} {
		if got := matches(set, decodeEvent(t, event)); len(got) != want {
			t.Errorf("%s: %d matches, want %d", event, len(got), want)
		}
	}
}
