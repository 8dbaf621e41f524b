package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/parsers/parsertest"
)

// TestWorkersDoNotChangeTheReport scans all real logs with one worker and with
// more: every report, of all that are written in one pass, must have the same bytes.
func TestWorkersDoNotChangeTheReport(t *testing.T) {
	corpus := parsertest.Corpus(t)
	want := map[string][]byte{}
	for _, workers := range []string{"1", "8", "3"} {
		dir := t.TempDir()
		args := []string{"tideline", "scan", "-q", "-j", workers, "--min-level", "informational"}
		for ext := range reportChecks {
			args = append(args, "-o", filepath.Join(dir, "report"+ext))
		}
		var problems bytes.Buffer
		status := run(context.Background(), append(args, corpus), strings.NewReader(""), &bytes.Buffer{}, &problems)
		if status != exitOK && status != exitIncomplete {
			t.Fatalf("exit status %d: %.500s", status, problems.String())
		}
		for ext := range reportChecks {
			got, err := os.ReadFile(filepath.Join(dir, "report"+ext))
			if err != nil {
				t.Fatal(err)
			}
			if want[ext] == nil {
				want[ext] = got
			} else if !bytes.Equal(got, want[ext]) {
				t.Errorf("%s: %s workers give other bytes than one: %s", ext, workers, firstDifference(got, want[ext]))
			}
		}
	}
}
