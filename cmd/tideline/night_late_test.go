package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// secretRead is a line of an audit log: somebody got, or listed, something.
func secretRead(user, verb, resource, name string, at time.Time) string {
	stamp := at.UTC().Format("2006-01-02T15:04:05.000000Z")
	return fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%s-%s-%d","stage":"ResponseComplete",`+
		`"requestURI":"/api/v1/namespaces/shop/%s/%s","verb":%q,"user":{"username":%q,"groups":["system:authenticated"]},`+
		`"sourceIPs":["10.8.0.20"],"userAgent":"kubectl/v1.31.0 (linux/amd64) kubernetes/abc","objectRef":{"resource":%q,"namespace":"shop","name":%q,"apiVersion":"v1"},`+
		`"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":%q,"stageTimestamp":%q,"annotations":{"authorization.k8s.io/decision":"allow"}}`+"\n",
		strings.ReplaceAll(user, ":", "-"), name, at.UnixNano(), resource, name, verb, user, resource, name, stamp, stamp)
}

// TestALateLogShowsThatItWasNewBefore: somebody who never read a Secret reads
// one, which is told; the log that arrives later says that it was not the first
// one. That is the same novelty, so nothing is told twice, and the nights
// together tell what one scan tells.
func TestALateLogShowsThatItWasNewBefore(t *testing.T) {
	w := newWorld(t, 1)
	day := time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)
	var usual strings.Builder
	for hour := range 60 {
		usual.WriteString(secretRead("alice@corp.example", "get", "pods", "web-0", day.Add(time.Duration(hour)*time.Hour)))
	}
	told := map[string]string{}
	night := func(file, lines string) (fresh int) {
		w.write(w.path(file), []byte(lines))
		for _, f := range w.night(t) {
			if _, again := told[f.ID]; again && retold(f) == "" {
				t.Errorf("told again: %s", f.Summary)
			}
			told[f.ID] = f.Rule.Title
			fresh++
		}
		return fresh
	}
	night("one/audit.log", usual.String())
	night("one/audit.log", secretRead("alice@corp.example", "get", "secrets", "second", day.Add(61*time.Hour)))
	novelties := 0
	for _, title := range told {
		if strings.Contains(title, "never read one before") {
			novelties++
		}
	}
	if novelties != 1 {
		t.Fatalf("%d novelties are told; the test shows nothing: %v", novelties, told)
	}
	night("two/audit.log", secretRead("alice@corp.example", "get", "secrets", "first", day.Add(59*time.Hour)))
	out := printed(t, "scan", "-q", "-f", "ndjson", w.logs)
	want := map[string]bool{}
	for _, f := range findings([]byte(out)) {
		want[f.ID] = true
		if told[f.ID] == "" {
			t.Errorf("never told: %s", f.Summary)
		}
	}
	for id, title := range told {
		if !want[id] {
			t.Errorf("told, and no finding of one scan: %s", title)
		}
	}
}
