package sigma_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/scanner/sigma"
)

// shared finds the folder of public rules and vectors, or skips the test.
func shared(tb testing.TB) string {
	tb.Helper()
	if dir := os.Getenv("TIDELINE_SHARED"); dir != "" {
		return filepath.Join(dir, "sigma")
	}
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if s := filepath.Join(dir, "shared", "sigma"); isDir(s) {
			return s
		}
		if dir == filepath.Dir(dir) {
			tb.Skip("no folder shared/sigma above this test")
		}
	}
}

func isDir(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

// publicRules parses the rules below dirs of the shared folder.
func publicRules(tb testing.TB, dirs ...string) *sigma.Collection {
	tb.Helper()
	all := &sigma.Collection{}
	for _, pattern := range dirs {
		files, err := filepath.Glob(filepath.Join(shared(tb), "rules", pattern, "*.yml"))
		if err != nil || len(files) == 0 {
			tb.Fatalf("no rules in %s: %v", pattern, err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				tb.Fatal(err)
			}
			all.Merge(sigma.Parse(filepath.Base(f), data))
		}
	}
	return all
}

func TestPublicRulesLoad(t *testing.T) {
	all := publicRules(t, "linux_*", "kubernetes_audit")
	set, problems := sigma.Compile(all, sigma.Options{})
	for _, p := range append(all.Problems, problems...) {
		if !p.Warning {
			t.Error(p)
		}
	}
	if n := len(set.Rules()); n != 264 {
		t.Errorf("%d rules, want 264", n)
	}
}

type vector struct {
	Path, ID string
	Cases    []struct {
		Tag   string
		Event map[string]any
		Match bool
	}
}

func vectors(tb testing.TB) []vector {
	f, err := os.Open(filepath.Join(shared(tb), "vectors-linux-k8s.jsonl"))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var out []vector
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		dec := json.NewDecoder(strings.NewReader(in.Text()))
		dec.UseNumber()
		var v vector
		if err := dec.Decode(&v); err != nil {
			tb.Fatal(err)
		}
		out = append(out, v)
	}
	if err := in.Err(); err != nil {
		tb.Fatal(err)
	}
	return out
}

// TestPublicVectors runs every case of the reference evaluator against all
// rules at once and looks for the one it is about.
func TestPublicVectors(t *testing.T) {
	all := publicRules(t, "*")
	set, _ := sigma.Compile(all, sigma.Options{})
	m := set.Matcher()
	sc := m.NewScratch()
	byID := map[string]int{}
	for i, r := range set.Rules() {
		byID[r.ID] = i
	}
	total, right := 0, 0
	for _, v := range vectors(t) {
		rule, ok := byID[v.ID]
		if !ok {
			t.Errorf("%s: not loaded", v.Path)
		}
		for _, c := range v.Cases {
			got := false
			for _, r := range m.Match(nil, newEvent(set, c.Event), sc) {
				got = got || r == rule
			}
			total++
			if got == c.Match {
				right++
				continue
			}
			t.Errorf("%s: %s %v: got %v, want %v", v.Path, c.Tag, c.Event, got, c.Match)
		}
	}
	if total != 5597 {
		t.Errorf("%d cases, want 5597", total)
	}
	t.Logf("%d of %d", right, total)
}
