package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"tideline/scanner/finding"
)

// manyActors is an overview of actors with stories, of which only the one whose
// command says a password holds a secret.
func manyActors(n int) *finding.Overview {
	o := &finding.Overview{Ledger: []finding.Entry{}}
	for i := range n {
		a := finding.Actor{ID: fmt.Sprintf("k8s:user%d", i), Names: []string{fmt.Sprintf("user%d", i)}, Findings: []string{fmt.Sprintf("%016x", i)},
			Addresses: []string{}, Agents: []string{"kubectl/v1.29.1"}, Hosts: []string{}, Attack: []string{"T1552.007"}, Links: []finding.Link{},
			Reasons: []finding.Reason{{Points: 40, Why: "read a secret"}}}
		for k := range 3 {
			a.Story = append(a.Story, finding.Step{Summary: fmt.Sprintf("user%d read secret s%d <b>&", i, k), Finding: fmt.Sprintf("%016x", i), Count: 1})
		}
		o.Actors = append(o.Actors, a)
		o.Exposure = append(o.Exposure, finding.Exposure{Kind: "secret", Namespace: "prod", Name: fmt.Sprintf("s%d", i), Actors: []string{a.ID},
			How: []string{"get"}, Findings: a.Findings, Seen: []string{}, Tried: []string{}})
	}
	return o
}

// TestMaskedOverviewSharesWhatHoldsNoSecret: each report masks all actors, and must
// not double them. What holds a secret is masked in a copy.
func TestMaskedOverviewSharesWhatHoldsNoSecret(t *testing.T) {
	o := manyActors(3)
	const told = "mysql --password=Tr0ub4dor-and-3-horses"
	o.Actors[1].Story[2].Command = told
	masked := NewRedactor(Options{}).Overview(o)
	for i := range o.Actors {
		if shared := &masked.Actors[i].Story[0] == &o.Actors[i].Story[0]; shared != (i != 1) {
			t.Errorf("actor %d: its story is shared: %v", i, shared)
		}
		if &masked.Actors[i].Findings[0] != &o.Actors[i].Findings[0] || &masked.Exposure[i].Actors[0] != &o.Exposure[i].Actors[0] {
			t.Errorf("actor %d: lists without a secret were copied", i)
		}
	}
	if got := masked.Actors[1].Story[2].Command; got == told || o.Actors[1].Story[2].Command != told {
		t.Errorf("the command became %q, and in the overview %q", got, o.Actors[1].Story[2].Command)
	}
	if masked.Actors[1].Story[1] != o.Actors[1].Story[1] {
		t.Error("a step beside the masked one changed")
	}
}

// writes notes the longest write.
type writes struct {
	bytes.Buffer
	longest int
}

func (w *writes) Write(b []byte) (int, error) {
	w.longest = max(w.longest, len(b))
	return w.Buffer.Write(b)
}

// TestJSONHoldsOneActorAtATime: the document is what it would be if actors and
// rotation list were encoded whole, and neither ever is.
func TestJSONHoldsOneActorAtATime(t *testing.T) {
	const n = 400
	o := manyActors(n)
	var got writes
	w := newJSON(&got, Options{})
	if err := w.Begin(o); err != nil {
		t.Fatal(err)
	}
	var whole bytes.Buffer
	reference := &jsonWriter{w: &whole}
	masked := normalOverview(NewRedactor(Options{}).Overview(o))
	if err := reference.member("actors", masked.Actors); err != nil {
		t.Fatal(err)
	}
	if err := reference.member("exposure", masked.Exposure); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(got.Bytes(), whole.Bytes()) {
		t.Error("the actors and the rotation list are not what they are when they are encoded whole")
	}
	if got.longest > whole.Len()/20 {
		t.Errorf("%d bytes were written at once, of %d of actors and rotation list", got.longest, whole.Len())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(got.Bytes()) {
		t.Error("the document is not JSON")
	}
}

// TestPageCountsTheLinesItLeavesOut: it masks and holds only those it shows.
func TestPageCountsTheLinesItLeavesOut(t *testing.T) {
	for _, c := range []struct {
		lines int
		want  string
	}{{pageExposure, ""}, {pageExposure + 321, "321 more lines are in the JSON report"}} {
		o := manyActors(c.lines)
		var got bytes.Buffer
		w := newHTML(&got, Options{})
		if err := w.Begin(o); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if c.want == "" && bytes.Contains(got.Bytes(), []byte("more lines")) || !bytes.Contains(got.Bytes(), []byte(c.want)) {
			t.Errorf("a page of %d lines does not say %q, or says it for no reason", c.lines, c.want)
		}
		if n := bytes.Count(got.Bytes(), []byte("<tr data-exposure")); n != pageExposure || len(o.Exposure) != c.lines {
			t.Errorf("%d lines of %d are shown", n, len(o.Exposure))
		}
	}
}
