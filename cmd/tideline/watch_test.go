package main

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"tideline/scanner"
)

// watched keeps what a Watcher is told.
type watched struct {
	mu    sync.Mutex
	paths map[string]bool
	found map[string]string
}

func (w *watched) Reading(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.paths[path] = true
}

func (w *watched) Found(id, level string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.found[id] = level
}

// TestWhoWatchesIsToldOfFindings with the ids and levels that they are reported with, if
// they are no more than one log tells: of most of those of the demo.
func TestWhoWatchesIsToldOfFindings(t *testing.T) {
	w := &watched{paths: map[string]bool{}, found: map[string]string{}}
	p, err := scanner.Collect(context.Background(), []string{"../../fixtures/demo"}, scanner.Options{Reader: newReader(), Rules: builtinSet(t), Watch: w})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, e := range p.Ledger {
		if e.Events > 0 && !w.paths[e.Path] {
			t.Errorf("not told that %s is read", e.Path)
		}
	}
	report, err := os.ReadFile("../../fixtures/golden/demo.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	told, all := 0, 0
	for line := range strings.Lines(string(report)) {
		var f struct {
			ID   string
			Rule struct{ Level string }
		}
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		all++
		if level, ok := w.found[f.ID]; ok {
			if told++; level != f.Rule.Level {
				t.Errorf("%s is %s, and was told to be %s", f.ID, f.Rule.Level, level)
			}
		}
	}
	if all == 0 || told < all/2 {
		t.Errorf("told of %d of %d findings", told, all)
	}
	t.Logf("told of %d of %d findings", told, all)
}
