package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// readings are records of bob reading a secret, one a minute, from one minute to another.
func readings(from, to int) (out []string) {
	for i := from; i < to; i++ {
		at := fmt.Sprintf("2026-03-01T10:%02d:00.000000Z", i)
		out = append(out, fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"00000000-0000-4000-8000-%012d","stage":"ResponseComplete",`+
			`"requestURI":"/api/v1/namespaces/prod/secrets/db","verb":"get","user":{"username":"bob","groups":["system:authenticated"]},"sourceIPs":["10.0.0.9"],`+
			`"userAgent":"kubectl/v1.31","objectRef":{"resource":"secrets","namespace":"prod","name":"db","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},`+
			`"requestReceivedTimestamp":%q,"stageTimestamp":%q,"annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}`, i, at, at))
	}
	return out
}

// exported are records as CloudWatch exports them, which names the cluster.
func exported(records []string) (out []string) {
	for i, r := range records {
		out = append(out, fmt.Sprintf(`{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"/aws/eks/prod/cluster","logStream":"kube-apiserver-audit-1","subscriptionFilters":["f"],`+
			`"logEvents":[{"id":"%d","timestamp":%d,"message":%q}]}`, i, 1772359200000+60000*i, r))
	}
	return out
}

// TestCopiesLeaveEvidence: a log of a node and an export of the cluster tell of the same
// requests for a while, and one of them of more. Each request counts once, and no
// finding is without its evidence, in whatever order the two are read.
func TestCopiesLeaveEvidence(t *testing.T) {
	for _, c := range []struct {
		name         string
		node, export [2]int // minutes
	}{
		{"the export goes on", [2]int{0, 10}, [2]int{0, 40}},
		{"the node's log goes on", [2]int{0, 40}, [2]int{0, 10}},
		{"the export begins later", [2]int{0, 20}, [2]int{10, 40}},
		{"the export begins sooner", [2]int{10, 20}, [2]int{0, 40}},
		{"the same", [2]int{0, 20}, [2]int{0, 20}},
	} {
		for _, names := range [][2]string{{"a.log", "b.json"}, {"b.log", "a.json"}} {
			t.Run(c.name+" in "+names[0], func(t *testing.T) {
				dir := t.TempDir()
				for i, lines := range [][]string{readings(c.node[0], c.node[1]), exported(readings(c.export[0], c.export[1]))} {
					if err := os.WriteFile(filepath.Join(dir, names[i]), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				var first []byte
				for _, workers := range []string{"1", "8"} {
					var stdout, stderr bytes.Buffer
					if status := run(t.Context(), []string{"tideline", "scan", "-q", "-f", "ndjson", "-j", workers, dir}, strings.NewReader(""), &stdout, &stderr); status != 0 {
						t.Fatalf("status %d: %s", status, &stderr)
					}
					if first == nil {
						first = stdout.Bytes()
					} else if !bytes.Equal(first, stdout.Bytes()) {
						t.Errorf("%s workers:\n%s\nwant\n%s", workers, &stdout, first)
					}
				}
				requests := int64(max(c.node[1], c.export[1]) - min(c.node[0], c.export[0]))
				for line := range bytes.Lines(first) {
					var f finding.Finding
					if err := json.Unmarshal(line, &f); err != nil {
						t.Fatal(err)
					}
					if f.Raw == "" || f.RawCut || len(f.Matched) == 0 || f.Count == 0 {
						t.Errorf("no evidence, or nothing to show it for: %s", line)
					}
					if !strings.Contains(f.Raw, f.Time.String()[:len("2026-03-01T10:00:00")]) {
						t.Errorf("a record of another time than %s is quoted: %s", f.Time, f.Raw)
					}
					requests -= f.Count
				}
				if requests != 0 {
					t.Errorf("%d requests are counted too little", requests)
				}
			})
		}
	}
}
