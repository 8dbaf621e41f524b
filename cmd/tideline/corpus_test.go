package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tideline/parsers/parsertest"
	"tideline/scanner/finding"
)

// corpusTable is what comes of each file of the corpus: format, envelope,
// events, codes of gaps, and, where that is not what the corpus' manifest says
// of its folder or where there are gaps, the reason. UPDATE_GOLDEN=1 writes it
// anew and keeps the reasons; new ones are written by hand.
const corpusTable = "testdata/corpus.tsv"

// A corpusRow is a line of the table.
type corpusRow struct {
	path, format, envelope string
	events                 int64
	gaps, why              string
}

func (r corpusRow) String() string {
	return strings.Join([]string{r.path, r.format, r.envelope, strconv.FormatInt(r.events, 10), r.gaps, r.why}, "\t")
}

func readTable(t *testing.T, name string) (heading string, rows []corpusRow) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i, line := range lines[1:] {
		f := strings.Split(line, "\t")
		if len(f) != 6 {
			t.Fatalf("%s:%d has %d columns", name, i+2, len(f))
		}
		events, err := strconv.ParseInt(f[3], 10, 64)
		if err != nil {
			t.Fatalf("%s:%d: %v", name, i+2, err)
		}
		rows = append(rows, corpusRow{f[0], f[1], f[2], events, f[4], f[5]})
	}
	return lines[0], rows
}

// corpus is the folder of real logs, which is not part of the project.
// claims is the format of each file as the manifest has it, as far as it names
// one.
func claims(t *testing.T, corpus string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(corpus, "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		f := strings.Split(line, "\t")
		switch kind := f[1]; {
		case strings.HasPrefix(kind, "k8s-audit"), kind == "labelled":
			out[f[0]] = "kubernetes-audit"
		case strings.HasPrefix(kind, "auditd"):
			out[f[0]] = "auditd"
		default:
			out[f[0]] = map[string]string{"container-logs": "container-log", "docker-events": "docker-events", "dockerd-logs": "dockerd"}[kind]
		}
	}
	return out
}

func TestTheCorpusIsReadAsTheTableSays(t *testing.T) {
	dir := parsertest.Corpus(t)
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"tideline", "inventory", "-f", "json", dir}, strings.NewReader(""), &stdout, &stderr)
	if status != exitOK && status != exitIncomplete {
		t.Errorf("exit status %d: %s", status, stderr.String())
	}
	var report struct {
		Sources []finding.Entry `json:"sources"`
	}
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	heading, want := readTable(t, corpusTable)
	reasons := map[string]string{}
	for _, r := range want {
		reasons[r.path] = r.why
	}
	var got []corpusRow
	for _, e := range report.Sources {
		if b := e.Bytes; b.Read != b.Events+b.Notes+b.Gaps {
			t.Errorf("%s: %+v does not add up", e.Path, b)
		}
		path := strings.TrimPrefix(filepath.ToSlash(e.Path), filepath.ToSlash(dir)+"/")
		got = append(got, corpusRow{path, orDash(e.Format), orDash(e.Envelope), e.Events, gapsOf(&e), reasons[path]})
	}
	slices.SortFunc(got, func(a, b corpusRow) int { return strings.Compare(a.path, b.path) })
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		writeTable(t, heading, got)
		return
	}
	compareRows(t, got, want)
	isExplained(t, got, claims(t, dir))
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func gapsOf(e *finding.Entry) string {
	var codes []string
	for _, g := range e.Gaps {
		codes = append(codes, g.Code)
	}
	slices.Sort(codes)
	return orDash(strings.Join(slices.Compact(codes), ","))
}

func writeTable(t *testing.T, heading string, rows []corpusRow) {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintln(&b, heading)
	for _, r := range rows {
		fmt.Fprintln(&b, r)
	}
	if err := os.WriteFile(corpusTable, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func compareRows(t *testing.T, got, want []corpusRow) {
	t.Helper()
	expected := map[string]corpusRow{}
	for _, r := range want {
		expected[r.path] = r
	}
	for _, r := range got {
		w, ok := expected[r.path]
		delete(expected, r.path)
		switch {
		case !ok:
			t.Errorf("not in %s: %v", corpusTable, r)
		case r != w:
			t.Errorf("got  %v\nwant %v", r, w)
		}
	}
	for path := range expected {
		t.Errorf("%s is not in the ledger", path)
	}
}

// isExplained holds that every file of another format than the manifest's, or
// with a gap, has a reason in the table.
func isExplained(t *testing.T, rows []corpusRow, claims map[string]string) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.path] = true
		if (r.format != claims[r.path] || r.gaps != "-") && r.why == "" {
			t.Errorf("%s is %s with gaps %s, the manifest says %q: the table does not say why", r.path, r.format, r.gaps, claims[r.path])
		}
	}
	for path := range claims {
		if !seen[path] {
			t.Errorf("%s of the manifest is not in the ledger", path)
		}
	}
}

// TestSelectionAgreesWithJQ compares what a rule selects with what jq does, on
// all files of the corpus that hold nothing but bare audit events.
func TestSelectionAgreesWithJQ(t *testing.T) {
	jq, err := exec.LookPath("jq")
	if err != nil {
		t.Skip("no jq here")
	}
	dir := parsertest.Corpus(t)
	_, rows := readTable(t, corpusTable)
	compared := 0
	for _, r := range rows {
		if r.format != "kubernetes-audit" || r.envelope != "-" || r.gaps != "-" || strings.HasPrefix(r.path, "labelled/") {
			continue // what is wrapped is tested with the wrappers
		}
		name := filepath.Join(dir, filepath.FromSlash(r.path))
		for expr, filter := range map[string]string{
			"verb=get":                        `.verb == "get"`,
			"objectRef.resource=secrets":      `.objectRef.resource == "secrets"`,
			"user.username|startswith=system": `(.user.username // "" | ascii_downcase | startswith("system"))`,
			"responseStatus.code=403":         `.responseStatus.code == 403`,
		} {
			// Lists and arrays are taken apart as tideline does; events without a
			// stage are of the oldest form, which has other names.
			out, err := exec.Command(jq, "-c", `if type == "array" then .[] elif (.kind // "" | tostring | endswith("List")) then .items[] else . end`+
				` | select(type == "object" and .apiVersion == "audit.k8s.io/v1" and .stage != null) | select(`+filter+`) | .auditID`, name).Output()
			if err != nil {
				break // jq cannot read it: not everything here is plain JSON
			}
			want := bytes.Fields(out)
			got := searched(t, expr+" and apiVersion=audit.k8s.io/v1", name)
			for i := range want {
				want[i] = bytes.Trim(want[i], `"`)
			}
			if len(got) != len(want) {
				t.Errorf("%s: %q selects %d events, jq %d", r.path, expr, len(got), len(want))
			}
			compared++
		}
	}
	if compared < 100 {
		t.Errorf("only %d comparisons could be made", compared)
	}
}

// searched returns the lines that search prints.
func searched(t *testing.T, expr, name string) []string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"tideline", "search", "-q", "-f", "ndjson", expr, name}, strings.NewReader(""), &stdout, &stderr)
	if status != exitOK && status != exitIncomplete {
		t.Fatalf("search %q %s: exit status %d: %s", expr, name, status, stderr.String())
	}
	var out []string
	s := bufio.NewScanner(&stdout)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		out = append(out, s.Text())
	}
	return out
}
