package envelope

import (
	"strings"
	"testing"
)

// TestAbsentCells: what Kibana writes for a field that is absent is no value.
func TestAbsentCells(t *testing.T) {
	r := &row{names: []string{"kubernetes.audit.verb", "kubernetes.audit.requestURI", "kubernetes.audit.impersonatedUser.username"},
		values: [][]byte{[]byte("list"), []byte("/api/v1/secrets"), []byte("-")}}
	if got := string(r.event()); strings.Contains(got, "impersonatedUser") || !strings.Contains(got, `"verb":"list"`) {
		t.Errorf("%s", got)
	}
}
