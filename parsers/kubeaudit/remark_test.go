package kubeaudit

import (
	"errors"
	"strings"
	"testing"

	"tideline/parsers"
)

func TestRemarks(t *testing.T) {
	head := `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"x","stage":"ResponseComplete","verb":"get","user":{"username":"ann"}`
	is := "- ann get - / unknown [kubernetes-audit: user.username=ann]"
	cases := []struct {
		name, record string
		want         []string
	}{
		{"sound", head + `}`, []string{is}},
		{"duplicate", head + `,"verb":"list"}`, []string{"- ann list - / unknown [kubernetes-audit: user.username=ann]", "json.dup_key note=true kept=true"}},
		{"duplicate deep down", head + `,"verb":"get","x":{"a":1,"a":2}}`, []string{is, "json.dup_key note=true kept=true"}},
		{"case", head + `,"Verb":"delete"}`, []string{is, "json.case_key note=true kept=true"}},
		{"case below", head + `,"objectRef":{"Resource":"secrets"}}`, []string{is, "json.case_key note=true kept=true"}},
		{"type", head + `,"requestURI":5}`, []string{is, "json.type_mismatch note=true kept=true"}},
		{"type object", head + `,"level":{"a":1}}`, []string{is, "json.type_mismatch note=true kept=true"}},
		{"null is no mismatch", head + `,"level":null}`, []string{is}},
		{"lenient", head + `,}`, []string{is, "json.lenient note=true kept=true"}},
		{"escaped", strings.Replace(head, "ann", `\u0061nn`, 1) + `}`, []string{is}},
		{"escaped key", strings.Replace(head, "username", `us\u0065rname`, 1) + `}`, []string{is}},
		{"damaged", head + `,"x" 1,"level":"Request"}`, []string{is, "json.damaged note=false kept=true"}},
		{"cut by CloudWatch", head + `,"requestObject":{"a":"bc[Truncated...]`, []string{is, "source.cut note=false kept=true"}},
		{"cut before anything", `{"kind":"Event","apiVersion":"audit.k8s.io/v1","le`, []string{"json.damaged note=false kept=false"}},
		{"truncated by the server", head + `,"annotations":{"audit.k8s.io/truncated":"true"}}`, []string{is, "source.truncated note=true kept=true"}},
		{"too deep", head + `,"verb":"get","x":` + strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001) + `}`,
			[]string{is, "json.depth note=false kept=true"}},
		{"deep", head + `,"x":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + `}`, []string{is}},
		{"byte order mark", "\xef\xbb\xbf" + head + `}`, []string{is}},
		{"two on a line", head + `}` + head + `} `, []string{is, is}},
		{"something behind", head + `} {"a":1}`, []string{is, "k8s.mixed note=false kept=true"}},
		{"noise behind", head + `}###`, []string{is, "k8s.mixed note=false kept=true"}},
		{"something before", `{"a":1} ` + head + `}`, []string{is, "k8s.mixed note=false kept=true"}},
		{"glued", head + `,"level":"Me` + strings.Replace(listSecrets, "prod:web", "x", 1),
			[]string{is, "2026-03-01T10:00:00.123456Z system:serviceaccount:x list secrets prod/ allowed " +
				"[kubernetes-audit: user.username=system:serviceaccount:x]", "json.damaged note=false kept=true"}},
		{"array and something", `[` + head + `}]` + head + `}`, []string{is, is}},
		{"policy", `{"kind":"Policy","apiVersion":"audit.k8s.io/v1","rules":[]}`, []string{"k8s.audit_policy note=true kept=false"}},
		{"list", `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[` + head + `},` + head + `}]}`, []string{is, is}},
		{"list of beta", `{"kind":"EventList","apiVersion":"audit.k8s.io/v1beta1","items":[` + head + `}]}`, []string{is}},
		{"array", `[` + head + `}, ` + head + `}]`, []string{is, is}},
		{"array cut", `[` + head + `}, {"kind":"Ev`, []string{is, "json.damaged note=false kept=true"}},
		{"mixed array", `[` + head + `}, {"a":1}]`, []string{is, "k8s.mixed note=false kept=true"}},
		{"brackets of a journal", `[ 1200.003456] m0 k3s[12]: ` + head + `}`, []string{parsers.ErrForeign.Error()}},
		{"a row", `["2026-03-01T10:00:00Z",` + head + `}]`, []string{parsers.ErrForeign.Error()}},
		{"brackets of a prefix", `[pod/a/b] ` + head + `}`, []string{parsers.ErrForeign.Error()}},
		{"empty event", `{"kind":"Event","apiVersion":"audit.k8s.io/v1"}`, []string{"k8s.no_event note=false kept=false"}},
		{"trimmed", `{"kind":"Event","verb":"get","objectRef":{"resource":"pods"},"user":{"username":"ann"}}`,
			[]string{"- ann get pods / unknown [kubernetes-audit: user.username=ann]"}},
		{"core event", `{"kind":"Event","apiVersion":"v1","verb":"get","objectRef":{"resource":"pods"},"user":{"username":"ann"}}`,
			[]string{parsers.ErrForeign.Error()}},
	}
	for _, c := range cases {
		got := decodeAll(t, []string{"user.username"}, c.record)
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s: got\n\t%s\nwant\n\t%s", c.name, strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
		}
	}
}

// TestDamageInABody: the cheap pass does not see it, whoever asks for the body
// is told.
func TestDamageInABody(t *testing.T) {
	record := `{"apiVersion":"audit.k8s.io/v1","auditID":"x","verb":"create","requestObject":{"a":1,"b":oops!},"level":"Request"}`
	for field, want := range map[string]string{"verb": "<nil>", "requestObject.a": "json.damaged"} {
		d := Format.NewDecoder(parsers.Options{Fields: []string{field}})
		ask := askAll([]string{field})
		err := d.Decode(&parsers.Record{Data: []byte(record)}, ask)
		var re *parsers.RecordError
		if errors.As(err, &re) != (want != "<nil>") || re != nil && (re.Code != want || !re.Kept || re.Note) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestErrorTextsAreShort(t *testing.T) {
	long := strings.Repeat("\x1b[2Jx", 100_000)
	for _, record := range []string{
		`{"apiVersion":"audit.k8s.io/v1","auditID":"x","verb":` + long,
		`{"apiVersion":"audit.k8s.io/v1","auditID":"x","verb":"a","verb":"b","` + long + `":1,"` + long + `":1}`,
		`{"apiVersion":"audit.k8s.io/v1","auditID":"x","verb":"get"}` + long,
	} {
		d := Format.NewDecoder(parsers.Options{})
		err := d.Decode(&parsers.Record{Data: []byte(record)}, ignore)
		if err == nil || len(err.Error()) > 500 || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%.80q: error of %d bytes: %.200q", record, len(err.Error()), err)
		}
	}
}

func TestManyValuesOnOneLine(t *testing.T) {
	n := 0
	d := Format.NewDecoder(parsers.Options{})
	record := []byte(strings.Repeat(notAuthenticated, 3000))
	if err := d.Decode(&parsers.Record{Data: record}, func(*parsers.Event) error { n++; return nil }); err != nil || n != 3000 {
		t.Errorf("%d events, error %v", n, err)
	}
}
