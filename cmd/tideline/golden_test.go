package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDemoGoldens holds what the demo's reports say. Review the difference
// after UPDATE_GOLDEN=1: it is what a newcomer sees first.
func TestDemoGoldens(t *testing.T) {
	golden, err := filepath.Abs("../../fixtures/golden")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("../..") // paths in the report are as typed
	for file, args := range map[string][]string{
		"demo.txt":        {"-f", "table"},
		"demo.ndjson":     {"-f", "ndjson"},
		"demo.json":       {"-f", "json"},
		"demo-rotate.csv": nil,
	} {
		t.Run(file, func(t *testing.T) {
			command := append([]string{"tideline", "scan", "-q"}, args...)
			if args == nil {
				command = []string{"tideline", "exposure", "-q", "-f", "csv"}
			}
			var out, problems bytes.Buffer
			if status := run(context.Background(), append(command, "fixtures/demo"), strings.NewReader(""), &out, &problems); status != exitOK {
				t.Fatalf("exit status %d: %s", status, problems.String())
			}
			compareGolden(t, filepath.Join(golden, file), out.Bytes())
		})
	}
}

func compareGolden(t *testing.T, path string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("line %d differs:\n got %.600s\nwant %.600s\n(UPDATE_GOLDEN=1 rewrites, if this is meant)", i+1, g[i], w[i])
		}
	}
	t.Fatalf("%d lines, want %d", len(g), len(w))
}

// TestREADMEShowsTheDemo: what the README shows of a run is what a run shows.
// It follows the golden, which UPDATE_GOLDEN=1 rewrites first.
func TestREADMEShowsTheDemo(t *testing.T) {
	const name, command, end = "../../README.md", "$ tideline scan fixtures/demo\n", "```\n"
	readme, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile("../../fixtures/golden/demo.txt")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := bytes.Cut(readme, []byte(command))
	sample, after, closed := bytes.Cut(rest, []byte(end))
	switch {
	case !ok || !closed:
		t.Fatal("README.md shows no run of the demo")
	case bytes.Equal(sample, golden):
	case os.Getenv("UPDATE_GOLDEN") == "1":
		if err := os.WriteFile(name, bytes.Join([][]byte{before, []byte(command), golden, []byte(end), after}, nil), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("the sample in README.md is not fixtures/golden/demo.txt")
	}
}
