package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tideline/scanner/finding"
)

// secretLine is a request about secrets, with an id of its own.
func secretLine(id int, verb, namespace, name, user, from, agent string, at time.Time) string {
	stamp := at.Format("2006-01-02T15:04:05.000000Z")
	return fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%08d-0000-4000-8000-000000000000","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/%s/secrets","verb":%q,`+
		`"user":{"username":%q,"groups":["system:authenticated"]},"sourceIPs":[%q],"userAgent":%q,"objectRef":{"resource":"secrets","namespace":%q,"name":%q,"apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},`+
		`"requestReceivedTimestamp":%q,"stageTimestamp":%q,"annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}`+"\n", id, namespace, verb, user, from, agent, namespace, name, stamp, stamp)
}

// TestNoiseIsFoldedAndTheQuietIntruderFirst is .ci/bounds in small: hits without
// end of one person are one finding of a rule, whose count is theirs, and who
// came twice stands before. Neither the number of files nor that of workers
// changes a byte.
func TestNoiseIsFoldedAndTheQuietIntruderFirst(t *testing.T) {
	const hits, files = 30_000, 8
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	logs := make([]strings.Builder, files)
	for i := range hits {
		at := day.Add(time.Duration(i) * (24 * time.Hour / hits))
		log := &logs[i%files]
		log.WriteString(secretLine(i, "get", "batch", "feed", "alice", "10.0.3.7", "kubectl/v1.29.1 (linux/amd64) kubernetes/bc401b9", at))
		if i == hits/2 {
			log.WriteString(secretLine(hits, "list", "kube-system", "", "mallory", "45.9.148.3", "curl/8.5.0", at.Add(time.Millisecond)))
			log.WriteString(secretLine(hits+1, "get", "prod", "db", "mallory", "45.9.148.3", "curl/8.5.0", at.Add(2*time.Millisecond)))
		}
	}
	for i := range logs {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("audit-%d.log", i)), []byte(logs[i].String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var want string
	for _, workers := range []string{"1", "8"} {
		status, out, errs := tideline("scan", "-q", "-f", "json", "--min-level", "informational", "-j", workers, dir)
		if status != exitOK {
			t.Fatal(status, errs)
		}
		if want == "" {
			want = out
		}
		if out != want {
			t.Errorf("%s workers: another report%s", workers, firstDifference([]byte(out), []byte(want)))
		}
	}
	var r struct {
		Actors   []finding.Actor
		Findings []finding.Finding
	}
	if err := json.Unmarshal([]byte(want), &r); err != nil {
		t.Fatal(err)
	}
	byRule := map[string]int64{}
	for _, f := range r.Findings {
		if f.Actor.Name != "alice" {
			continue
		}
		if byRule[f.Rule.ID] > 0 {
			t.Errorf("rule %q has more than one finding of the noise", f.Rule.Title)
		}
		byRule[f.Rule.ID] = f.Count
		if f.Count == hits && (!f.Time.Equal(day) || f.Source.Line != 1 || f.Raw == "") {
			t.Errorf("the first of the noise is not quoted: %+v", f.Source)
		}
	}
	whole := 0
	for _, n := range byRule {
		if n == hits {
			whole++
		}
	}
	if whole == 0 {
		t.Errorf("no rule counts all %d: %v", hits, byRule)
	}
	if a := r.Actors[0]; a.ID != "k8s:mallory" || len(r.Actors) > 1 && a.Score < 2*r.Actors[1].Score {
		t.Errorf("first is %s with %d", a.ID, a.Score)
	}
}
