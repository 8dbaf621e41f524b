package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/scanner/finding"
)

func gapsOf(path string, gaps ...finding.Remark) finding.Entry {
	return finding.Entry{Path: path, Gaps: gaps}
}

// What could not be opened is told before what could not be understood, and of that
// the largest: a file full of noise must not hide it.
func TestTheWorstGapsAreToldFirst(t *testing.T) {
	ledger := []finding.Entry{
		gapsOf("noise", finding.Remark{Code: "line.unknown", Bytes: 10, Count: 9}, finding.Remark{Code: "line.broken", Bytes: 30},
			finding.Remark{Code: "json.damaged", Bytes: 20}, finding.Remark{Code: "audit.bad_header", Bytes: 1}),
		gapsOf("closed", finding.Remark{Code: "fs.denied", Reason: "permission denied", Lift: "make it readable"}),
		gapsOf("a.gz", finding.Remark{Code: "comp.truncated", Bytes: 20}),
		gapsOf("gone", finding.Remark{Code: "fs.missing"}),
	}
	worst, kinds, err := worstGaps(&finding.Overview{Ledger: ledger})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, g := range worst {
		told = append(told, g.path+" "+g.Code)
	}
	want := []string{"closed fs.denied", "gone fs.missing", "noise line.broken", "noise json.damaged", "a.gz comp.truncated"}
	if kinds != 7 || !slices.Equal(told, want) {
		t.Errorf("%d kinds, told %q, want %q", kinds, told, want)
	}
	lines := completeness(&finding.Overview{Ledger: ledger, Summary: finding.Summary{GapCount: 15}}, 0)
	if last := lines[len(lines)-1]; len(lines) != 7 || !strings.HasPrefix(last, "  and 2 more kinds of gap") {
		t.Errorf("%d lines, the last %q", len(lines), last)
	}
	lines = completeness(&finding.Overview{Ledger: ledger[1:], Summary: finding.Summary{GapCount: 15}}, 0)
	if last := lines[len(lines)-1]; strings.Contains(last, "more kind") {
		t.Errorf("%q, of three kinds", last)
	}
	lines = completeness(&finding.Overview{Ledger: append(ledger[:1:1], ledger[2:]...), Summary: finding.Summary{GapCount: 15}}, 0)
	if last := lines[len(lines)-1]; last != "  and 1 more kind of gap; tideline inventory lists all" {
		t.Errorf("%q", last)
	}
	lines = completeness(&finding.Overview{Ledger: ledger, Summary: finding.Summary{GapCount: 15}}, 0)
	if want := "  gap     closed, offset 0, fs.denied: permission denied. What helps: make it readable"; lines[1] != want {
		t.Errorf("%q, want %q", lines[1], want)
	}
}

func TestAGapSaysWhereHowOftenAndWhatHelps(t *testing.T) {
	g := gapOf{"a.log", finding.Remark{Code: "line.unknown", Pos: parsers.Pos{Offset: 7}, Count: 3, Reason: strings.Repeat("x", 200), Lift: "--input-format"}}
	want := fmt.Sprintf("a.log, offset 7, line.unknown, 3 times: %s… What helps: --input-format", strings.Repeat("x", 160))
	if got := g.text(0); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The levels of a report are those of all findings; so is their number.
func TestLevelsAddUpToTheFindings(t *testing.T) {
	s := &finding.Summary{Findings: 3, Hidden: 12, ByLevel: map[string]int64{"high": 1, "low": 4, "informational": 10}}
	if got, want := levels(s), "15 findings: 1 high, 4 low, 10 informational; 3 shown, 12 below --min-level or --min-score"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestIncompleteSaysWhy: a scan may lack a rule, and no evidence.
func TestIncompleteSaysWhy(t *testing.T) {
	o := &finding.Overview{}
	o.Coverage.Refused = []finding.RefusedRule{{Path: "a.yml", Line: 1, Reason: "x"}}
	for want, change := range map[string]func(){
		"1 rule not run": func() {},
		"2 gaps, 1.0 KiB not understood; 1 rule not run; the scan was interrupted": func() {
			o.Summary.GapCount, o.Summary.GapBytes, o.Summary.Interrupted = 2, 1024, true
		},
	} {
		o.Summary = finding.Summary{}
		if change(); lacks(o) != want {
			t.Errorf("%q, want %q", lacks(o), want)
		}
	}
	if got := lacks(&finding.Overview{}); got == "" {
		t.Error("nothing is said where neither gaps nor rules are the cause")
	}
}

// TestGapSaysWhatHelpsWhereRoomIsShort: of a long reason the end is given up before
// what can be done about it.
func TestGapSaysWhatHelpsWhereRoomIsShort(t *testing.T) {
	g := gapOf{"logs/mixed.log", finding.Remark{Code: "line.unknown", Count: 4, Lift: "a format that knows it",
		Reason: "no format recognises it, though others were understood; kubernetes-audit: neither JSON nor \"AUDIT: id=\"; auditd: no audit record in the first lines"}}
	for most, want := range map[int]string{
		0:   `understood; kubernetes-audit: neither JSON nor "AUDIT: id="; auditd: no audit record in the first lines. What helps: a format that knows it`,
		140: ": no format recognises it, though others were understood… What helps: a format that knows it",
		10:  ": no format recognises it, though others… What helps: a format that knows it",
	} {
		if got := g.text(most); !strings.HasSuffix(got, want) {
			t.Errorf("in %d columns: %q, want %q at its end", most, got, want)
		}
	}
}
