package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A list that was full says so where it is printed: who rotates what stands in it
// must not believe that it is all.
func TestAFullRotationListIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("more secrets than the list has room for")
	}
	const room, more = 20_000, 5
	var log bytes.Buffer
	for i := range room + more {
		fmt.Fprintf(&log, `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%d","stage":"ResponseComplete",`+
			`"requestURI":"/api/v1/namespaces/prod/secrets/s%[1]d","verb":"get","user":{"username":"ann","groups":["system:authenticated"]},"sourceIPs":["10.0.0.1"],`+
			`"userAgent":"curl/8.0","objectRef":{"resource":"secrets","namespace":"prod","name":"s%[1]d","apiVersion":"v1"},"responseStatus":{"code":200},`+
			`"requestReceivedTimestamp":"2026-03-01T%02[2]d:%02[3]d:%02[4]d.000000Z","stageTimestamp":"2026-03-01T%02[2]d:%02[3]d:%02[4]d.000000Z"}`+"\n", i, i/3600, i/60%60, i%60)
	}
	name := filepath.Join(t.TempDir(), "audit.log")
	if err := os.WriteFile(name, log.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if status := run(context.Background(), []string{appName, "exposure", "-f", "csv", name}, strings.NewReader(""), &out, &errs); status != exitOK {
		t.Fatalf("ends with %d: %s", status, &errs)
	}
	if n := strings.Count(out.String(), "\n") - 1; n != room {
		t.Errorf("%d credentials, want %d", n, room)
	}
	if !strings.Contains(errs.String(), "this list was full: ") || !strings.Contains(errs.String(), "more findings gave away credentials that it does not name") {
		t.Errorf("standard error: %q", errs.String())
	}
	if unrotated(0) != "" {
		t.Error("a list with room is said to be full")
	}
}
