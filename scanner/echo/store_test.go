package echo

import (
	"strings"
	"testing"
	"time"

	"tideline/scanner/finding"
)

// readHit is one on a request that read a Secret.
func readHit(user string, second int) *finding.Hit {
	h := &finding.Hit{Rule: "rule", Time: finding.Time{Time: time.Unix(int64(second), 0).UTC()}, Action: "get", Outcome: "allowed"}
	h.Actor = finding.ActorRef{ID: "k8s:" + user, Kind: "kubernetes-user", Name: user}
	h.Target = finding.Target{Kind: "secrets", Namespace: "prod", Name: "db"}
	h.Exposed = []finding.Exposed{{Kind: "secret", Namespace: "prod", Name: "db"}}
	h.Fields = map[string][]string{"user": {user}}
	h.Source.Path, h.Source.Offset, h.Source.Line = "audit.log", int64(second*100), int64(second)
	return h
}

// TestTemplatesAreBoundedInBytes: commands that differ and are long do not become as
// many templates as short ones.
func TestTemplatesAreBoundedInBytes(t *testing.T) {
	e := New()
	defer e.Close()
	for i := range MaxTemplates {
		h := readHit("alice", i)
		h.Command = strings.Repeat("x", 16<<10)
		h.Target.Name = strings.Repeat("y", i%200) + strings.Repeat("z", i/200)
		if taken, _, err := e.Take(h); taken || err != nil {
			t.Fatalf("hit %d repeats another: %v, %v", i, taken, err)
		}
	}
	if n, most := len(e.templates), maxTemplateBytes/(16<<10)+1; n > most {
		t.Errorf("%d templates are held, want at most %d", n, most)
	}
}

func TestActsWithoutAPrincipalMayBeGivenAway(t *testing.T) {
	for kind, want := range map[string]bool{"docker-client": false, "container-process": false, "linux-user": false, "kubernetes-user": true} {
		h := &finding.Hit{Actor: finding.ActorRef{ID: "x:uid=0", Kind: kind, Name: "uid=0"}, Command: "printenv"}
		if got := Own(h); got != want {
			t.Errorf("%s: %v, want %v", kind, got, want)
		}
	}
}

func BenchmarkEcho(b *testing.B) {
	e := New()
	h := readHit("noisy", 5)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := e.Take(h); err != nil {
			b.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
}

// What a report quotes of a request is its last stage: that is no repetition of
// the stage before it, whichever of them comes here first.
func TestTheLastStageOfTheFirstRequestKeepsItsEvidence(t *testing.T) {
	started := readHit("alice", 5)
	started.Request, started.Stage = "r1", "ResponseStarted"
	ended := *started
	ended.Stage, ended.Source.Offset, ended.Raw = "ResponseComplete", started.Source.Offset+500, "the end"
	later := *started
	later.Request, later.Time.Time, later.Source.Offset = "r2", started.Time.Add(1), started.Source.Offset+900
	for _, order := range [][]*finding.Hit{{started, &ended, &later}, {&ended, started, &later}, {&later, &ended, started}} {
		e := New()
		for i, h := range order {
			taken, _, err := e.Take(h)
			if err != nil {
				t.Fatal(err)
			}
			if taken != (h == &later && i > 0) {
				t.Errorf("hit %d of %s in stage %s: taken for a repetition: %v", i, h.Request, h.Stage, taken)
			}
		}
	}
}
