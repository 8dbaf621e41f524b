package kubeaudit

import (
	"testing"

	"tideline/parsers/internal/jsonfields"
)

// TestNeedleNeverHidesAValue asks for a field with and without the short cut.
func TestNeedleNeverHidesAValue(t *testing.T) {
	for _, name := range []string{"requestObject.data", "requestObject.a/b", "requestObject.metadata.labels.datadoghq.com/red-team", "requestObject.a&b", "requestObject.", "requestObject"} {
		for _, data := range []string{
			`{"requestObject":{"data":"x"}}`, `{"requestObject":{"d\u0061ta":"x"}}`, `{"requestObject":{"data\u0026":1,"data":2}}`,
			`{"requestObject":{"a\/b":1}}`, `{"requestObject":{"a/b":1}}`, `{"requestObject":{"a&b":1}}`, `{"requestObject":{"a\u0026b":1}}`,
			`{"requestObject.data":[1,{"data":2}]}`, `{"requestObject":{"metadata":{"labels":{"datadoghq.com/red-team":"y"}}}}`,
			`{"requestObject":{"metadata":{"labels":{"datadoghq.com\/red-team":"y"}}}}`, `{"requestObject":{"metadata.labels":{"datadoghq":{"com/red-team":1}}}}`,
			`{"requestObject":{"":1}}`, `{"requestObject":{"d\ata":1}}`, `{"requestObject":{"d\\u0061ta":1,"data" : 3}}`, `{"x":1}`, `{"requestObject":{"data":1`,
		} {
			r := &record{}
			r.reset([]byte(data))
			r.readCheap()
			got := bodyPath(name)(r, nil)
			r.reset([]byte(data))
			want := r.full().Values(nil, jsonfields.Compile(name))
			if len(got) != len(want) {
				t.Errorf("%s of %s: %q, want %q", name, data, got, want)
			}
		}
	}
}
