package envelope

import (
	"strings"
	"testing"

	"tideline/parsers"
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

// TestFieldNames: of columns that are called in another way than the fields.
func TestFieldNames(t *testing.T) {
	for column, want := range map[string]string{
		"verb": "verb", "kubernetes.audit.user.username": "user.username", "AuditId": "auditID", "auditid": "auditID", "RequestURI": "requestURI",
		"user_username": "user.username", "user_agent": "userAgent", "user_name": "user.username", "objectref_apigroup": "objectRef.apiGroup", "objectRef_name": "objectRef.name",
		"objectref.resource": "objectRef.resource", "responseStatus_code": "responseStatus.code", "impersonateduser_username": "impersonatedUser.username",
		"source_ips": "sourceIPs", "level_name": "level_name", "verbose": "verbose", "userid": "userid", "@timestamp": "@timestamp",
	} {
		if got := fieldName(column); got != want {
			t.Errorf("%s: %s, want %s", column, got, want)
		}
	}
}

// TestTimesOfKibana: a table that Kibana exports has its times as it shows them.
func TestTimesOfKibana(t *testing.T) {
	for cell, want := range map[string]string{
		"Apr 2, 2026 @ 03:04:05.123":  "2026-04-02T03:04:05.123Z",
		"Dec 31, 2025 @ 23:59:59.000": "2025-12-31T23:59:59Z",
		"Apr 31, 2026 @ 03:04:05.123": "Apr 31, 2026 @ 03:04:05.123",
		"alice @ prod":                "alice @ prod",
	} {
		r := &row{}
		r.add("@timestamp", []byte(cell))
		if got := string(r.get("@timestamp")); got != want {
			t.Errorf("%s: %s, want %s", cell, got, want)
		}
	}
}

// TestShortMessage: a column may hold the beginning of what another one has.
func TestShortMessage(t *testing.T) {
	event := `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","stage":"ResponseComplete","verb":"list","requestURI":"/api/v1/secrets"}`
	for _, short := range []string{event[:60], event[:60] + "...", event} {
		for _, order := range [][2]string{{"full_message", "message"}, {"message", "full_message"}} {
			r := &row{}
			for _, column := range order {
				r.add(column, []byte(map[string]string{"full_message": event, "message": short}[column]))
			}
			var got string
			if ok, err := r.open(&parsers.Record{}, "csv", func(in *parsers.Record) error { got = string(in.Data); return nil }); !ok || err != nil || got != event {
				t.Errorf("%v, %d bytes: %v %v %s", order, len(short), ok, err, got)
			}
		}
	}
}

// TestEmptyInList: Elasticsearch gives an empty text as a list of it.
func TestEmptyInList(t *testing.T) {
	r := &row{}
	r.add("verb", []byte("list"))
	r.add("requestURI", []byte("/api/v1/secrets"))
	r.add("objectRef.name", []byte(`[""]`))
	r.add("stage", []byte(`[""]`))
	if got := string(r.event()); !strings.Contains(got, `"verb":"list"`) || strings.Contains(got, "objectRef") {
		t.Errorf("%s", got)
	}
}
