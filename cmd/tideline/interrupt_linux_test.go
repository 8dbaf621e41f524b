package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w
}

var signals = func() map[syscall.Signal]int {
	all := map[syscall.Signal]int{syscall.SIGTERM: exitTerminated, syscall.SIGINT: exitInterrupted, syscall.SIGHUP: exitHungUp}
	if signal.Ignored(syscall.SIGHUP) { // the tests run under nohup, and programs inherit that
		delete(all, syscall.SIGHUP)
	}
	return all
}()

// An interrupted scan ends, even if its input says nothing more and never ends,
// and leaves the old report as it was.
func TestInterruptedScanLeavesTheOldReport(t *testing.T) {
	for signal, status := range signals {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "r.json"), []byte("the old one"), 0o600); err != nil {
			t.Fatal(err)
		}
		theirs, ours := pipe(t)
		s := start(t, dir, theirs, nil, nil, "scan", "-o", "r.json", "-")
		theirs.Close()
		// More than a pipe holds: when all is written the program reads, and is
		// prepared for signals.
		if _, err := ours.Write(bytes.Repeat([]byte("a line\n"), 1<<18)); err != nil {
			t.Errorf("%v: it does not read: %v", signal, err)
		}
		if err := s.cmd.Process.Signal(signal); err != nil {
			t.Error(err)
		}
		if got := s.end(t); got != status || !strings.Contains(s.stderr.String(), "interrupted") {
			t.Errorf("%v: exit status %d, want %d: %s", signal, got, status, &s.stderr)
		}
		if data, err := os.ReadFile(filepath.Join(dir, "r.json")); err != nil || string(data) != "the old one" || fileNames(t, dir) != "r.json" {
			t.Errorf("%v: report %q, %v; left: %s", signal, data, err, fileNames(t, dir))
		}
	}
}

// small makes a pipe hold as little as there is, a page of memory: pipe(7).
func small(t *testing.T, w *os.File) {
	t.Helper()
	const setPipeSize = 1031 // F_SETPIPE_SZ of fcntl(2), Linux
	if _, _, errno := syscall.Syscall(syscall.SYS_FCNTL, w.Fd(), setPipeSize, 4096); errno != 0 {
		t.Fatal(errno)
	}
}

// The same when the report is being written, and the reader of another one has
// stopped reading: no part of it stays.
func TestInterruptedDeliveryLeavesNothing(t *testing.T) {
	demo, err := filepath.Abs("../../fixtures/demo")
	if err != nil {
		t.Fatal(err)
	}
	for signal, status := range signals {
		dir := t.TempDir()
		ours, theirs := pipe(t)
		small(t, theirs)
		s := start(t, dir, nil, theirs, nil, "scan", "-q", "-f", "html", "-o", "r.json", demo)
		theirs.Close()
		// The page begins when all reports have begun, with more than the pipe
		// holds: as soon as some of it is there, the program waits for its reader.
		if _, err := io.ReadFull(ours, make([]byte, 1)); err != nil {
			t.Errorf("%v: no page came: %v", signal, err)
		}
		if names := fileNames(t, dir); !strings.HasSuffix(names, ".part") {
			t.Errorf("%v: the folder holds %q while the report is written", signal, names)
		}
		if err := s.cmd.Process.Signal(signal); err != nil {
			t.Error(err)
		}
		if got := s.end(t); got != status || !strings.Contains(s.stderr.String(), "no report was left behind") {
			t.Errorf("%v: exit status %d, want %d: %s", signal, got, status, &s.stderr)
		}
		if names := fileNames(t, dir); names != "" {
			t.Errorf("%v: left behind: %s", signal, names)
		}
	}
}

// TestNohupIsHeard: a scan that was told to outlive its terminal does.
func TestNohupIsHeard(t *testing.T) {
	theirs, ours := pipe(t)
	cmd := exec.Command("sh", "-c", `trap "" HUP; exec "$0" scan -q --allow-empty -`, program(t))
	cmd.Stdin = theirs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	if _, err := ours.Write(bytes.Repeat([]byte("a line\n"), 1<<18)); err != nil {
		t.Error(err)
	}
	if err := errors.Join(cmd.Process.Signal(syscall.SIGHUP), ours.Close(), cmd.Wait()); err != nil {
		t.Error(err)
	}
}
