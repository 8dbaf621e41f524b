package sigma_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tideline/scanner/sigma"
)

func TestDocumentLookup(t *testing.T) {
	dec := json.NewDecoder(strings.NewReader(`{"a":{"b":"nested","c.d":"mixed"},"x.y":"flat","n":null,"e":"","list":[{"v":1},{"v":2.50}],"t":true,"none":[],"big":1e3,"small":[-2E-3],"object":{"a":"<&>","b":[1.50]}}`))
	dec.UseNumber()
	var doc any
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	d := sigma.NewDocument(doc, nil)
	for _, c := range []struct {
		field string
		want  []string
	}{
		{"a.b", []string{"nested"}}, {"a.c.d", []string{"mixed"}}, {"x.y", []string{"flat"}}, {"list.v", []string{"1", "2.50"}},
		{"t", []string{"true"}}, {"e", []string{""}}, {"n", nil}, {"missing", nil},
		{"none", nil}, {"big", []string{"1e+3"}}, {"small", []string{"-2E-3"}}, {"object", []string{`{"a":"<&>","b":[1.50]}`}},
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
