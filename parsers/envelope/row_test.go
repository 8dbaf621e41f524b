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

// TestLists: Splunk marks the names of lists, and puts a newline between their texts.
func TestLists(t *testing.T) {
	r := &row{}
	r.add("verb", []byte("list"))
	r.add("requestURI", []byte("/api/v1/secrets"))
	r.add("sourceIPs{}", []byte("10.0.0.7"))
	r.add("user.groups{}", []byte("a,b\nc"))
	if got := string(r.event()); !strings.Contains(got, `"sourceIPs":["10.0.0.7"]`) || !strings.Contains(got, `"groups":["a,b","c"]`) {
		t.Errorf("%s", got)
	}
}
