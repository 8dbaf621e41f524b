package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
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
		for i, s := range a.Story {
			if i == 30 {
				fmt.Fprintf(&b, "  and %d more\n", len(a.Story)-i)
				break
			}
			fmt.Fprintf(&b, "  %s %s %s\n", s.Time.Format("15:04:05"), s.Outcome, s.Summary)
		}
	}
	b.WriteString("\nobtained\n")
	lines := 0
	for i := range o.Exposure {
		if e := &o.Exposure[i]; e.Certainty == finding.Obtained {
			if lines++; lines > 20 {
				continue
			}
			fmt.Fprintf(&b, "  %s %s %s/%s %v by %s\n", e.Advice, e.Kind, e.Namespace, e.Name, e.Seen, strings.Join(e.Actors, ", "))
		}
	}
	fmt.Fprintf(&b, "  %d in all\n", lines)
	return b.String()
}

// intruders of the incident, in the order in which they must be ranked, and what
// must be told of each, in this order.
var intruders = []struct {
	id    string
	least int
	names []string
	story []string
}{
	{"k8s:system:serviceaccount:prod:web", 80, []string{"prod/web-6c9d/web", "system:serviceaccount:ci:deployer"}, []string{
		"request for a credential path", "credential path answered", "create selfsubjectrulesreviews", "list secrets in kube-system (attempt, denied)",
		"list secrets in prod", "get secrets in prod", "/root/.aws/credentials", "create serviceaccounts in ci", "listed the Secrets of every namespace", "bootstrap-signer-token"}},
	{"linux:build01/auid=1001", 60, nil, []string{
		"docker ps -a", "docker logs --tail 1000 api", "docker logs --tail 1000 mailer", "docker inspect --format {{.Config.Env}} api", "docker exec api printenv"}},
}

// busy are those who only did their work; their scores stay below medium, and
// far below those of the intruders.
var busy = []string{"k8s:system:serviceaccount:ops:secret-ages", "k8s:bob@corp.example", "k8s:alice@corp.example", "k8s:system:serviceaccount:ci:deployer",
	"linux:build01/auid=1000", "linux:worker2/auid=1000"}

func TestIncidentRanksIntrudersBeforeBusyPeople(t *testing.T) {
	o := incident(t)
	if len(o.Actors) != len(intruders)+len(busy) {
		t.Fatalf("%d actors, want %d intruders and %d busy ones", len(o.Actors), len(intruders), len(busy))
	}
	for i, want := range intruders {
		a := &o.Actors[i]
		if a.ID != want.id || a.Score < want.least {
			t.Errorf("place %d: %s with %d, want %s with %d at least", i+1, a.ID, a.Score, want.id, want.least)
		}
		for _, name := range want.names {
			if !slices.Contains(a.Names, name) {
				t.Errorf("%s is not also %s: %v", a.ID, name, a.Names)
			}
		}
		at := 0
		for _, s := range a.Story {
			if at < len(want.story) && strings.Contains(s.Summary, want.story[at]) {
				at++
			}
		}
		if at < len(want.story) {
			t.Errorf("%s: %q is not told, or not in its place", a.ID, want.story[at])
		}
	}
	for i := range o.Actors[len(intruders):] {
		if a := &o.Actors[len(intruders)+i]; !slices.Contains(busy, a.ID) || a.Score >= 35 || 2*a.Score > intruders[1].least {
			t.Errorf("%s, who only did their work, has %d: %+v", a.ID, a.Score, a.Reasons)
		}
	}
}

// TestIncidentTellsPeopleApart: behind one address sit an intruder and two
// developers, and the intruder acts in the name of one of them.
func TestIncidentTellsPeopleApart(t *testing.T) {
	o := incident(t)
	byID := map[string]*finding.Actor{}
	for i := range o.Actors {
		byID[o.Actors[i].ID] = &o.Actors[i]
	}
	for _, id := range []string{"k8s:alice@corp.example", "k8s:bob@corp.example", "k8s:system:serviceaccount:prod:web"} {
		if a := byID[id]; a == nil || !slices.Contains(a.Addresses, "1.2.3.7") {
			t.Errorf("%s is no actor of its own at the office's address: %+v", id, a)
		}
	}
	for _, s := range byID["k8s:alice@corp.example"].Story {
		if strings.Contains(s.Summary, "bootstrap-signer-token") {
			t.Error("what was done in alice's name is told of her")
		}
	}
	if a := byID["k8s:system:serviceaccount:prod:web"]; slices.Contains(a.Names, "alice@corp.example") || slices.Contains(a.Names, "bob@corp.example") {
		t.Errorf("an intruder is taken for a developer: %v", a.Names)
	}
	for _, e := range o.Exposure {
		if e.Certainty == finding.Obtained && (slices.Contains(e.Actors, "k8s:bob@corp.example") || slices.Contains(e.Actors, "k8s:alice@corp.example")) {
			t.Errorf("a developer got %s %s/%s", e.Kind, e.Namespace, e.Name)
		}
	}
	if a := byID["k8s:system:serviceaccount:ops:secret-ages"]; a == nil || a.Total < 1000 {
		t.Errorf("the thousand reads of one program: %+v", a)
	}
}

// TestIncidentAddsUp: reasons add up to the scores, of findings and of actors,
// and stories are in order.
func TestIncidentAddsUp(t *testing.T) {
	status, out, errs := tideline("scan", "-q", "-f", "json", "--min-level", "informational", "../../fixtures/incident/evidence")
	if status != exitOK {
		t.Fatal(errs)
	}
	addsUp(t, []byte(out))
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
