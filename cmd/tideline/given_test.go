package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tideline/fixtures/attacks"
	"tideline/scanner"
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

// TestWhoseDoingItWas: who read a pod's token and used it is one person with the
// account; what the pod prints meanwhile is its own; a shell in a container is the
// login's that opened it, which Docker does not tell.
func TestWhoseDoingItWas(t *testing.T) {
	d := newDetector(t)
	list, err := attacks.Given()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(list, func(f attacks.Fixture) bool { return strings.HasPrefix(f.Name, "whose doing") })
	r, err := scanner.Conclude(context.Background(), []*scanner.Partial{d.collect(t, list[at])}, d.rules, newReader().Formats(), scanner.ReportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, e := range r.Overview.Exposure {
		got := strings.Join(e.Actors, ", ")
		if slices.Contains(e.Seen, "guessed") {
			t.Errorf("a Secret that is not there is among %s %s", e.Kind, e.Name)
		}
		switch e.Kind {
		case "service-account-token", "secret":
			if got != "k8s:mallory" {
				t.Errorf("%s %s was taken by %s", e.Kind, e.Name, got)
			}
		case "log-line":
			if strings.Contains(got, "k8s:") {
				t.Errorf("what the pod printed is told of %s", got)
			}
		}
	}
	for _, a := range r.Overview.Actors {
		if strings.HasPrefix(a.ID, "docker:") || a.ID == "k8s:system:serviceaccount:shop:cart" {
			t.Errorf("%s stands for itself", a.ID)
		}
		for _, s := range a.Story {
			if s.Correlation && s.Outcome == "denied" {
				t.Errorf("it was refused: %s", s.Summary)
			}
		}
	}
}
