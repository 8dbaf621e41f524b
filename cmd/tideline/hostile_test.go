package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tideline/fixtures/hostile"
	"tideline/scanner/finding"
)

// maxResident is what a scan of any case may take: promise 8 in a number.
const maxResident = 256 << 20

// measured is the program, and tells in the file $MEASURED how much memory it
// had in use at most. The kernel knows better than the runtime; what a parent
// is told of a child (ru_maxrss) holds the parent's own memory too.
func measured() {
	status := run(context.Background(), os.Args, os.Stdin, os.Stdout, os.Stderr)
	if text, err := os.ReadFile("/proc/self/status"); err == nil {
		if err := os.WriteFile(os.Getenv("MEASURED"), text, 0o600); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(status)
}

// A scanned is what came of a run.
type scanned struct {
	status   int
	stdout   []byte
	stderr   string
	resident int64 // bytes; 0 if it could not be told
}

// scanWith runs the program in a process of its own.
func scanWith(t *testing.T, stdin []byte, args ...string) scanned {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), stuck)
	defer stop()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Args[0] = "measured"
	usage := filepath.Join(t.TempDir(), "status")
	cmd.Env = append(os.Environ(), "MEASURED="+usage, "TZ=Pacific/Kiritimati", "GOCOVERDIR="+t.TempDir())
	cmd.Stdin = bytes.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	s := scanned{}
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			t.Fatal(err)
		}
		s.status = exit.ExitCode()
	}
	s.stdout, s.stderr, s.resident = stdout.Bytes(), stderr.String(), peak(usage)
	return s
}

// peak is the high-water mark in a copy of /proc/PID/status.
func peak(name string) int64 {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	n, err := strconv.ParseInt(strings.Fields(rest + " 0")[0], 10, 64)
	if err != nil {
		return 0
	}
	return n << 10
}

// neverFires is a rule for cases without sentinels: there must be one.
const neverFires = `{"title": "never", "id": "00000000-0000-4000-8000-999999999999", "level": "high",
"logsource": {"product": "kubernetes"}, "detection": {"s": {"verb": "never"}, "condition": "s"}}
`

// rulesFor writes one rule for each sentinel; its title is the sentinel's place
// in the list.
func rulesFor(t *testing.T, sentinels []hostile.Sentinel) string {
	t.Helper()
	var text bytes.Buffer
	text.WriteString(neverFires)
	for i, s := range sentinels {
		product, category, _ := strings.Cut(s.Source, "/")
		source := map[string]string{"product": product}
		if category != "" {
			source["category"] = category
		}
		doc, err := json.Marshal(map[string]any{"title": fmt.Sprint(i), "id": fmt.Sprintf("00000000-0000-4000-8000-%012d", i), "level": "high",
			"logsource": source, "detection": map[string]any{"s": map[string]string{s.Field: s.Value}, "condition": "s"}})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "---\n%s\n", doc)
	}
	name := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(name, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A reported is as much of the JSON report as is looked at.
type reported struct {
	Summary struct {
		Complete bool `json:"complete"`
	} `json:"summary"`
	Findings []struct {
		Rule struct {
			Title string `json:"title"`
		} `json:"rule"`
	} `json:"findings"`
	Ledger []finding.Entry `json:"ledger"`
}

func TestHostileEvidence(t *testing.T) {
	cases := hostile.Cases()
	if len(cases) < 150 {
		t.Errorf("%d cases, want 150", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			paths, err := c.Write(dir)
			if err != nil {
				t.Fatal(err)
			}
			sentinels := slices.Concat(c.Want, c.Lost)
			args := []string{"scan", "--no-builtin", "-r", rulesFor(t, sentinels), "-f", "json", "--show-secrets", "--min-level", "informational",
				"-j", "4"} // memory depends on it, and by default on the machine
			s := scanWith(t, c.Stdin, slices.Concat(args, c.Args, paths)...)
			s.isHarmless(t)
			if s.status != c.Exit {
				t.Errorf("exit status %d, want %d\n%s", s.status, c.Exit, s.stderr)
			}
			var r reported
			if err := json.Unmarshal(s.stdout, &r); err != nil {
				t.Fatalf("the report is no JSON: %v", err)
			}
			r.hasFound(t, &c)
			r.isAccounted(t, &c)
		})
	}
}

// isHarmless holds what is true of every run.
func (s *scanned) isHarmless(t *testing.T) {
	t.Helper()
	if strings.Contains(s.stderr, "goroutine ") || s.status < 0 {
		t.Errorf("it crashed (%d): %.2000s", s.status, s.stderr)
	}
	for _, r := range s.stderr {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e {
			t.Errorf("%U reaches the terminal: %.500q", r, s.stderr)
			break
		}
	}
	if s.resident > maxResident && !raceEnabled {
		t.Errorf("%d MiB of memory", s.resident>>20)
	}
}

// hasFound compares the sentinels that were found with those that must be.
func (r *reported) hasFound(t *testing.T, c *hostile.Case) {
	t.Helper()
	found := map[string]bool{}
	for _, f := range r.Findings {
		found[f.Rule.Title] = true
	}
	for i, s := range c.Want {
		if !found[strconv.Itoa(i)] {
			t.Errorf("lost: %v", s)
		}
	}
	for i, s := range c.Lost {
		if found[strconv.Itoa(len(c.Want)+i)] {
			t.Errorf("found, better than the case says: %v", s)
		}
	}
}

// isAccounted checks the ledger: every byte, and the codes of the case.
func (r *reported) isAccounted(t *testing.T, c *hostile.Case) {
	t.Helper()
	codes, gaps := map[string]string{}, false
	listsGaps := slices.ContainsFunc(c.Codes, func(code string) bool { return strings.HasSuffix(code, "!") })
	for _, e := range r.Ledger {
		if b := e.Bytes; b.Read != b.Events+b.Notes+b.Gaps {
			t.Errorf("%q: %d bytes read are not %d + %d + %d", e.Path, b.Read, b.Events, b.Notes, b.Gaps)
		}
		for _, n := range e.Notes {
			codes[n.Code] = n.Reason
			isDescribed(t, n.Code, "note")
		}
		for _, g := range e.Gaps {
			gaps = true
			if !slices.Contains(c.Args, "--strict") { // by which notes are gaps
				isDescribed(t, g.Code, "gap")
			}
			codes[g.Code+"!"] = g.Reason
			if g.Reason == "" || g.Lift == "" {
				t.Errorf("%s of %q does not say why, or what would lift it", g.Code, e.Path)
			}
			if c.Exit != 3 || listsGaps && !slices.Contains(c.Codes, g.Code+"!") {
				t.Errorf("gap %s in %q at %d, %d bytes: %s", g.Code, e.Path, g.Pos.Offset, g.Bytes, g.Reason)
			}
		}
	}
	for _, want := range c.Codes {
		if _, ok := codes[want]; !ok {
			t.Errorf("no %s in the ledger: %v", want, codes)
		}
	}
	if r.Summary.Complete == gaps || c.Exit == 0 && gaps {
		t.Errorf("complete is %v, gaps are %v, the exit status %d", r.Summary.Complete, gaps, c.Exit)
	}
}

// isDescribed holds what a remark is against what "tideline formats" says that its code
// is: who reads there that it leaves a scan complete relies on it.
func isDescribed(t *testing.T, code, kind string) {
	t.Helper()
	for _, c := range finding.Codes() {
		if c.Name == code && c.Kind != kind && c.Kind != "either" {
			t.Errorf("%s is described as a %s, and this is a %s", code, c.Kind, kind)
		}
	}
}
