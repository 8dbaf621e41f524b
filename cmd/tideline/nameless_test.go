package main

import (
	"strings"
	"testing"

	"tideline/fixtures/attacks"
	"tideline/scanner"
)

// TestABaselineHoldsInAFolderOfAnotherName learns logs that name no host in one
// folder and judges the same logs in another: nothing is new, and everybody was
// learned.
func TestABaselineHoldsInAFolderOfAnotherName(t *testing.T) {
	d := newDetector(t)
	noise, err := attacks.Noise()
	if err != nil {
		t.Fatal(err)
	}
	normal, again := d.collect(t, noise).Aggregates.Baseline(), d.collect(t, noise)
	judged := 0
	for _, p := range again.Aggregates.ByClass(normal) {
		if p.New != "" {
			t.Errorf("%s: new: %s", p.Actor, p.New)
		}
		if strings.HasPrefix(p.Actor, "docker:") || strings.HasPrefix(p.Actor, "linux:") {
			judged++
			if !p.Known && p.Allowed+p.Other > 0 {
				t.Errorf("%s: %s of %s is not known", p.Actor, p.Class, p.Kind)
			}
		}
	}
	if judged == 0 {
		t.Fatal("nobody on a host was judged")
	}
	for _, f := range d.against(t, noise, scanner.ReportOptions{Baseline: normal}) {
		for _, why := range f.Reasons {
			if strings.HasPrefix(why.Why, "new: ") {
				t.Errorf("%s: %s", f.Summary, why.Why)
			}
		}
		if strings.Contains(f.Summary, "; new: ") {
			t.Errorf("%s", f.Summary)
		}
	}
}
