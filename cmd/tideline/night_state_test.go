package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tideline/scanner/state"
)

// tideline runs the program in process.
func tideline(args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = run(context.Background(), append([]string{"tideline"}, args...), nil, &out, &errs)
	return status, out.String(), errs.String()
}

// printed is what a command prints that must end with exit status 0.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	status, out, errs := tideline(args...)
	if status != exitOK {
		t.Fatalf("tideline %s: exit status %d; %s", strings.Join(args, " "), status, errs)
	}
	return out
}

func TestSecondRunEndsAtOnceAndNamesTheHolder(t *testing.T) {
	w := newWorld(t, 1)
	w.play(0)
	s, err := state.Open(w.state)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	status, out, errs := tideline("scan", "--state", w.state, w.logs)
	if status != exitLocked || out != "" || !strings.Contains(errs, fmt.Sprintf("process %d on ", os.Getpid())) {
		t.Errorf("status %d, stdout %q, stderr %q", status, out, errs)
	}
}

func TestNightWithoutNewsIsSilent(t *testing.T) {
	w := newWorld(t, 1)
	w.play(0)
	status, out, errs := tideline("scan", "--state", w.state, "-f", "ndjson", "--fail-on", "low", w.logs)
	if status != exitFound || out == "" || !strings.Contains(errs, "the first run") {
		t.Fatalf("first night: status %d, stderr %q", status, errs)
	}
	status, out, errs = tideline("scan", "--state", w.state, "-f", "ndjson", "--fail-on", "low", w.logs)
	if status != exitOK || out+errs != "" {
		t.Errorf("second night: status %d, %q, %q; want silence", status, out, errs)
	}
	w.must(os.Rename(filepath.Join(w.logs, "kube/audit.log"), filepath.Join(w.logs, "kube/audit.log.1")))
	status, out, errs = tideline("scan", "--state", w.state, "-f", "ndjson", w.logs)
	if status != exitOK || out+errs != "" {
		t.Errorf("after a rotation: status %d, %q, %q; want silence", status, out, errs)
	}
}

// TestNightTellsWhatAnotherChoiceLeftOut: findings that the flags of a night left out
// are told by the first that does not leave them out, though no log has grown.
func TestNightTellsWhatAnotherChoiceLeftOut(t *testing.T) {
	const logs = "../../fixtures/demo"
	dir := filepath.Join(t.TempDir(), "state")
	all, told := map[string]bool{}, map[string]bool{}
	for _, f := range findings([]byte(printed(t, "scan", "-q", "-f", "ndjson", logs))) {
		all[f.ID] = true
	}
	for _, step := range []struct {
		flags []string
		tells bool
	}{
		{[]string{"--min-level", "high"}, true},
		{[]string{"--min-level", "high"}, false},
		{[]string{"--tag", "attack.t1552.007"}, true},
		{[]string{"--since", "2026-03-10T13:55:00Z"}, true},
		{nil, true},
		{nil, false},
	} {
		got := findings([]byte(printed(t, append(append([]string{"scan", "-q", "--state", dir, "-f", "ndjson"}, step.flags...), logs)...)))
		if (len(got) > 0) != step.tells {
			t.Errorf("%q: %d findings told", step.flags, len(got))
		}
		for _, f := range got {
			if told[f.ID] {
				t.Errorf("%q: %s told twice", step.flags, f.Summary)
			}
			told[f.ID] = true
		}
	}
	if !maps.Equal(told, all) {
		t.Errorf("%d findings told, %d there", len(told), len(all))
	}
}

// TestDamagedStateIsSetAsideAndRebuilt damages every file of a state in turn.
// What was found is never lost, and what happened is said.
func TestDamagedStateIsSetAsideAndRebuilt(t *testing.T) {
	for _, damage := range []struct {
		name string
		do   func([]byte) []byte
	}{
		{"cut", func(b []byte) []byte { return b[:len(b)/2] }},
		{"empty", func([]byte) []byte { return nil }},
		{"a bit", func(b []byte) []byte { b = slices.Clone(b); b[len(b)/2] ^= 4; return b }},
	} {
		for _, what := range []string{"index-*", "segments/*"} {
			t.Run(damage.name+" "+what, func(t *testing.T) {
				w := newWorld(t, 1)
				w.play(0)
				all := len(w.night(t))
				files, err := filepath.Glob(filepath.Join(w.state, what))
				w.must(err)
				for _, name := range files {
					b, err := os.ReadFile(name)
					w.must(err)
					w.must(os.WriteFile(name, damage.do(b), 0o600))
				}
				w.play(1)
				status, out, errs := tideline("scan", "-q", "--state", w.state, "-f", "ndjson", w.logs)
				if status != exitOK || !strings.Contains(errs, "state.reset") {
					t.Errorf("status %d, stderr %q; want it said", status, errs)
				}
				if n := len(findings([]byte(out))); what == "index-*" && n < all {
					t.Errorf("%d findings told after the index was lost, %d before", n, all)
				}
				w.sameAsFresh(t)
				if aside, err := filepath.Glob(filepath.Join(w.state, what+".damaged-1")); err != nil || len(aside) == 0 {
					t.Errorf("of %d files none was set aside; %v", len(files), err)
				}
			})
		}
	}
}

// sameAsFresh holds what is told so far against one scan.
func (w *world) sameAsFresh(t *testing.T) {
	t.Helper()
	out := printed(t, "scan", "-q", "-f", "ndjson", w.logs)
	s, err := state.Open(w.state)
	w.must(err)
	defer s.Close()
	for _, f := range findings([]byte(out)) {
		if _, ok := s.Index.Told[f.ID]; !ok {
			t.Errorf("never told: %s", f.Summary)
		}
	}
}

func TestStateOfALaterVersionIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "index-7")
	if err := os.WriteFile(name, []byte(`{"schema":"tideline.state/9","length":0,"sha256":""}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, errs := tideline("scan", "--state", dir, t.TempDir())
	if _, err := os.Stat(name); status != exitUsage || !strings.Contains(errs, "tideline.state/9") || err != nil {
		t.Errorf("status %d, stderr %q, %v", status, errs, err)
	}
}

func TestNightOverNothingIsIncomplete(t *testing.T) {
	logs, dir := t.TempDir(), filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(filepath.Join(logs, "notes.txt"), []byte("no log\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for night := range 2 {
		if status, out, errs := tideline("scan", "-q", "--state", dir, logs); status != exitIncomplete || out != "" || !strings.Contains(errs, "no evidence record") {
			t.Errorf("night %d: status %d, %q, %q", night, status, out, errs)
		}
	}
	missing := filepath.Join(logs, "missing")
	if status, _, errs := tideline("scan", "-q", "--state", dir, "--allow-empty", logs, missing); status != exitIncomplete || !strings.Contains(errs, "gap: "+missing) {
		t.Errorf("missing: status %d, %q", status, errs)
	}
	if status, out, errs := tideline("scan", "-q", "--state", dir, "--allow-empty", logs); status != exitOK || out+errs != "" {
		t.Errorf("--allow-empty: status %d, %q, %q", status, out, errs)
	}
}

// TestNightMasksWhatItSaysOfGaps: the mail of a night goes further than its report.
func TestNightMasksWhatItSaysOfGaps(t *testing.T) {
	const secret = "Sup3rS3cretXY"
	logs, dir := t.TempDir(), filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(filepath.Join(logs, "password="+secret+".log"), []byte(kubeEvent+"\nno record\n"+kubeEvent+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, errs := tideline("scan", "--state", dir, "-f", "table", logs)
	if status != exitIncomplete || !strings.Contains(errs, "tideline: gap: ") || strings.Contains(out+errs, secret) {
		t.Errorf("status %d, %q, %q", status, out, errs)
	}
}

func TestStateFlagsAreRefusedWhereTheyMakeNoSense(t *testing.T) {
	logs, dir := t.TempDir(), t.TempDir()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--state", filepath.Join(logs, "state"), logs}, "within the evidence"},
		{[]string{"--state", dir, "-"}, "standard input"},
		{[]string{"--state", dir, "-o", filepath.Join(dir, "x.partial"), logs}, "partial"},
		{[]string{"--since", "last", logs}, "needs --state"},
	} {
		if status, _, errs := tideline(append([]string{"scan"}, c.args...)...); status != exitUsage || !strings.Contains(errs, c.want) {
			t.Errorf("%q: status %d, stderr %q", c.args, status, errs)
		}
	}
}

// BenchmarkNothingNew runs over known logs of very different sizes: the time
// must follow the number of files.
func BenchmarkNothingNew(b *testing.B) {
	for _, size := range []int64{1 << 10, 1 << 20, 16 << 20} {
		b.Run(fmt.Sprintf("64 files of %d bytes", size), func(b *testing.B) {
			logs, dir := b.TempDir(), filepath.Join(b.TempDir(), "state")
			line := []byte(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%08x","stage":"ResponseComplete","verb":"get","requestReceivedTimestamp":"2026-03-10T12:00:03.673207Z"}` + "\n")
			for i := range 64 {
				body := bytes.Repeat(fmt.Appendf(nil, string(line), i), int(size)/len(line)+1)
				if err := os.WriteFile(filepath.Join(logs, fmt.Sprintf("audit-%d.log", i)), body, 0o600); err != nil {
					b.Fatal(err)
				}
			}
			if status, _, errs := tideline("scan", "-q", "--state", dir, logs); status != exitOK {
				b.Fatal(status, errs)
			}
			b.SetBytes(64 * size)
			b.ReportAllocs()
			for b.Loop() {
				if status, out, errs := tideline("scan", "-q", "--state", dir, logs); status != exitOK || out+errs != "" {
					b.Fatal(status, out, errs)
				}
			}
		})
	}
}
