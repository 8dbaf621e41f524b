package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestALogOfChangesOnlySaysSo: providers keep reads apart, or not at all, and then a log
// in which nobody reads Secrets proves nothing.
func TestALogOfChangesOnlySaysSo(t *testing.T) {
	blind := func(lines string) string {
		t.Helper()
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "audit.log"), []byte(lines), 0o600); err != nil {
			t.Fatal(err)
		}
		return strings.Join(coverageOf(t, dir).Blind, "\n")
	}
	var lines strings.Builder
	for i := range 30 {
		lines.WriteString(kubeLine("Metadata", fmt.Sprint("c", i), "create", []string{"secrets", "pods"}[i%2], ""))
	}
	const sentence = "Not one of 30 requests to the Kubernetes API reads anything"
	if got := blind(lines.String()); !strings.Contains(got, sentence) {
		t.Errorf("no %q in\n%s", sentence, got)
	}
	if got := blind(lines.String() + kubeLine("Metadata", "r", "get", "pods", "")); strings.Contains(got, "reads anything") {
		t.Errorf("a log with reads is said to have none:\n%s", got)
	}
}
