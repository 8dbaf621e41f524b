package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// secretsRead is a log of n requests for secrets, one a minute.
func secretsRead(n int) string {
	var b strings.Builder
	for i := range n {
		at := fmt.Sprintf("2026-03-01T%02d:%02d:00.000000Z", 10+i/60, i%60)
		fmt.Fprintf(&b, `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%08d","stage":"ResponseComplete","verb":"get",`+
			`"user":{"username":"eve"},"sourceIPs":["192.0.2.7"],"userAgent":"curl/8","objectRef":{"resource":"secrets","namespace":"prod","name":"s%d"},`+
			`"responseStatus":{"code":200},"requestReceivedTimestamp":"%s","stageTimestamp":"%s"}`+"\n", i, i, at, at)
	}
	return b.String()
}

// bundle is a tar.gz of texts by name, in the order of the arguments.
func bundle(t *testing.T, members ...[2]string) []byte {
	t.Helper()
	var packed bytes.Buffer
	zw := gzip.NewWriter(&packed)
	tw := tar.NewWriter(zw)
	for _, m := range members {
		if err := tw.WriteHeader(&tar.Header{Name: m[0], Size: int64(len(m[1])), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Write([]byte(m[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// eventsIn is how many events the ledger of a report counts.
func eventsIn(t *testing.T, out string) (n int64) {
	t.Helper()
	var report struct{ Ledger []finding.Entry }
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("%v in %.100q", err, out)
	}
	for _, e := range report.Ledger {
		n += e.Events
	}
	return n
}

// TestABundleThatIsMadeAnewCountsOnce: what is in a bundle that holds all that
// the one before it held is not counted for each of them.
func TestABundleThatIsMadeAnewCountsOnce(t *testing.T) {
	dir := t.TempDir()
	logs, stateDir := filepath.Join(dir, "logs"), filepath.Join(dir, "state")
	if err := os.Mkdir(logs, 0o700); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(logs, "bundle.tgz")
	for night, c := range []struct {
		what    string
		members [][2]string
		events  int64 // that are counted after it
	}{
		{"the first", [][2]string{{"audit.log", secretsRead(10)}}, 10},
		{"its log has grown", [][2]string{{"audit.log", secretsRead(25)}}, 25},
		{"a member more", [][2]string{{"audit.log", secretsRead(25)}, {"etc/motd", "hello\n"}}, 25},
		{"a log more, and the first has grown", [][2]string{{"other.log", secretsRead(5)}, {"audit.log", secretsRead(30)}, {"etc/motd", "hello\n"}}, 35},
		{"a member is missing", [][2]string{{"audit.log", secretsRead(31)}}, 35 + 31},
	} {
		if err := os.WriteFile(name, bundle(t, c.members...), 0o600); err != nil {
			t.Fatal(err)
		}
		status, out, errs := tideline("scan", "-q", "--state", stateDir, "-f", "json", "--since", "2026-01-01", "--min-level", "informational", logs)
		if status != exitOK {
			t.Fatalf("night %d, %s: status %d, %s", night, c.what, status, errs)
		}
		if out == "" {
			continue // nothing to tell; the next night counts
		}
		if events := eventsIn(t, out); events != c.events {
			t.Errorf("night %d, %s: %d events are counted, want %d", night, c.what, events, c.events)
		}
	}
}
