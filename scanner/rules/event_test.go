package rules_test

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"testing"

	"tideline/scanner/sigma"
)

// An event is a map as a rule's tests hold it, flat or nested, as the engine
// looks at it.
type event struct {
	fields []string
	root   map[string]any
}

func newEvent(set *sigma.Set, m map[string]any) *event { return &event{set.Fields(), m} }

// Values looks a field up: dots lead into maps or are part of a key, and a list
// stands for each of its members.
func (e *event) Values(dst [][]byte, field int) [][]byte {
	return find(dst, e.root, e.fields[field])
}

func find(dst [][]byte, v any, name string) [][]byte {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			dst = find(dst, item, name)
		}
	case map[string]any:
		for key, item := range v {
			switch {
			case key == name:
				dst = scalars(dst, item)
			case strings.HasPrefix(name, key+"."):
				dst = find(dst, item, name[len(key)+1:])
			}
		}
	}
	return dst
}

func scalars(dst [][]byte, v any) [][]byte {
	switch v := v.(type) {
	case nil:
		return append(dst, nil)
	case []any:
		for _, item := range v {
			dst = scalars(dst, item)
		}
		return dst
	}
	return append(dst, fmt.Append([]byte{}, v))
}

// Keywords are all values, in order of key.
func (e *event) Keywords(dst [][]byte) [][]byte {
	keys := make([]string, 0, len(e.root))
	for k := range e.root {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		dst = scalars(dst, e.root[k])
	}
	return dst
}

// selection writes a rule around a selection, in JSON, which YAML includes.
func selection(t *testing.T, when any) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"title":     "adjustment",
		"logsource": map[string]any{"category": "test"},
		"detection": map[string]any{"when": when, "condition": "when"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestEventLooksThroughDotsAndLists(t *testing.T) {
	root := map[string]any{
		"user":                  map[string]any{"groups": []any{"a", "b"}, "extra": map[string]any{"k8s.io/x": nil}},
		"annotations.k8s.io/y":  "1",
		"requestObject.subject": []any{map[string]any{"name": ""}},
	}
	for name, want := range map[string]string{
		"user.groups": `["a" "b"]`, "user.extra.k8s.io/x": `[""]`, "annotations.k8s.io/y": `["1"]`,
		"requestObject.subject.name": `[""]`, "user.name": `[]`,
	} {
		if got := fmt.Sprintf("%q", find(nil, root, name)); got != want {
			t.Errorf("%s = %s, want %s", name, got, want)
		}
	}
	if got := find(nil, root, "user.extra.k8s.io/x"); got[0] != nil {
		t.Error("null is not nil")
	}
}
