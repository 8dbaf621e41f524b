package main

import (
	"slices"
	"testing"

	"tideline/fixtures/attacks"
)

// TestWhatWasGivenAway: of acts that give credentials away it is told which, and
// how surely, and no more than that.
func TestWhatWasGivenAway(t *testing.T) {
	d := newDetector(t)
	list, err := attacks.Given()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		t.Run(f.Name, func(t *testing.T) {
			var told []string
			for _, got := range d.scan(t, f) {
				for _, e := range got.Exposed {
					told = append(told, e.Certainty+" "+e.Kind+" "+e.Namespace+"/"+e.Name)
				}
			}
			for _, want := range f.Gives {
				if !slices.Contains(told, want) {
					t.Errorf("nothing says: %s", want)
				}
			}
			for _, not := range f.Keeps {
				if slices.Contains(told, not) {
					t.Errorf("it is said: %s", not)
				}
			}
			if t.Failed() {
				slices.Sort(told)
				t.Logf("told: %q", slices.Compact(told))
			}
		})
	}
}
