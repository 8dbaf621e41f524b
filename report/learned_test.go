package report

import (
	"reflect"
	"testing"

	"tideline/scanner/finding"
)

// TestARecordIsRememberedWithItsSecrets: what a Redactor knows of the record before
// changes nothing, whether the next finding is of the same record or of another.
func TestARecordIsRememberedWithItsSecrets(t *testing.T) {
	var list []finding.Finding
	for _, f := range sampleFindings() {
		again := f
		again.Command, again.Summary = "mysql -psecr3tpass db", "a record once more"
		short := f
		short.Raw, short.RawBase64 = "password=abc", ""
		list = append(list, f, again, f, short, short)
	}
	r := NewRedactor(Options{})
	for i := range list {
		want := NewRedactor(Options{}).Finding(&list[i])
		if got := r.Finding(&list[i]); !reflect.DeepEqual(got, want) {
			t.Errorf("finding %d\n got %+v\nwant %+v", i, got, want)
		}
	}
}
