package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tideline/parsers"
	"tideline/report"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
)

func tooWide(text string, width int) (long []string) {
	for _, line := range strings.Split(text, "\n") {
		if utf8.RuneCountInString(line) > width {
			long = append(long, line)
		}
	}
	return long
}

func TestFormatsFitATerminalAndGrepFindsWholeLines(t *testing.T) {
	r := describeFormats()
	if long := tooWide(formatsText(&r, 80), 80); len(long) > 0 {
		t.Errorf("lines wider than 80 columns: %q", long)
	}
	for _, c := range r.Codes {
		want := c.Name + strings.Repeat(" ", max(0, 24-len(c.Name))) + c.Kind + ": " + c.Meaning + "\n"
		if len(c.Name)+4 <= 26 && !strings.Contains(formatsText(&r, 0), want) {
			t.Errorf("no line of %s with its meaning", c.Name)
		}
	}
}

func TestRulesFitATerminalWithTheirTitles(t *testing.T) {
	rs := ruleset.New(nil, ruleset.Options{})
	rows := append(ruleRows(rs), ruleRow{Title: "A title of a usual length, neither long nor short", Level: "informational", LogSource: "linux/audit_event", Tags: []string{"attack.t1552.007", "attack.t1609"}},
		ruleRow{Title: "Another", LogSource: "linux/audit_event", Tags: []string{}})
	var b bytes.Buffer
	list := rulesTable(rows, 80)
	if err := report.Narrow(&b, 80, list.cols, list.rows); err != nil {
		t.Fatal(err)
	}
	want := "  LEVEL          TITLE                                              ATT&CK\n" +
		"linux/audit_event\n" +
		"  informational  A title of a usual length, neither long nor short  T1552.007 +1\n" +
		"  none           Another\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	if list := rulesTable(rows, 0); len(list.cols) != 4 || len(list.rows) != 2 {
		t.Errorf("piped: %d columns, %d rows; want 4, 2", len(list.cols), len(list.rows))
	}
}

func TestARecordOnATerminalBeginsWithWhoDidWhat(t *testing.T) {
	f := &finding.Finding{Time: finding.Time{Time: time.Date(2026, 3, 10, 13, 51, 8, 0, time.UTC)}, Action: "get", Outcome: "denied", Host: "master1",
		Actor: finding.ActorRef{ID: "k8s:alice", Name: "alice"}, Target: finding.Target{Kind: "secrets", Namespace: "prod", Name: "db"},
		Source: finding.Source{Path: "bundle/" + strings.Repeat("x", 100) + "/audit.log", Pos: parsers.Pos{Line: 7}}, Raw: "{\n\x1b[2J}"}
	var b bytes.Buffer
	if err := printMatch(&b, f, 80); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if len(lines) != 5 || lines[0] != "2026-03-10T13:51:08Z  alice  get secrets prod/db  denied  master1" || !strings.HasSuffix(lines[1], "/audit.log:7") ||
		utf8.RuneCountInString(lines[1]) > 80 || lines[2] != `  { \x1b[2J}` {
		t.Errorf("%q", lines)
	}
	b.Reset()
	if err := printMatch(&b, f, 0); err != nil || strings.Count(b.String(), "\n") != 1 || !strings.Contains(b.String(), f.Source.Path+":7  {") {
		t.Errorf("piped: %q, %v", b.String(), err)
	}
	for want, f := range map[string]*finding.Finding{
		"(no time)": {},
		"(no time)  auid=0  execve: docker ps": {Actor: finding.ActorRef{ID: "auid=0"}, Action: "execve", Command: "docker ps",
			Target: finding.Target{Kind: "command"}},
	} {
		if got := inWords(f); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
