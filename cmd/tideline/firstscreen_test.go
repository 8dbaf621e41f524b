package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"tideline/report"
	"tideline/scanner/finding"
)

// wholeReport is the JSON report of a scan: everything there is to say.
func wholeReport(t *testing.T, args ...string) (*finding.Overview, []finding.Finding) {
	t.Helper()
	var out, problems bytes.Buffer
	if status := run(context.Background(), append([]string{"tideline", "scan", "-q", "-f", "json"}, args...), strings.NewReader(""), &out, &problems); status != exitOK {
		t.Fatalf("exit status %d: %s", status, problems.String())
	}
	var document struct {
		finding.Overview
		Findings []finding.Finding `json:"findings"`
	}
	if err := json.Unmarshal(out.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	return &document.Overview, document.Findings
}

// TestDemoOnOneScreen: on a terminal of 80x24 and of 100x40 a newcomer sees,
// without scrolling, who it was and how sure that is, the way, the secrets to
// rotate, who else deserves a look and the blind spots.
func TestDemoOnOneScreen(t *testing.T) {
	o, list := wholeReport(t, "../../fixtures/demo")
	table, ok := report.ByName("table")
	if !ok {
		t.Fatal("no table among the formats")
	}
	for _, size := range [][2]int{{80, 24}, {100, 40}, {120, 50}} {
		var out bytes.Buffer
		w := table.New(&out, report.Options{Width: size[0], Height: size[1]})
		if err := w.Begin(o); err != nil {
			t.Fatal(err)
		}
		for i := range list {
			if err := w.Write(report.NewMasker(report.Options{}).Show(&list[i])); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if n := strings.Count(text, "\n"); n > size[1]-2 {
			t.Errorf("%dx%d: %d lines, the prompt included too many", size[0], size[1], n)
		}
		if answers, _, _ := strings.Cut(text, "GRAVEST"); strings.Contains(answers, "…") {
			t.Errorf("%dx%d: something is cut\n%s", size[0], size[1], answers)
		}
		joined := strings.Join(strings.Fields(text), " ")
		at := 0
		for _, want := range []string{
			"CRITICAL", "system:serviceaccount:prod:web", "1.2.3.77", "curl/8.5.0", "sa:ci:deployer (likely)", // who, how sure
			"listed all secrets in prod", "read secrets payments-db, registry-pull, stripe-api in prod", "cat /app/config/aws-credentials",
			"asked for a token of ci/deployer", "as sa:ci:deployer: listed all secrets of the whole cluster", // the way, in order
			"ROTATE", "every secret of the cluster [sa:prod:web]: prod/payments-db, prod/registry-pull, prod/stripe-api, prod/web-tls", // what to rotate
			"registry-credential prod/registry-pull", "revoke service-account-token ci/deployer",
			"auid=1004 on worker2", // who else
			"NOT SEEN", "No output of containers", "No dockerd log at debug level",
			"complete",
		} {
			next := strings.Index(joined[at:], want)
			if next < 0 {
				t.Errorf("%dx%d: no %q behind what comes before it in\n%s", size[0], size[1], want, text)
				break
			}
			at += next
		}
	}
}
