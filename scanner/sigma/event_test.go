package sigma_test

import (
	"encoding/json"
	"fmt"
	"slices"

	"tideline/scanner/sigma"
)

// event is an Event made from a flat map: name to scalar, nil or list of them.
type event struct {
	values   [][][]byte
	keywords [][]byte
}

func newEvent(set *sigma.Set, fields map[string]any) *event {
	e := &event{values: make([][][]byte, len(set.Fields()))}
	var names []string
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		values := bytesOf(fields[name])
		for _, v := range values {
			if v != nil {
				e.keywords = append(e.keywords, v)
			}
		}
		if i, ok := set.FieldIndex(name); ok {
			e.values[i] = values
		}
	}
	return e
}

func bytesOf(v any) [][]byte {
	switch v := v.(type) {
	case nil:
		return [][]byte{nil}
	case string:
		return [][]byte{[]byte(v)}
	case json.Number:
		return [][]byte{[]byte(v.String())}
	case []any:
		var out [][]byte
		for _, it := range v {
			out = append(out, bytesOf(it)...)
		}
		return out
	}
	return [][]byte{fmt.Append(nil, v)}
}

func (e *event) Values(dst [][]byte, field int) [][]byte { return append(dst, e.values[field]...) }
func (e *event) Keywords(dst [][]byte) [][]byte          { return append(dst, e.keywords...) }
