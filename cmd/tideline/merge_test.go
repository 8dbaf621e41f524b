package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/report"
)

// reportNames are a report file of every format, in dir.
func reportNames(dir string) (args, names []string) {
	for _, f := range report.Formats() {
		for _, ext := range f.Extensions {
			name := filepath.Join(dir, "r"+ext)
			args, names = append(args, "-o", name), append(names, name)
		}
	}
	return args, names
}

// parts is evidence dealt out to machines.
type parts struct {
	t      *testing.T
	random *rand.Rand
	dir    string
	made   int
}

// scan makes a part of some files.
func (p *parts) scan(files []string) string {
	p.t.Helper()
	return p.make(append([]string{"scan", "-q", "--allow-empty"}, "-o"), files)
}

// merge makes one part of several.
func (p *parts) merge(names []string) string {
	p.t.Helper()
	return p.make([]string{"merge", "-q", "--allow-empty", "-o"}, names)
}

func (p *parts) make(args, of []string) string {
	p.t.Helper()
	p.made++
	name := filepath.Join(p.dir, fmt.Sprintf("%d.partial", p.made))
	if status, out, errs := tideline(append(append(args, name), of...)...); status != exitOK && status != exitIncomplete || out != "" {
		p.t.Fatalf("%q: status %d, stdout %q: %s", args, status, out, errs)
	}
	return name
}

// dealt cuts files at random, and merges some of the parts into one, again and
// again.
func (p *parts) dealt(files []string) []string {
	p.t.Helper()
	var names []string
	p.random.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	for at := 0; at < len(files); {
		n := min(len(files)-at, 1+p.random.Intn(5))
		names, at = append(names, p.scan(files[at:at+n])), at+n
	}
	for range p.random.Intn(4) {
		p.random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		n := 1 + p.random.Intn(len(names))
		names = append(names[n:], p.merge(names[:n]))
	}
	return names
}

// TestPartsMergeToTheReportOfOneScan cuts the evidence over machines and nights
// at random: rotated logs, whose events are parted between two files, archives,
// and what cannot be read. Every report is the same, byte for byte.
func TestPartsMergeToTheReportOfOneScan(t *testing.T) {
	w := newWorld(t, 5)
	for night := range 4 {
		w.play(night)
	}
	partedRotation(w)
	w.write(w.path("notes.txt"), []byte("no log\n"))
	w.write(w.path("damaged.log"), append(bytes.Clone(w.kube[0][:2000]), "\x00\x01 what is this?\n"...))
	files := filesUnder(t, w.logs)
	demo, err := filepath.Glob("../../fixtures/demo/*")
	w.must(err)
	files = append(files, demo...)
	whole := t.TempDir()
	args, want := reportNames(whole)
	if status, _, errs := tideline(append(append([]string{"scan", "-q"}, args...), files...)...); status != exitIncomplete {
		t.Fatalf("status %d: %s; there is a gap", status, errs)
	}
	rounds := 4
	if testing.Short() {
		rounds = 1
	}
	for round := range rounds {
		p := &parts{t: t, random: rand.New(rand.NewSource(int64(round))), dir: t.TempDir()}
		args, got := reportNames(t.TempDir())
		names := p.dealt(files)
		if status, _, errs := tideline(append(append([]string{"merge", "-q"}, args...), names...)...); status != exitIncomplete {
			t.Fatalf("round %d: status %d: %s", round, status, errs)
		}
		for i := range want {
			a, err := os.ReadFile(got[i])
			w.must(err)
			b, err := os.ReadFile(want[i])
			w.must(err)
			if !bytes.Equal(a, b) {
				t.Errorf("round %d, %d parts: %s is another one (%d bytes, want %d)%s", round, len(names), filepath.Base(want[i]), len(a), len(b), firstDifference(a, b))
			}
		}
	}
}

func firstDifference(got, want []byte) string {
	a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("\nline %d\n%.300s\nwant\n%.300s", i+1, a[i], b[i])
		}
	}
	return ""
}

// partedRotation rotates an auditd log in the middle of an event.
func partedRotation(w *world) {
	lines := bytes.SplitAfter(w.audit[0], []byte("\n"))
	at := len(lines) / 2
	for !bytes.Contains(lines[at], []byte("type=SYSCALL")) {
		at++
	}
	w.write(w.path("node=worker9/audit.log.1"), bytes.Join(lines[:at+1], nil))
	w.write(w.path("node=worker9/audit.log"), bytes.Join(lines[at+1:], nil))
}

func filesUnder(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	if err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, p)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return files
}

// TestDamagedPartsAreNamedAndTheRestIsMerged damages one of three parts.
func TestDamagedPartsAreNamedAndTheRestIsMerged(t *testing.T) {
	w := newWorld(t, 5)
	for night := range 2 {
		w.play(night)
	}
	files := filesUnder(t, w.logs)
	if len(files) < 3 {
		t.Fatal("too few files")
	}
	p := &parts{t: t, dir: t.TempDir()}
	good := []string{p.scan(files[:1]), p.scan(files[1:2])}
	want := printed(t, append([]string{"scan", "-q", "-f", "json"}, files[:2]...)...)
	bad := p.scan(files[2:])
	whole, err := os.ReadFile(bad)
	w.must(err)
	for _, c := range []struct {
		name    string
		content []byte
	}{
		{"cut", whole[:len(whole)/2]},
		{"its end cut", whole[:len(whole)-1]},
		{"empty", nil},
		{"a bit", flipped(whole, len(whole)/2)},
		{"its checksum", flipped(whole, len(whole)-6)},
		{"something else", []byte("no partial result")},
		{"doubled", append(bytes.Clone(whole), whole...)},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.must(os.WriteFile(bad, c.content, 0o600))
			status, got, errs := tideline("merge", "-q", "-f", "json", good[0], bad, good[1])
			if status != exitIncomplete || !strings.Contains(errs, bad) || strings.Contains(errs, "%!") || got != want {
				t.Errorf("status %d, %d bytes, want %d; stderr %s", status, len(got), len(want), errs)
			}
		})
	}
	if status, got, errs := tideline("merge", "-q", "-f", "json", good[0], filepath.Join(p.dir, "missing.partial"), good[1]); status != exitIncomplete || got != want || !strings.Contains(errs, "missing.partial") {
		t.Errorf("missing: status %d: %s", status, errs)
	}
	if status, _, errs := tideline("merge", "-q", "-f", "json", "--min-level", "informational", "--fail-on", "informational", good[0], bad, good[1]); status != exitIncomplete {
		t.Errorf("--fail-on met beside a damaged part: status %d: %s", status, errs)
	}
	if status, got, errs := tideline("merge", "-q", "-f", "json", bad); status != exitIncomplete || got != "" || !strings.Contains(errs, "no part could be read") {
		t.Errorf("nothing else: status %d, %q: %s", status, got, errs)
	}
}

// TestPartsThatAreGivenAgainAreCountedOnce: *.partial matches what was merged of the
// others, too.
func TestPartsThatAreGivenAgainAreCountedOnce(t *testing.T) {
	w := newWorld(t, 5)
	for night := range 2 {
		w.play(night)
	}
	files := filesUnder(t, w.logs)
	p := &parts{t: t, dir: t.TempDir()}
	one, two := p.scan(files[:1]), p.scan(files[1:2])
	both := filepath.Join(p.dir, "both.partial")
	if status, _, errs := tideline("merge", "-q", "-o", both, one, two); status != exitOK {
		t.Fatal(errs)
	}
	want := printed(t, append([]string{"scan", "-q", "-f", "json"}, files[:2]...)...)
	for _, c := range []struct {
		parts []string
		says  string
	}{
		{[]string{one, two, one}, one + " is given twice: it is counted once"},
		{[]string{one, two, both}, both + " holds nothing but what"},
		{[]string{both, one, two}, one + " holds nothing but what " + both},
	} {
		status, got, errs := tideline(append([]string{"merge", "-q", "-f", "json"}, c.parts...)...)
		if status != exitOK || got != want || !strings.Contains(errs, c.says) {
			t.Errorf("%v: status %d, %d bytes, want %d; stderr %s", c.parts, status, len(got), len(want), errs)
		}
	}
	if _, _, errs := tideline("merge", "-q", "-f", "json", one, both); !strings.Contains(errs, "hold the same evidence in part") {
		t.Errorf("a part of what another holds: %s", errs)
	}
}

func flipped(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 1
	return b
}

func TestPartsOfOtherRulesAreRefused(t *testing.T) {
	w := newWorld(t, 5)
	w.play(0)
	rule := filepath.Join(t.TempDir(), "mine.yml")
	w.must(os.WriteFile(rule, []byte("title: Mine\nid: 5f0c1d2e-0000-4000-8000-000000000001\nlogsource: {product: kubernetes, service: audit}\ndetection: {s: {verb: get}, condition: s}\nlevel: low\n"), 0o600))
	name := filepath.Join(t.TempDir(), "x.partial")
	if status, _, errs := tideline("scan", "-q", "-r", rule, "-o", name, w.logs); status != exitOK {
		t.Fatal(status, errs)
	}
	if status, out, errs := tideline("merge", "-q", name); status != exitUsage || out != "" || !strings.Contains(errs, "other rules") {
		t.Errorf("status %d, %q", status, errs)
	}
	if status, _, errs := tideline("merge", "-q", "-r", rule, name); status != exitOK {
		t.Errorf("with its rules: status %d, %q", status, errs)
	}
}

// TestPartsHoldEveryMatch merges within a time window: what repeats something from
// before the window is then what is quoted. And a part is the same for any number of
// workers, of which another comes first to what is repeated.
func TestPartsHoldEveryMatch(t *testing.T) {
	dir := t.TempDir()
	for file := range 4 {
		var log strings.Builder
		for i := range 300 {
			fmt.Fprintf(&log, `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%[1]d-%[2]d","stage":"ResponseComplete",`+
				`"requestURI":"/api/v1/namespaces/prod/secrets/db","verb":"get","user":{"username":"eve","groups":["system:authenticated"]},`+
				`"sourceIPs":["10.0.0.9"],"userAgent":"curl/8.5.0","objectRef":{"resource":"secrets","namespace":"prod","name":"db","apiVersion":"v1"},`+
				`"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2026-03-01T1%[1]d:%02[3]d:%02[4]d.000000Z","stageTimestamp":"2026-03-01T1%[1]d:%02[3]d:%02[4]d.000000Z"}`+"\n", file, i, i/60, i%60)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.log", 4-file)), []byte(log.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := t.TempDir()
	var first []byte
	for run := range 6 {
		part := filepath.Join(out, fmt.Sprintf("%d.partial", run))
		if status, _, errs := tideline("scan", "-q", "-j", fmt.Sprint(1+run%2*7), "-o", part, dir); status != exitOK {
			t.Fatalf("status %d: %s", status, errs)
		}
		b, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		}
		if !bytes.Equal(b, first) {
			t.Errorf("run %d makes another part than run 0", run)
		}
	}
	for _, since := range []string{"2026-03-01T11:02:00Z", "-30m"} {
		_, want, _ := tideline("scan", "-q", "-f", "ndjson", "--since", since, dir)
		status, got, errs := tideline("merge", "-q", "-f", "ndjson", "--since", since, filepath.Join(out, "0.partial"))
		if status != exitOK || want == "" || got != want {
			t.Errorf("--since %s: status %d: %s%s", since, status, errs, firstDifference([]byte(got), []byte(want)))
		}
	}
}
