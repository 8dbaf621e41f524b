package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"tideline/scanner/finding"
	"tideline/scanner/state"
)

// TestThirtyNightsTellWhatOneScanTells plays thirty nights of rotation: the
// union of what they told is what one scan over everything finds, nothing more
// and nothing less, and nothing is told twice. In a dense month the nights end
// in the middle of an attack. TIDELINE_NIGHTS sets how many such months are
// played.
func TestThirtyNightsTellWhatOneScanTells(t *testing.T) {
	months := max(1, fromEnv("TIDELINE_NIGHTS"))
	for i := range 2 * int64(months) {
		seed, dense := i/2, i%2 == 1
		t.Run(fmt.Sprintf("seed %d, dense %v", seed, dense), func(t *testing.T) {
			w := worldOf(t, seed, dense)
			told := map[string]string{}
			for night := range nights {
				w.play(night)
				for _, f := range w.night(t) {
					why := retold(f)
					if before, again := told[f.ID]; again && why == "" {
						t.Errorf("night %d: %s (%s) was told before, in night %s", night, f.ID, f.Summary, before)
					}
					told[f.ID] = strconv.Itoa(night)
				}
				if night%6 != 0 {
					continue
				}
				if again := w.night(t); len(again) > 0 {
					t.Fatalf("night %d: %d findings told again at once", night, len(again))
				}
			}
			want := w.compare(t)
			for id, night := range told {
				if !want[id] {
					t.Errorf("night %s told %s, which one scan does not tell", night, id)
				}
			}
			for id := range want {
				if _, ok := told[id]; !ok {
					t.Errorf("no night told %s", id)
				}
			}
		})
	}
}

// TestNightsSurviveBeingKilled kills runs at random points. TIDELINE_KILLS sets
// how many are killed.
func TestNightsSurviveBeingKilled(t *testing.T) {
	kills := max(20, fromEnv("TIDELINE_KILLS"))
	if testing.Short() {
		t.Skip("starts many processes")
	}
	program := program(t)
	for seed, landed := int64(3), 0; landed < kills; seed++ {
		landed += killedMonth(t, program, seed, kills-landed)
		t.Logf("%d runs were killed", landed)
	}
}

// killedMonth plays a month in which up to most runs are killed before they
// end, and returns how many were.
func killedMonth(t *testing.T, program string, seed int64, most int) (landed int) {
	w := newWorld(t, seed)
	r := rand.New(rand.NewSource(seed))
	typical := 300 * time.Millisecond
	delivered := map[string]bool{}
	for night := range nights {
		w.play(night)
		for share := 0; share <= most/nights; {
			var out bytes.Buffer
			cmd := exec.Command(program, "scan", "-q", "--state", w.state, "-f", "ndjson", w.logs)
			cmd.Stdout = &out
			w.must(cmd.Start())
			kill := time.AfterFunc(time.Duration(r.Int63n(int64(typical))), func() {
				cmd.Process.Kill() // fails only if it has ended
			})
			began := time.Now()
			ended := cmd.Wait() == nil // else it was killed
			kill.Stop()
			for _, f := range findings(out.Bytes()) {
				delivered[f.ID] = true
			}
			sound(t, w.state)
			if ended {
				typical = max(100*time.Millisecond, time.Since(began))
				break // there is no more news
			}
			share++
			landed++
			typical += typical / 20
		}
		if night%5 != 4 {
			continue // the next one that is killed finds two days of news
		}
		for _, f := range w.night(t) {
			delivered[f.ID] = true
		}
	}
	for id := range w.compare(t) {
		if !delivered[id] {
			t.Errorf("%s was never delivered", id)
		}
	}
	return landed
}

func fromEnv(name string) int {
	n, err := strconv.Atoi(os.Getenv(name))
	if err != nil {
		return 0 // not set
	}
	return n
}

// sound opens a state as the next run would.
func sound(t *testing.T, dir string) {
	t.Helper()
	s, err := state.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, g := range segmentsOf(&s.Index) {
		if ok, err := s.Verify(g, "a part"); err != nil || !ok {
			t.Errorf("%s: sound %v, %v", g.SHA256, ok, err)
		}
	}
	if len(s.Damage) > 0 {
		t.Fatalf("a killed run tore the state: %q", s.Damage)
	}
}

// segmentsOf are all files that an index names.
func segmentsOf(x *state.Index) []state.Segment {
	var out []state.Segment
	for i := range x.Sources {
		out = append(out, x.Sources[i].Parts...)
	}
	for _, c := range []*state.Checkpoint{x.Recent, x.Past} {
		if c != nil {
			out = append(out, c.Segment)
		}
	}
	return out
}

// night runs one, and returns what it told.
func (w *world) night(t *testing.T, more ...string) []finding.Finding {
	t.Helper()
	args := append([]string{"tideline", "scan", "-q", "--state", w.state, "-f", "ndjson"}, more...)
	var out, errs bytes.Buffer
	if got := run(context.Background(), append(args, w.logs), nil, &out, &errs); got != exitOK && got != exitIncomplete {
		t.Fatalf("exit status %d: %s", got, errs.String())
	}
	return findings(out.Bytes())
}

// compare holds what was told, and is still so, against one scan, and returns
// what that tells.
func (w *world) compare(t *testing.T) map[string]bool {
	t.Helper()
	var out, errs bytes.Buffer
	run(context.Background(), []string{"tideline", "scan", "-q", "-f", "ndjson", w.logs}, nil, &out, &errs)
	want := map[string]bool{}
	for _, f := range findings(out.Bytes()) {
		want[f.ID] = true
	}
	if len(want) < 20 {
		t.Fatalf("only %d findings in the whole: nothing is proven\n%s", len(want), errs.String())
	}
	s, err := state.Open(w.state)
	w.must(err)
	withdrawn := 0
	for id, x := range s.Index.Told {
		switch {
		case x.Withdrawn:
			withdrawn++
		case !want[id]:
			t.Errorf("told and not withdrawn, but not in the whole: %s", id)
		}
	}
	for id := range want {
		if x, ok := s.Index.Told[id]; !ok || x.Withdrawn {
			t.Errorf("in the whole and never told: %s", id)
		}
	}
	resumed := 0
	for _, src := range s.Index.Sources {
		if src.Cut > 0 {
			resumed++
		}
	}
	t.Logf("%d findings, %d more told and withdrawn; %d of %d sources can be resumed", len(want), withdrawn, resumed, len(s.Index.Sources))
	w.must(s.Commit(forgetful(s.Index)))
	w.must(s.Close())
	w.sameReport(t)
	return want
}

// forgetful is x without what was told.
func forgetful(x state.Index) state.Index {
	x.Told = map[string]state.Told{}
	return x
}

// sameReport holds everything that the state knows, told anew, against one
// scan: the same findings with the same counts, places and scores.
func (w *world) sameReport(t *testing.T) {
	t.Helper()
	w.write(w.path("news.txt"), []byte("no log\n")) // or there is nothing to conclude
	var want, got, errs bytes.Buffer
	run(context.Background(), []string{"tideline", "scan", "-q", "-f", "ndjson", w.logs}, nil, &want, &errs)
	run(context.Background(), []string{"tideline", "scan", "-q", "--state", w.state, "-f", "ndjson", w.logs}, nil, &got, &errs)
	if !bytes.Equal(got.Bytes(), want.Bytes()) {
		a, b := bytes.Split(got.Bytes(), []byte("\n")), bytes.Split(want.Bytes(), []byte("\n"))
		for i := range min(len(a), len(b)) {
			if !bytes.Equal(a[i], b[i]) {
				t.Fatalf("%d findings, want %d; the first that differs\n%s\nwant\n%s", len(a), len(b), a[i], b[i])
			}
		}
		t.Fatalf("%d findings, want %d", len(a), len(b))
	}
}

// retold is the reason for which a finding was told again; "" if it is new.
func retold(f finding.Finding) string {
	for _, r := range f.Reasons {
		if strings.HasPrefix(r.Why, "told before") {
			return r.Why
		}
	}
	return ""
}

// findings reads NDJSON up to a line that was cut.
func findings(b []byte) []finding.Finding {
	var out []finding.Finding
	for line := range bytes.Lines(b) {
		var f finding.Finding
		if json.Unmarshal(line, &f) == nil {
			out = append(out, f)
		}
	}
	return out
}
