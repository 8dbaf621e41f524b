package report

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
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

// TestSecretsWithMarksInThem: a record says where a secret ends, by escapes; a command and
// the fields that matched do not.
func TestSecretsWithMarksInThem(t *testing.T) {
	for _, pw := range []string{`Pa55'wo"rdEnd`, "Pa55;wo&rdEnd", `Pa55\wo\\rdEnd`, "Pa55\nwordEnd", "Pa5 5wordEnd"} {
		quoted, err := json.Marshal(pw)
		if err != nil {
			t.Fatal(err)
		}
		exec := `{"requestURI":"/api/v1/namespaces/a/pods/b/exec?command=mysql&command=-p` + url.QueryEscape(pw) + `&command=db","verb":"create"}`
		variable := `{"kind":"Pod","spec":{"containers":[{"env":[{"name":"DB_PASSWORD","value":` + string(quoted) + `}]}]}}`
		data := `{"kind":"Secret","stringData":{"x":` + string(quoted) + `}}`
		for _, f := range []finding.Finding{
			{Raw: exec, Command: "mysql -p" + pw + " db", Summary: "eve ran in pod a/b: mysql -p" + pw + " db"},
			{Raw: variable, Matched: []finding.Match{{Field: "k8s.pod.env", Value: "DB_PASSWORD=" + pw}}},
			{Raw: data, Matched: []finding.Match{{Field: "requestObject.stringData", Value: `{"x":` + string(quoted) + `}`}}},
		} {
			got := NewRedactor(Options{}).Finding(&f)
			text := got.Raw + got.Command + got.Summary
			for _, m := range got.Matched {
				text += m.Value
			}
			if strings.Contains(text, "rdEnd") || !strings.Contains(text, "[masked:") {
				t.Errorf("%q is shown:\n%s", pw, text)
			}
		}
	}
}
