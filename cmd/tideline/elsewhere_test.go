package main

import (
	"slices"
	"testing"

	"tideline/fixtures/attacks"
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
