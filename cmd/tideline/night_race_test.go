package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestLogsChangeWhileTheyAreRead runs nights one after the other while a writer
// appends pieces of lines to two logs, rotates one by rename and the other by
// copy and truncation. What the nights told is then what one scan over
// everything that was written tells.
func TestLogsChangeWhileTheyAreRead(t *testing.T) {
	for seed := range int64(2) {
		w := worldOf(t, seed, true)
		done, ran := make(chan error, 1), make(chan bool)
		go func() { done <- w.keepWriting(ran) }()
		told := map[string]bool{}
		night := func() {
			for _, f := range w.night(t) {
				if told[f.ID] && retold(f) == "" {
					t.Errorf("seed %d: told again: %s", seed, f.Summary)
				}
				told[f.ID] = true
			}
		}
		runs := 0
		for writing := true; writing; runs++ {
			night()
			select {
			case err := <-done:
				w.must(err)
				writing = false
			case ran <- true:
			}
		}
		night()
		t.Logf("%d runs while the logs changed", runs)
		if runs < 5 {
			t.Errorf("seed %d: only %d runs while the logs changed: nothing is proven", seed, runs)
		}
		want := w.compare(t)
		for id := range want {
			if !told[id] {
				t.Errorf("seed %d: never told: %s", seed, id)
			}
		}
	}
}

// keepWriting appends both logs in pieces, and rotates them; now and then it
// waits for a run to end, so that there are enough of them. It returns errors
// instead of ending the test, which only the test's own goroutine may.
func (w *world) keepWriting(ran <-chan bool) error {
	kube, audit := filepath.Join(w.logs, "kube/audit.log"), filepath.Join(w.logs, "node=worker2/audit.log")
	rest := map[string][]byte{kube: bytes.Join(w.kube, nil), audit: bytes.Join(w.audit, nil)}
	for _, name := range []string{kube, audit} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
	}
	for turn := 0; len(rest[kube])+len(rest[audit]) > 0; turn++ {
		for _, name := range []string{kube, audit} {
			log := rest[name]
			n := min(len(log), 1+len(w.kube[0])%7+1<<16)
			if err := appendTo(name, log[:n]); err != nil {
				return err
			}
			rest[name] = log[n:]
		}
		if turn%8 == 7 {
			if err := os.Rename(kube, fmt.Sprintf("%s.%d", kube, 100-turn/8)); err != nil {
				return err
			}
			if err := copyAndTruncate(audit, fmt.Sprintf("%s-%03d", audit, turn)); err != nil {
				return err
			}
		}
		if turn%6 == 5 {
			<-ran
		}
	}
	return nil
}

func appendTo(name string, b []byte) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(b); err != nil {
		return err
	}
	return f.Close()
}

func copyAndTruncate(name, to string) error {
	b, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(to, b, 0o644)
	}
	if err == nil {
		err = os.Truncate(name, 0)
	}
	return err
}
