package kubeaudit

import (
	"strings"
	"testing"
)

// TestFieldsHaveAMeaning holds the table to what is implemented: every derived
// field, alias and name of a cloud is listed.
func TestFieldsHaveAMeaning(t *testing.T) {
	listed := map[string]bool{}
	for _, m := range Format.Mapping {
		for name := range strings.FieldsSeq(m.Field) {
			listed[name] = true
		}
	}
	for name := range derived {
		if !listed[name] {
			t.Errorf("the derived field %s is not listed", name)
		}
	}
	for name := range aliases {
		if !listed[name] {
			t.Errorf("the alias %s is not listed", name)
		}
	}
	for name := range cloudNames {
		if is := Format.Meaning("gcp-audit", name); is == "" || is == Format.Meaning("gcp-audit", "x") {
			t.Errorf("%s has the meaning %q", name, is)
		}
	}
	for name := range listed {
		if strings.HasPrefix(name, "k8s.") && derived[name] == nil {
			t.Errorf("%s is listed and not implemented", name)
		}
	}
}
