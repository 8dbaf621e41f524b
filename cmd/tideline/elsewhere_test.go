package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tideline/fixtures/attacks"
	"tideline/scanner"
)

// TestElsewhereIsQuiet scans the parts of other clusters and nodes one by one:
// short logs, of which nothing can be learned, with nothing above low; as an
// audit policy with bodies has them and as one without.
func TestElsewhereIsQuiet(t *testing.T) {
	d := newDetector(t)
	parts, err := attacks.Elsewhere()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range parts {
		t.Run(f.Name, func(t *testing.T) {
			for _, got := range append(d.scan(t, f), d.scan(t, f.Metadata())...) {
				if aboveLow(got) && !slices.Contains(f.May, d.slugs[got.Rule.ID]) {
					t.Errorf("an alarm: %s by %s", d.tell(got), got.Actor.Name)
				}
			}
		})
	}
}

// TestElsewhereForADay scans all of it at once, for so long that what is new can
// be told; and once more as if the API server were on the Internet, where pods
// and nodes come from one public address.
func TestElsewhereForADay(t *testing.T) {
	d := newDetector(t)
	parts, err := attacks.Elsewhere()
	if err != nil {
		t.Fatal(err)
	}
	everything := attacks.Day(parts)
	for name, f := range map[string]attacks.Fixture{"in private": everything, "over the Internet": everything.From("203.0.113.200")} {
		t.Run(name, func(t *testing.T) {
			all, high := 0, 0
			for _, got := range d.scan(t, f) {
				all++
				if !aboveLow(got) {
					continue
				}
				high++
				if !slices.Contains(f.May, d.slugs[got.Rule.ID]) {
					t.Errorf("an alarm: %s by %s", d.tell(got), got.Actor.Name)
				}
			}
			different, acts := f.Acts()
			t.Logf("%d acts, %d different: %d findings, %d above low", acts, different, all, high)
		})
	}
}

// TestAnOrdinaryDayIsCalm: where nothing is above low, the first sentence says so.
func TestAnOrdinaryDayIsCalm(t *testing.T) {
	d := newDetector(t)
	parts, err := attacks.Elsewhere()
	if err != nil {
		t.Fatal(err)
	}
	parts = slices.DeleteFunc(parts, func(f attacks.Fixture) bool { return len(f.May) > 0 })
	r, err := scanner.Conclude(context.Background(), []*scanner.Partial{d.collect(t, attacks.Day(parts))}, d.rules, newReader().Formats(), scanner.ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if said := r.Overview.Summary.Verdict; !strings.HasPrefix(said, "Nothing stands out in ") || strings.Contains(said, "rotated") {
		t.Error(said)
	}
}
