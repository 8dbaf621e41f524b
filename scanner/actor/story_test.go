package actor

import (
	"fmt"
	"math/rand"
	"testing"
	"time"

	"tideline/scanner/finding"
)

func told(id string, second float64, score int, line int64, command string) *finding.Finding {
	at := finding.Time{Time: time.Unix(1000, 0).UTC().Add(time.Duration(second * float64(time.Second)))}
	f := &finding.Finding{ID: id, Time: at, LastTime: at, Score: score, Command: command, Summary: id, Count: 1}
	f.Source.Path, f.Source.Line = "log", line
	return f
}

func TestAStoryHasOneStepForEachActInOrder(t *testing.T) {
	sweep := told("sweep", 0, 99, 1, "")
	sweep.Related, sweep.LastTime.Time = []string{"a", "b"}, sweep.Time.Add(20*time.Second)
	findings := []*finding.Finding{
		told("read", 20, 40, 7, ""), told("read by a workload", 20, 70, 7, ""), // two rules, one record
		told("exec", 0, 30, 1, "cat token"), told("in docker", 0.4, 60, 2, "cat token"), told("in auditd", 0.5, 50, 3, "cat token"),
		told("another command", 1, 10, 4, "id"), told("the same, later", 9, 20, 5, "cat token"), sweep,
	}
	for range 20 {
		rand.Shuffle(len(findings), func(i, j int) { findings[i], findings[j] = findings[j], findings[i] })
		var s story
		for _, f := range findings {
			s.add(f, false, "")
		}
		got := ""
		for _, step := range s.steps() {
			got += fmt.Sprintf("%s at %d; ", step.Summary, step.Time.Unix()-1000)
		}
		if want := "in docker at 0; another command at 1; the same, later at 9; read by a workload at 20; sweep at 20; "; got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	}
}

func TestALongStoryKeepsItsStrongestSteps(t *testing.T) {
	var s story
	for i := range 5000 {
		s.add(told(fmt.Sprintf("%04d", i), float64(10*i), i%50, int64(i), ""), false, "")
	}
	s.add(told("the theft", 7, 99, 9999, ""), false, "")
	steps := s.steps()
	if len(steps) != maxSteps || steps[0].Summary != "the theft" && steps[1].Summary != "the theft" {
		t.Errorf("%d steps, the first %+v", len(steps), steps[:2])
	}
}

func TestTheLogThatNamesTheActorTellsTheAct(t *testing.T) {
	typed, request := told("auid=7 ran docker logs api", 0, 15, 1, "docker logs api"), told("logs of api read", 0.1, 39, 2, "")
	next := told("auid=7 ran docker logs db", 0.2, 15, 3, "docker logs db")
	for _, order := range [][]*finding.Finding{{typed, request, next}, {next, request, typed}} {
		var s story
		for _, f := range order {
			s.add(f, f == request, "")
		}
		steps := s.steps()
		if len(steps) != 2 || steps[0].Summary != typed.Summary || steps[0].Score != 39 || steps[1].Summary != next.Summary {
			t.Errorf("got %+v", steps)
		}
	}
}
