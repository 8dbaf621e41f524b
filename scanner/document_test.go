package scanner

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDocumentLookup(t *testing.T) {
	dec := json.NewDecoder(strings.NewReader(`{"a":{"b":"nested","c.d":"mixed"},"x.y":"flat","n":null,"e":"","list":[{"v":1},{"v":2.50}],"t":true,"none":[],"big":1e3,"small":[-2E-3]}`))
	dec.UseNumber()
	var doc any
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	d := NewDocument(doc, nil)
	for _, c := range []struct {
		field string
		want  []string
	}{
		{"a.b", []string{"nested"}}, {"a.c.d", []string{"mixed"}}, {"x.y", []string{"flat"}}, {"list.v", []string{"1", "2.50"}},
		{"t", []string{"true"}}, {"e", []string{""}}, {"n", nil}, {"missing", nil},
		{"none", nil}, {"big", []string{"1e+3"}}, {"small", []string{"-2E-3"}},
	} {
		if got := d.Texts(c.field); strings.Join(got, "|") != strings.Join(c.want, "|") || len(got) != len(c.want) {
			t.Errorf("%s: %q, want %q", c.field, got, c.want)
		}
	}
	if v := d.Lookup("n"); len(v) != 1 || v[0] != nil {
		t.Errorf("null: %q", v)
	}
	if v := d.Lookup("none"); len(v) != 1 || v[0] != nil {
		t.Errorf("an empty array: %q", v)
	}
	if v := d.Lookup("e"); len(v) != 1 || v[0] == nil {
		t.Errorf("empty: %q", v)
	}
}

func TestDocumentTime(t *testing.T) {
	for in, want := range map[string]string{
		`"2026-03-01T12:00:00.5+02:00"`: "2026-03-01T10:00:00.5Z",
		`1772359200`:                    "2026-03-01T10:00:00Z",
		`1772359200123`:                 "2026-03-01T10:00:00.123Z",
		`"yesterday"`:                   "0001-01-01T00:00:00Z",
	} {
		var v any
		dec := json.NewDecoder(strings.NewReader(in))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			t.Fatal(err)
		}
		got := NewDocument(map[string]any{"@timestamp": v}, nil).Time()
		if got.Format("2006-01-02T15:04:05.999999999Z07:00") != want {
			t.Errorf("%s: %v, want %s", in, got, want)
		}
	}
}
