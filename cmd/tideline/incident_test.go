package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// incident scans the evidence of fixtures/incident.
func incident(t *testing.T, args ...string) *finding.Overview {
	t.Helper()
	var out, problems bytes.Buffer
	args = append(append([]string{"tideline", "scan", "-q", "-f", "json"}, args...), "../../fixtures/incident/evidence")
	if status := run(context.Background(), args, strings.NewReader(""), &out, &problems); status != exitOK {
		t.Fatalf("exit status %d: %s", status, problems.String())
	}
	o := new(finding.Overview)
	if err := json.Unmarshal(out.Bytes(), o); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestIncidentGolden holds who did what, in order, in an incident that six
// sources tell. Scores are shown as bands: rules may be weighed anew.
func TestIncidentGolden(t *testing.T) {
	const name = "../../fixtures/incident/golden.txt"
	got := told(incident(t))
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the incident is told otherwise (UPDATE_GOLDEN=1 accepts it):\n%s", got)
	}
}

// told is what a responder reads of the actors and of what they got.
func told(o *finding.Overview) string {
	var b strings.Builder
	for i := range o.Actors {
		a := &o.Actors[i]
		fmt.Fprintf(&b, "%s: %s\n  names %s\n", a.ID, finding.Band(a.Score), strings.Join(a.Names, ", "))
		if len(a.Addresses) > 0 {
			fmt.Fprintf(&b, "  from %s\n", strings.Join(a.Addresses, ", "))
		}
		for _, l := range a.Links {
			fmt.Fprintf(&b, "  = %s (%s): %s\n", l.Actor, l.Certainty, l.Why)
		}
		for _, s := range a.Story {
			fmt.Fprintf(&b, "  %s %s %s\n", s.Time.Format("15:04:05"), s.Outcome, s.Summary)
		}
	}
	b.WriteString("\nobtained\n")
	for i := range o.Exposure {
		if e := &o.Exposure[i]; e.Certainty == finding.Obtained {
			fmt.Fprintf(&b, "  %s %s %s/%s %v by %s\n", e.Advice, e.Kind, e.Namespace, e.Name, e.Seen, strings.Join(e.Actors, ", "))
		}
	}
	return b.String()
}

func TestIncidentRanksIntrudersBeforeBusyPeople(t *testing.T) {
	o := incident(t)
	if len(o.Actors) < 6 {
		t.Fatalf("%d actors", len(o.Actors))
	}
	for i, want := range []string{"k8s:system:serviceaccount:prod:web", "linux:build01/auid=1001"} {
		if a := &o.Actors[i]; a.ID != want || a.Score < 60 {
			t.Errorf("place %d: %s with %d, want %s with 60 at least", i+1, a.ID, a.Score, want)
		}
	}
	if o.Actors[0].Score < 80 {
		t.Errorf("the first intruder has %d, want critical", o.Actors[0].Score)
	}
	for i := range o.Actors[2:] {
		if a := &o.Actors[2+i]; a.Score >= 15 {
			t.Errorf("%s, who only did their work, has %d: %+v", a.ID, a.Score, a.Reasons)
		}
	}
	for i := range o.Actors {
		sum := 0
		for _, r := range o.Actors[i].Reasons {
			sum += r.Points
		}
		if sum != o.Actors[i].Score {
			t.Errorf("%s: reasons add up to %d, the score is %d", o.Actors[i].ID, sum, o.Actors[i].Score)
		}
		for j := 1; j < len(o.Actors[i].Story); j++ {
			if a, b := o.Actors[i].Story[j-1], o.Actors[i].Story[j]; b.Time.Before(a.Time.Time) {
				t.Errorf("%s: %q is told before %q", o.Actors[i].ID, a.Summary, b.Summary)
			}
		}
	}
}

func TestIncidentIsTheSameFromPartsOfIt(t *testing.T) {
	const root = "../../fixtures/incident/evidence/"
	dir := t.TempDir()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for i, e := range entries {
		part := fmt.Sprintf("%s/%d.partial", dir, i)
		var problems bytes.Buffer
		if status := run(context.Background(), []string{"tideline", "scan", "-q", "-o", part, root + e.Name()}, strings.NewReader(""), &problems, &problems); status != exitOK {
			t.Fatalf("exit status %d: %s", status, problems.String())
		}
		parts = append([]string{part}, parts...) // the other way round
	}
	var out, problems bytes.Buffer
	if status := run(context.Background(), append([]string{"tideline", "merge", "-q", "-f", "json"}, parts...), strings.NewReader(""), &out, &problems); status != exitOK {
		t.Fatalf("exit status %d: %s", status, problems.String())
	}
	merged := new(finding.Overview)
	if err := json.Unmarshal(out.Bytes(), merged); err != nil {
		t.Fatal(err)
	}
	if got, want := told(merged), told(incident(t)); got != want {
		t.Errorf("merged parts tell\n%s\nthe whole tells\n%s", got, want)
	}
}
