package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tideline/parsers/parsertest"
	"tideline/scanner"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
)

// TestHitsThatAreToldFromOthersAreTheSame: hits that are kept as repetitions of
// others, most of them without being made at all, are what they would be in full,
// but for their evidence.
func TestHitsThatAreToldFromOthersAreTheSame(t *testing.T) {
	dir := t.TempDir()
	for _, kind := range []string{"kubernetes", "auditd", "docker"} {
		log := generatedLog(t, kind, 24_000_000)
		if err := os.WriteFile(filepath.Join(dir, kind+".log"), log, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("demo", func(t *testing.T) { sameHits(t, "../../fixtures/demo", 100) })
	t.Run("made", func(t *testing.T) { sameHits(t, dir, 100) })
	t.Run("real", func(t *testing.T) { sameHits(t, parsertest.Corpus(t), 1000) })
}

// sameHits compares the hits in path, of which so many at least are repetitions.
func sameHits(t *testing.T, path string, least int) {
	set := builtinSet(t)
	want, _ := hitLines(t, set, path, true)
	got, echoes := hitLines(t, set, path, false)
	if got != want {
		t.Error(firstDifference([]byte(got), []byte(want)))
	}
	if echoes < least {
		t.Errorf("%d of %d hits are repetitions: nothing was tested", echoes, strings.Count(want, "\n"))
	}
}

// hitLines are the hits in path without their evidence, one a line, and how many
// of them have none.
func hitLines(t *testing.T, set *ruleset.Ruleset, path string, every bool) (string, int) {
	t.Helper()
	p, err := scanner.Collect(context.Background(), []string{path}, scanner.Options{Reader: newReader(), Rules: set, Workers: 2, KeepEvery: every})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var out bytes.Buffer
	lines, echoes := json.NewEncoder(&out), 0
	if err := p.EachHit(func(h *finding.Hit) error {
		c := *h
		if c.Like != nil {
			echoes++
		}
		c.Raw, c.RawBase64, c.RawCut, c.Matched, c.Request = "", "", false, nil, ""
		c.Summary = "" // a report has that of the first
		return lines.Encode(&c)
	}); err != nil {
		t.Fatal(err)
	}
	return out.String(), echoes
}
