package kubeaudit

import (
	"strings"
	"testing"
)

func TestTextMembers(t *testing.T) {
	const rest = `"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"x","stage":"ResponseComplete","verb":"get"`
	note := "json.type_mismatch note=true kept=true"
	cases := []struct {
		name, record string
		want         []string
	}{
		{"all of them", `{"__source__":"10.0.0.1",` + rest + `,"user":"{\"username\":\"ann\",\"groups\":[\"dev\"]}","sourceIPs":"[\"10.0.0.7\"]",` +
			`"objectRef":" {\"resource\":\"secrets\",\"namespace\":\"prod\",\"name\":\"db\"}","responseStatus":"{\"metadata\":{},\"code\":403}"}`,
			[]string{"- ann get secrets prod/db denied [kubernetes-audit: user.username=ann sourceIPs=10.0.0.7]", note}},
		{"without kind", `{"auditID":"x","stage":"ResponseComplete","verb":"get","requestURI":"/api","user":"{\"username\":\"ann\"}","responseStatus":"{\"code\":200}"}`,
			[]string{"- ann get - / allowed [kubernetes-audit: user.username=ann]", note}},
		{"without id, of the columns of a store", `{"verb":"get","user":"{\"username\":\"ann\"}","objectRef":"{\"resource\":\"secrets\"}"}`,
			[]string{"- ann get secrets / unknown [kubernetes-audit: user.username=ann]", note}},
		{"twice, in two ways", `{` + rest + `,"user":{"username":"bob"},"user":"{\"username\":\"ann\"}"}`,
			[]string{"- ann get - / unknown [kubernetes-audit: user.username=bob user.username=ann]", "json.dup_key note=true kept=true"}},
		{"no JSON", `{` + rest + `,"user":"{username:ann"}`, []string{"- - get - / unknown", note}},
		{"a word for a body", `{` + rest + `,"user":{"username":"ann"},"requestObject":"skipped-too-big-size-object"}`,
			[]string{"- ann get - / unknown [kubernetes-audit: user.username=ann]"}},
		{"cut", `{` + rest + `,"user":"{\"username\":\"ann\"}","objectRef":"{\"resource\":\"sec`,
			[]string{"- ann get - / unknown [kubernetes-audit: user.username=ann]", "json.damaged note=false kept=true"}},
	}
	for _, c := range cases {
		got := decodeAll(t, []string{"user.username", "sourceIPs"}, c.record)
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s: got\n\t%s\nwant\n\t%s", c.name, strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
		}
	}
}
