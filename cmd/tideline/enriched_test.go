package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// accounts are those of the machine whose log is enriched; it has none for other ids.
var accounts = map[string]string{"0": "root", "1000": "ann", "1004": "eve", "4294967295": "unset"}

var loginAndUser = regexp.MustCompile(`\bauid=([0-9]+) uid=([0-9]+)|\buid=([0-9]+) auid=([0-9]+)`)

// enriched is a record as auditd writes it with log_format = ENRICHED.
func enriched(line string) string {
	ids := loginAndUser.FindStringSubmatch(line)
	if ids == nil {
		return line
	}
	name := func(id string) string {
		if account, ok := accounts[id]; ok {
			return account
		}
		return "unknown(" + id + ")"
	}
	return fmt.Sprintf("%s\x1dUID=%q AUID=%q", line, name(ids[2]+ids[3]), name(ids[1]+ids[4]))
}

// TestEnrichedRecordsTellTheSame: whose act something was, and what came of it, does not
// depend on whether auditd wrote down what its ids stand for.
func TestEnrichedRecordsTellTheSame(t *testing.T) {
	raw := string(demoFile(t, "Collection", "audit/audit.log.1")) + string(demoFile(t, "Collection", "audit/audit.log"))
	lines := strings.Split(raw, "\n")
	for i := range lines {
		lines[i] = enriched(lines[i])
	}
	told := func(log string) (facts []string) {
		dir := filepath.Join(t.TempDir(), "worker2")
		for name, b := range map[string][]byte{"audit/audit.log": []byte(log), "docker-events.json": gunzipped(t, demoFile(t, "Collection", "docker-events.json.gz"))} {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range findings([]byte(printed(t, "scan", "-q", "-f", "ndjson", "--min-level", "informational", dir))) {
			who := strings.Replace(f.Actor.Name, "auid=1004", "eve", 1)
			facts = append(facts, fmt.Sprint(f.Time, f.Rule.Title, who, f.Target, f.Outcome, f.Count, f.Score, f.Exposed))
		}
		slices.Sort(facts)
		return facts
	}
	want, got := told(raw), told(strings.Join(lines, "\n"))
	if len(want) < 15 || !strings.Contains(strings.Join(want, "\n"), "eve") {
		t.Fatalf("only %d findings: nothing is proven", len(want))
	}
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			t.Fatalf("finding %d differs:\n%q\n%q", i, want[min(i, len(want)-1):][:1], got[min(i, len(got)-1):][:1])
		}
	}
}
