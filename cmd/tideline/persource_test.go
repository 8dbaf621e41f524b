package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// kubeLine is a request at an audit level; a body comes with it where the level
// has bodies.
func kubeLine(level, id, verb, resource, body string) string {
	return fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":%q,"auditID":%q,"stage":"ResponseComplete","requestURI":"/api/v1/namespaces/prod/%s","verb":%q,`+
		`"user":{"username":"alice","groups":["system:authenticated"]},"sourceIPs":["10.0.0.9"],"userAgent":"kubectl/v1.31.0 (linux/amd64) kubernetes/abc",`+
		`"objectRef":{"resource":%q,"namespace":"prod","name":"x","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":201},%s`+
		`"requestReceivedTimestamp":"2026-03-01T10:00:00.000001Z","stageTimestamp":"2026-03-01T10:00:00.000002Z"}`+"\n", level, id, resource, verb, resource, body)
}

const privilegedPod = `"requestObject":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","namespace":"prod"},"spec":{"containers":[{"name":"c","image":"busybox","securityContext":{"privileged":true}}]}},`

// unevenLogs are logs of two control planes and two hosts of which one tells
// less than the other.
func unevenLogs(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 7 { // seven files alike
		put(fmt.Sprintf("cp1/audit-%d.log", i), kubeLine("Metadata", fmt.Sprint("m", i), "create", "pods", ""))
	}
	put("cp2/audit.log", kubeLine("Request", "r", "create", "pods", privilegedPod))
	exec := func(node string, serial int) string {
		head := fmt.Sprintf("node=%s type=%%s msg=audit(1772359200.000:%d): ", node, serial)
		return fmt.Sprintf(head, "SYSCALL") + `arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=1 ppid=1 pid=9 auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=1 comm="ls" exe="/usr/bin/ls" key=(null)` + "\n" +
			fmt.Sprintf(head, "EXECVE") + `argc=1 a0="ls"` + "\n" + fmt.Sprintf(head, "EOE") + "\n"
	}
	put("one/audit.log", exec("one", 1)+
		"node=one type=SYSCALL msg=audit(1772359201.000:2): arch=c000003e syscall=42 success=yes exit=0 a0=3 a1=7ffd a2=6e a3=0 items=0 ppid=1 pid=10 auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=1 comm=\"x\" exe=\"/usr/bin/x\" key=(null)\n"+
		"node=one type=SOCKADDR msg=audit(1772359201.000:2): saddr=01002F72756E2F646F636B65722E736F636B00\nnode=one type=EOE msg=audit(1772359201.000:2): \n")
	put("two/audit.log", exec("two", 3))
	put("two/notes.txt", "nothing to see\n")
	return dir
}

func coverageOf(t *testing.T, args ...string) (c finding.Coverage) {
	t.Helper()
	status, out, errs := tideline(append([]string{"rules", "coverage", "-q", "-f", "json"}, args...)...)
	if status != exitOK {
		t.Fatalf("status %d: %s", status, errs)
	}
	if err := json.Unmarshal([]byte(out), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCoverageIsSaidPerSource(t *testing.T) {
	c := coverageOf(t, unevenLogs(t))
	of := func(format string, paths ...string) *finding.SourceCoverage {
		t.Helper()
		for i := range c.Sources {
			s := &c.Sources[i]
			if s.Format == format && slices.ContainsFunc(s.Paths, func(p string) bool { return strings.HasSuffix(p, paths[0]) }) {
				return s
			}
		}
		t.Fatalf("no %s with %s in %+v", format, paths[0], c.Sources)
		return nil
	}
	low, high := of("kubernetes-audit", "cp1/audit-0.log"), of("kubernetes-audit", "cp2/audit.log")
	if low.Sources != 7 || len(low.Paths) != finding.MaxSourcePaths || low.Events != 7 || high.Sources != 1 {
		t.Errorf("sources of one kind are not together: %+v", low)
	}
	const privileged = "79e854af-af6c-520b-b590-b3301c241b1f"
	if !blindOn(low, privileged) || blindOn(high, privileged) || !slices.Contains(high.Fired, privileged) || slices.Contains(low.Fired, privileged) {
		t.Errorf("the rule on privileged pods: at Metadata %+v, with bodies %+v", low, high)
	}
	one, two := of("auditd", "one/audit.log"), of("auditd", "two/audit.log")
	const socket = "11dc68d9-593d-5a0a-940c-c81cabc416b7" // of a runtime
	if blindOn(one, socket) || !blindOn(two, socket) || one.Could <= two.Could || one.Asked != two.Asked {
		t.Errorf("the rule on the runtime's socket: %+v and %+v", one, two)
	}
	if s := of("", "two/notes.txt"); s.Asked != 0 || s.Could != 0 {
		t.Errorf("what was not read: %+v", s)
	}
	sources := 0
	for i := range c.Sources {
		s := &c.Sources[i]
		sources += s.Sources
		blind := 0
		for _, g := range s.Blind {
			blind += len(g.Rules)
		}
		if s.Could+blind != s.Asked {
			t.Errorf("%s: %d could and %d could not of %d", s.Format, s.Could, blind, s.Asked)
		}
	}
	if sources != 11 {
		t.Errorf("%d sources, want all 11", sources)
	}
	for _, want := range []string{"holds no bodies of requests (level Request) on ", "no SOCKADDR records on two, 1 of 2 logs"} {
		if !strings.Contains(strings.Join(c.Blind, "\n"), want) {
			t.Errorf("%q is not said: %q", want, c.Blind)
		}
	}
}

func blindOn(s *finding.SourceCoverage, rule string) bool {
	return slices.ContainsFunc(s.Blind, func(g finding.SourceGaps) bool { return slices.Contains(g.Rules, rule) })
}

// TestCoveragePerSourceOfParts deals the same logs out to machines.
func TestCoveragePerSourceOfParts(t *testing.T) {
	dir := unevenLogs(t)
	files := filesUnder(t, dir)
	want := printed(t, append([]string{"scan", "-q", "-f", "json"}, files...)...)
	tmp := t.TempDir()
	var parts []string
	for i, f := range files {
		part := filepath.Join(tmp, fmt.Sprint(i, ".partial"))
		if status, _, errs := tideline("scan", "-q", "--allow-empty", "-o", part, f); status != exitOK {
			t.Fatal(errs)
		}
		parts = append([]string{part}, parts...)
	}
	all := filepath.Join(tmp, "all.partial")
	if status, _, errs := tideline(append([]string{"merge", "-q", "-o", all}, parts[3:]...)...); status != exitOK {
		t.Fatal(errs)
	}
	got := printed(t, "merge", "-q", "-f", "json", parts[1], all, parts[2], parts[0])
	if got != want || !bytes.Contains([]byte(got), []byte(`"paths"`)) {
		t.Error("another report", firstDifference([]byte(got), []byte(want)))
	}
}

// TestCoverageTableFitsTheTerminal reads what a person is shown.
func TestCoverageTableFitsTheTerminal(t *testing.T) {
	status, out, errs := tideline("rules", "coverage", "-q", "-f", "table", unevenLogs(t))
	if status != exitOK {
		t.Fatal(errs)
	}
	for _, want := range []string{"RULES PER SOURCE", "7 sources, 7 events", "and 2 more", "could not: no event with SOCKADDR", "WHAT COULD NOT BE SEEN"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if status, _, errs := tideline("rules", "coverage", "-f", "csv", "."); status != exitUsage || !strings.Contains(errs, "want table or json") {
		t.Errorf("csv: status %d: %s", status, errs)
	}
}
