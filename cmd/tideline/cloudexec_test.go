package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// cloudLine is a request as GKE's audit log has it.
func cloudLine(id, method, resource string) string {
	return fmt.Sprintf(`{"insertId":%q,"logName":"projects/p/logs/cloudaudit.googleapis.com%%2Fdata_access","protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog",`+
		`"authenticationInfo":{"principalEmail":"alice@corp.example"},"authorizationInfo":[{"granted":true,"permission":%[2]q,"resource":%[3]q}],"methodName":%[2]q,`+
		`"requestMetadata":{"callerIp":"10.0.0.9","callerSuppliedUserAgent":"kubectl/v1.31.0"},"resourceName":%[3]q,"serviceName":"k8s.io","status":{}},`+
		`"resource":{"labels":{"cluster_name":"c","location":"l","project_id":"p"},"type":"k8s_cluster"},"timestamp":"2026-03-01T10:00:00Z"}`+"\n", id, method, resource)
}

// TestExecsWithoutCommandsAreSaid: a report on GKE has findings of execs that cannot say
// what was run, and a reader must not take that for nothing.
func TestExecsWithoutCommandsAreSaid(t *testing.T) {
	exec := func(id string) string {
		return cloudLine(id, "io.k8s.core.v1.pods.exec.create", "core/v1/namespaces/prod/pods/db-0/exec")
	}
	list := cloudLine("l", "io.k8s.core.v1.pods.list", "core/v1/namespaces/prod/pods")
	plain := execLine("alice", "dev", "kubectl/v1.31.0", "10.0.0.9", "prod", "id")
	for name, c := range map[string]struct{ lines, want string }{
		"two execs":             {exec("a") + exec("b") + list, "2 events of kubernetes-audit are about execs into pods and do not tell their commands"},
		"one exec":              {exec("a") + list, "One event of kubernetes-audit is about an exec into a pod and does not tell its command"},
		"and another cluster's": {exec("a") + plain, "Of 2 events of kubernetes-audit about execs into pods, those from Google Cloud do not tell"},
		"no exec":               {list, ""},
		"only another cluster":  {plain, ""},
	} {
		file := filepath.Join(t.TempDir(), "audit.log")
		if err := os.WriteFile(file, []byte(c.lines), 0o600); err != nil {
			t.Fatal(err)
		}
		blind := strings.Join(coverageOf(t, file).Blind, "\n")
		if c.want == "" && strings.Contains(blind, "leaves out the query") || !strings.Contains(blind, c.want) {
			t.Errorf("%s: no %q in\n%s", name, c.want, blind)
		}
	}
}
