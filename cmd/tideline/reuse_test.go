package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestWhatIsKnownOfOneFileChangesNothingInTheNext: a worker decodes file after file
// with what it has found out about the records before. Reports are those of files
// that were each read by a process of its own. The files are pieces of logs, in two
// folders, so that who has no name is somebody else in the second.
func TestWhatIsKnownOfOneFileChangesNothingInTheNext(t *testing.T) {
	const pieces = 6
	dir := t.TempDir()
	var files []string
	for _, kind := range []string{"kubernetes", "kubernetes-churn", "auditd", "docker"} {
		log := generatedLog(t, kind, 9_000_000)
		for i := range pieces {
			end := len(log)
			if i < pieces-1 {
				end = min(end, len(log)/(pieces-i))
				end += bytes.IndexByte(log[end:], '\n') + 1
			}
			name := filepath.Join(dir, fmt.Sprintf("n%d", i*2/pieces), fmt.Sprintf("%s.log.%d", kind, pieces-i))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, log[:end], 0o600); err != nil {
				t.Fatal(err)
			}
			files, log = append(files, name), log[end:]
		}
	}
	report := []string{"-q", "-f", "json", "--min-level", "informational"}
	status, want, errs := tideline(append([]string{"merge"}, append(report, apart(t, files)...)...)...)
	if status != exitOK {
		t.Fatalf("exit status %d: %s", status, errs)
	}
	for _, workers := range []string{"1", "2", "5"} {
		status, got, errs := tideline(append(append([]string{"scan", "-j", workers}, report...), files...)...)
		if status != exitOK || got != want {
			t.Errorf("%s workers: exit status %d: %s%s", workers, status, errs, firstDifference([]byte(got), []byte(want)))
		}
	}
}

// apart makes a part of each file.
func apart(t *testing.T, files []string) (names []string) {
	t.Helper()
	p := &parts{t: t, dir: t.TempDir()}
	for _, name := range files {
		names = append(names, p.scan([]string{name}))
	}
	return names
}
