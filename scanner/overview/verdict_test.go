package overview

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tideline/scanner/finding"
)

func TestVerdictNamesWhoWhatAndTheUnknown(t *testing.T) {
	at := func(minute int) finding.Time {
		return finding.Time{Time: time.Date(2026, 3, 10, 14, minute, 0, 0, time.UTC)}
	}
	act := func(rule, summary string, score, minute int) finding.Finding {
		f := finding.Finding{Score: score, Summary: summary, Time: at(minute), LastTime: at(minute)}
		f.Actor.ID, f.Rule.ID, f.Rule.Level = "k8s:eve", rule, "high"
		return f
	}
	eve := finding.Actor{ID: "k8s:eve", Names: []string{"eve", "ci"}, Score: 93, Addresses: []string{"9.9.9.9"}, Total: 12, First: at(1), Last: at(30)}
	mallory := finding.Actor{ID: "linux:node1/auid=7", Names: []string{"auid=7"}, Hosts: []string{"node1"}, Score: 50}
	quiet := finding.Actor{ID: "k8s:bob", Names: []string{"bob"}, Score: 9}
	o := &finding.Overview{Actors: []finding.Actor{eve, mallory, quiet}}
	o.Summary.Findings, o.Summary.Events, o.Summary.Complete = 14, 900, true
	o.Top = []finding.Finding{act("list", "eve listed all secrets", 90, 20), act("list", "eve listed secrets again", 89, 21), act("exec", "eve entered a pod", 80, 4)}
	o.Exposure = []finding.Exposure{{Kind: "secret", Name: "*", Certainty: finding.Obtained, Advice: "rotate"}, {Kind: "token", Name: "x", Certainty: finding.Possible}}
	o.Coverage.Rules = make([]finding.RuleCoverage, 3)
	want := "eve alias ci stands out with a score of 93 (critical), from 9.9.9.9, in 12 of 14 findings between 2026-03-10 14:01 and 14:30 UTC. " +
		"Obtained, to be rotated: every secret of the cluster. Gravest: entered a pod; listed all secrets. Also look at auid=7 on node1 (50). " +
		"3 rules were blind on this evidence: see what could not be seen."
	if got := Verdict(o, time.Time{}, time.Time{}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	o.Top[2].Rule.Level = "low" // everyday work of an account that was stolen is not the gravest there is
	if got := Verdict(o, time.Time{}, time.Time{}); !strings.Contains(got, "Gravest: listed all secrets. Also") {
		t.Errorf("an act that is low is told as one of the gravest: %s", got)
	}
	o.Summary.Complete, o.Summary.GapCount, o.Summary.GapBytes = false, 1, 77
	o.Coverage.Quiet = []finding.Silence{{Path: "auditd on node1", From: at(5), To: at(50)}}
	for _, part := range []string{"could not be read in full: 1 gap, 77 bytes.", "1 unusual silence in the logs, the first of auditd on node1 between 2026-03-10 14:05 and 14:50 UTC."} {
		if got := Verdict(o, time.Time{}, time.Time{}); !strings.Contains(got, part) {
			t.Errorf("%q is not in %s", part, got)
		}
	}
}

// A lone finding that is medium leaves its actor low: who that is does not stand out, and
// what was found is told all the same.
func TestVerdictOfALoneMediumFinding(t *testing.T) {
	o := &finding.Overview{Actors: []finding.Actor{{ID: "k8s:eve", Names: []string{"eve"}, Score: 21, Total: 1}}}
	o.Summary.Findings, o.Summary.Events, o.Summary.Complete = 1, 1, true
	o.Summary.ByLevel = map[string]int64{"medium": 1}
	f := finding.Finding{Score: 55, Summary: "eve entered a pod", Actor: finding.ActorRef{ID: "k8s:eve"}}
	f.Rule.Level = "medium"
	o.Top = []finding.Finding{f}
	want := "Most there is to tell of eve, whose score is 21 (low), in 1 of 1 findings. Gravest: entered a pod."
	if got := Verdict(o, time.Time{}, time.Time{}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestVerdictOfOneMinute: times that print alike are one time, one of anything is one,
// and what was shortened ends with its ellipsis.
func TestVerdictOfOneMinute(t *testing.T) {
	at := finding.Time{Time: time.Date(2026, 3, 10, 14, 5, 0, 0, time.UTC)}
	o := &finding.Overview{Actors: []finding.Actor{{ID: "k8s:eve", Names: []string{"eve"}, Score: 93, Total: 1, First: at, Last: finding.Time{Time: at.Add(59 * time.Second)}}}}
	o.Summary.Findings, o.Summary.Events, o.Summary.Complete = 1, 1, true
	o.Summary.ByLevel = map[string]int64{"high": 1}
	o.Top = []finding.Finding{{Score: 90, Summary: "eve " + strings.Repeat("x", 200), Time: at, LastTime: at, Actor: finding.ActorRef{ID: "k8s:eve"}}}
	got := Verdict(o, time.Time{}, time.Time{})
	if want := "in 1 of 1 findings at 2026-03-10 14:05 UTC. "; !strings.Contains(got, want) || !strings.HasSuffix(got, "xx…") {
		t.Errorf("%q, want %q in it, and the ellipsis last", got, want)
	}
	o.Actors = nil
	if got, want := Verdict(o, time.Time{}, time.Time{}), "1 finding, tied to no actor."; !strings.HasPrefix(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	o.Summary.Findings, o.Summary.ByLevel = 0, nil
	if got, want := Verdict(o, time.Time{}, time.Time{}), "Nothing was found in 1 event; "; !strings.HasPrefix(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestVerdictOfAnOrdinaryDay(t *testing.T) {
	o := &finding.Overview{Actors: []finding.Actor{{ID: "k8s:bob", Names: []string{"bob"}, Score: 15}}}
	o.Summary.Events, o.Summary.Findings, o.Summary.Complete = 900, 2, true
	o.Summary.ByLevel = map[string]int64{"low": 2, "informational": 40}
	o.Exposure = []finding.Exposure{{Kind: "secret", Name: "*", Certainty: finding.Obtained, Advice: "rotate"}}
	const want = "Nothing stands out in 900 events: of 2 findings none is above low, and nobody's add up to more. Most there is to tell of bob (score 15)."
	if got := Verdict(o, time.Time{}, time.Time{}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, change := range []func(){
		func() { o.Actors[0].Score = 35 },
		func() { o.Actors[0].Score, o.Summary.ByLevel["medium"] = 15, 1 },
	} {
		if change(); strings.Contains(Verdict(o, time.Time{}, time.Time{}), "Nothing stands out") {
			t.Errorf("not so calm: %s", Verdict(o, time.Time{}, time.Time{}))
		}
	}
}

func TestVerdictOfNothing(t *testing.T) {
	o := &finding.Overview{}
	o.Summary.Complete = true
	if got := Verdict(o, time.Time{}, time.Time{}); got != "No event of a known format was found, so nothing can be said." {
		t.Errorf("of nothing: %q", got)
	}
	o.Summary.Events, o.Coverage.Ran, o.Coverage.Rules = 5, 2, make([]finding.RuleCoverage, 1)
	want := fmt.Sprintf("Nothing was found in %d events; 2 of 3 rules could have fired on this evidence.", 5)
	if got := Verdict(o, time.Time{}, time.Time{}); !strings.HasPrefix(got, want) {
		t.Error(got)
	}
	o.Summary.Hidden = 4
	if got, want := Verdict(o, time.Time{}, time.Time{}), "Nothing to show in 5 events: 4 findings, below --min-level or --min-score; 2 of 3 rules"; !strings.HasPrefix(got, want) {
		t.Error(got)
	}
}

func TestVerdictOfATimeWithoutEvidence(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 3, d, 12, 0, 0, 0, time.UTC) }
	o := &finding.Overview{}
	o.Summary.Events, o.Summary.First, o.Summary.Last = 5, finding.Time{Time: day(10)}, finding.Time{Time: day(11)}
	const want = "Nothing can be said of the time that was asked for: the 5 events lie between 2026-03-10 12:00 and 2026-03-11 12:00 UTC."
	for _, c := range []struct {
		since, until time.Time
		beside       bool
	}{
		{day(12), time.Time{}, true}, {time.Time{}, day(9), true}, {day(1), day(9), true},
		{day(11), time.Time{}, false}, {time.Time{}, day(10), false}, {day(10), day(12), false}, {time.Time{}, time.Time{}, false},
	} {
		if got := Verdict(o, c.since, c.until); strings.HasPrefix(got, want) != c.beside {
			t.Errorf("since %v until %v: %s", c.since, c.until, got)
		}
	}
}
