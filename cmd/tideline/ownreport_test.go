package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/report"
	"tideline/scanner/finding"
)

// TestOwnReportsAmongTheEvidence: reports that lie beside the logs after the first scan
// quote records, which are evidence again; the second scan says so of each.
func TestOwnReportsAmongTheEvidence(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "audit.log")
	if err := os.WriteFile(log, []byte(kubeEvent+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"scan", "-q", "--min-level", "informational", "-o", filepath.Join(dir, "parts.partial")}
	for _, f := range report.Formats() {
		args = append(args, "-o", filepath.Join(dir, "r"+f.Extensions[0]))
	}
	if status, _, errs := tideline(append(args, log)...); status != exitOK {
		t.Fatalf("status %d: %s", status, errs)
	}
	_, out, errs := tideline("scan", "--no-progress", "-f", "json", dir)
	var doc struct{ Ledger []finding.Entry }
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, e := range doc.Ledger {
		noted := false
		for _, n := range e.Notes {
			noted = noted || n.Code == "file.report"
		}
		if own := e.Path != log && e.Events > 0; noted != own {
			t.Errorf("%s: %d events, noted as a report: %v", e.Path, e.Events, noted)
		} else if own {
			said++
		}
	}
	if said < 5 || strings.Count(errs, "  again   "+dir)+strings.Count(errs, "more report") < 5 {
		t.Errorf("%d reports noted, and on the screen: %s", said, errs)
	}
	if _, _, errs := tideline("scan", "--no-progress", log); strings.Contains(errs, "again") {
		t.Errorf("a log: %s", errs)
	}
}
