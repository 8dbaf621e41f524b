package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tideline/scanner/state"
)

// TestWhatIsLongPastIsFolded plays a month with a short memory: the state stops
// growing, and still nothing is told twice or never told.
func TestWhatIsLongPastIsFolded(t *testing.T) {
	w := newWorld(t, 2)
	told := map[string]int{}
	var sizes [nights]int64
	for night := range nights {
		w.play(night)
		w.forgetRotated(night - 6)
		for _, f := range w.night(t, "--keep", "4d") {
			if _, again := told[f.ID]; again && retold(f) == "" {
				t.Errorf("night %d: %s (%s) was told in night %d", night, f.ID, f.Summary, told[f.ID])
			}
			told[f.ID] = night
		}
		sizes[night] = sizeOf(t, w.state)
	}
	s, err := state.Open(w.state)
	w.must(err)
	defer s.Close()
	dropped := 0
	for _, src := range s.Index.Sources {
		dropped += src.Dropped
	}
	if s.Index.Past == nil || s.Index.Newest.Sub(s.Index.Past.At).Hours() > 24*6 {
		t.Fatalf("nothing was folded: %+v", s.Index.Past)
	}
	if n := len(s.Index.Sources); n > 40 {
		t.Errorf("%d sources are known; those that are gone were to be forgotten", n)
	}
	t.Logf("%d bytes after ten nights, %d after thirty; %d sources, %d parts folded away", sizes[9], sizes[nights-1], len(s.Index.Sources), dropped)
	if sizes[nights-1] > 3*sizes[9] {
		t.Errorf("the state grows: %d bytes after ten nights, %d after thirty", sizes[9], sizes[nights-1])
	}
	for id := range w.everything(t) {
		if _, ok := told[id]; !ok {
			t.Errorf("never told: %s", id)
		}
	}
}

// forgetRotated removes what was rotated, as a disk that is not endless does;
// everything keeps what was written that day.
func (w *world) forgetRotated(night int) {
	if night < 0 {
		return
	}
	for _, pattern := range []string{"kube/audit.log.*.gz", "node=worker2/audit.log-*"} {
		names, err := filepath.Glob(filepath.Join(w.logs, pattern))
		w.must(err)
		for i, name := range names {
			if i >= 6 {
				w.must(os.Remove(name))
			}
		}
	}
}

// everything is what one scan finds in all that was ever written, but for what
// spans several files.
func (w *world) everything(t *testing.T) map[string]bool {
	t.Helper()
	dir := t.TempDir()
	for name, shares := range map[string][][]byte{"audit.log": w.kube, "node=worker2/audit.log": w.audit} {
		name = filepath.Join(dir, name)
		w.must(os.MkdirAll(filepath.Dir(name), 0o755))
		w.must(os.WriteFile(name, bytes.Join(shares, nil), 0o600))
	}
	out := printed(t, "scan", "-q", "-f", "ndjson", "--min-level", "medium", dir)
	ids := map[string]bool{}
	for _, f := range findings([]byte(out)) {
		if len(f.Related) == 0 {
			ids[f.ID] = true
		}
	}
	if len(ids) < 10 {
		t.Fatalf("only %d findings", len(ids))
	}
	return ids
}

func sizeOf(t *testing.T, dir string) (sum int64) {
	t.Helper()
	if err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return sum
}

// partsOf are the segments of the source that was last seen under a name.
func partsOf(t *testing.T, dir, name string) []state.Segment {
	t.Helper()
	return sourceOf(t, dir, name).Parts
}

// TestGrownLogsAreGoneOnWith grows logs of all kinds, each night a little: what
// was read before is not read again, and everything is told as one scan tells
// it.
func TestGrownLogsAreGoneOnWith(t *testing.T) {
	w := newWorld(t, 4)
	cri := func(line []byte) []byte {
		return fmt.Appendf(nil, "2026-03-01T10:00:00.123456789Z stdout F %s", line)
	}
	demo := map[string][][]byte{
		"kube/audit.log":             w.kube,
		"node=worker2/audit.log":     w.audit,
		"pods/app_web-0/app/0.log":   w.shares(eachLine(demoFile(t, "sosreport", "kubernetes/audit/audit.log"), cri)),
		"docker/events-of-host.json": w.shares(gunzipped(t, demoFile(t, "Collection", "docker-events.json.gz"))),
	}
	first := map[string]string{}
	for night := range 6 {
		for name, shares := range demo {
			w.write(w.path(name), shares[night])
		}
		w.night(t)
		for name := range demo {
			parts := partsOf(t, w.state, w.path(name))
			if len(parts) < 2 {
				t.Errorf("night %d: %s cannot be gone on with", night, name)
			} else if first[name] == "" {
				first[name] = parts[0].SHA256
			} else if parts[0].SHA256 != first[name] {
				t.Errorf("night %d: %s was read again", night, name)
			}
		}
	}
	log := w.path("node=worker2/audit.log")
	packed := packedLog(t, append(mustRead(t, log), w.audit[6]...))
	w.must(os.Remove(log))
	w.must(os.WriteFile(log+".1.gz", packed, 0o600))
	w.write(log, w.audit[7])
	w.night(t)
	if parts := partsOf(t, w.state, log+".1.gz"); parts[0].SHA256 != first["node=worker2/audit.log"] {
		t.Error("the log that was packed was read again")
	}
	w.compare(t)
}

// TestNightReadsOfTheStateWhatItNeeds: once the first part of the logs was
// learned, a night goes on from the one before. It does not look at what was
// found weeks ago, so it does not even notice that it is damaged.
func TestNightReadsOfTheStateWhatItNeeds(t *testing.T) {
	w := newWorld(t, 6)
	kube, audit := w.path("kube/audit.log"), w.path("node=worker2/audit.log")
	for night := range 18 {
		w.write(kube, w.kube[night])
		w.write(audit, w.audit[night])
		if night != 5 && night != 17 {
			continue // some nights the machine was off
		}
		w.night(t)
	}
	parts := partsOf(t, w.state, kube)
	old := filepath.Join(w.state, "segments", parts[0].SHA256)
	sound := mustRead(t, old)
	w.must(os.WriteFile(old, flipped(sound, len(sound)/2), 0o600))
	args := []string{"scan", "-q", "--state", w.state, "-f", "ndjson", w.logs}
	w.write(kube, w.kube[18])
	if _, _, errs := tideline(args...); strings.Contains(errs, "state.reset") {
		t.Errorf("a night with a day's news looked at everything: %s", errs)
	}
	w.write(w.path("late.log"), bytes.ReplaceAll(w.kube[3], []byte(`"auditID":"`), []byte(`"auditID":"late-`)))
	if _, _, errs := tideline(args...); !strings.Contains(errs, "state.reset") {
		t.Errorf("late events did not make a night look at everything: %s", errs)
	}
	w.compare(t)
}

func eachLine(log []byte, f func([]byte) []byte) []byte {
	var out []byte
	for line := range bytes.Lines(log) {
		out = append(out, f(line)...)
	}
	return out
}

func mustRead(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func gunzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	zr, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func packedLog(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	zw := gzip.NewWriter(&out)
	if _, err := zw.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestAlteredLogIsNoticed changes a log in its middle and sets its time back.
// The kernel's own time of change tells, but for a file that was renamed since;
// --verify tells always.
func TestAlteredLogIsNoticed(t *testing.T) {
	for _, renamed := range []bool{false, true} {
		w := newWorld(t, 1)
		w.play(0)
		w.night(t)
		log := w.path("node=worker2/audit.log")
		before, err := os.Stat(log)
		w.must(err)
		b := mustRead(t, log)
		copy(b[len(b)/2:], "XXXX")
		w.must(os.WriteFile(log, b, 0o600))
		w.must(os.Chtimes(log, before.ModTime(), before.ModTime()))
		args := []string{"scan", "-q", "--state", w.state, "-f", "ndjson"}
		if renamed {
			w.must(os.Rename(log, log+".1"))
			if _, _, errs := tideline(append(args, w.logs)...); strings.Contains(errs, "altered") {
				t.Errorf("renamed: %q; if this is noticed now, say so in the README", errs)
			}
			w.must(os.Rename(log+".1", log))
			args = append(args, "--verify")
		}
		if _, _, errs := tideline(append(args, w.logs)...); !strings.Contains(errs, "altered: "+log) {
			t.Errorf("renamed %v: stderr %q; want it said", renamed, errs)
		}
	}
}

// TestStateOnAFullDiskStaysAsItWas lets no file grow beyond a few kilobytes.
func TestStateOnAFullDiskStaysAsItWas(t *testing.T) {
	w := newWorld(t, 1)
	w.play(0)
	w.night(t)
	before := partsOf(t, w.state, w.path("kube/audit.log"))
	w.play(1)
	status, errs := shell(t, w.logs, `ulimit -f 4; trap '' XFSZ; exec "$TIDELINE" scan -q --state '`+w.state+`' -f ndjson . >/dev/null`)
	if status != exitDelivery || !strings.Contains(errs, "could not be written") || !strings.Contains(errs, "stands") {
		t.Errorf("status %d, %q", status, errs)
	}
	sound(t, w.state)
	if after := partsOf(t, w.state, w.path("kube/audit.log")); len(after) != len(before) || after[0] != before[0] {
		t.Errorf("the state changed: %v, was %v", after, before)
	}
	w.night(t)
	w.sameAsFresh(t)
}

// TestLogThatRestedGrowsAfterAll: what is known of the processes of a log is
// given up when the log has not grown for days, and when it grows all the same,
// it is read again, and nothing is lost or doubled.
func TestLogThatRestedGrowsAfterAll(t *testing.T) {
	w := newWorld(t, 8)
	log := w.path("node=worker2/audit.log")
	w.write(w.path("kube/audit.log"), w.kube[0])
	w.write(log, w.audit[0])
	w.night(t)
	if carry := sourceOf(t, w.state, log).Carry; carry == nil {
		t.Fatal("a log that has just been written cannot be gone on with: the test shows nothing")
	}
	old := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	w.must(os.Chtimes(log, old, old))
	w.write(w.path("kube/audit.log"), w.kube[1])
	w.night(t)
	if carry := sourceOf(t, w.state, log).Carry; carry != nil {
		t.Error("what was known of a log that rests is kept")
	}
	w.write(log, w.audit[1])
	w.write(w.path("kube/audit.log"), w.kube[2])
	w.night(t)
	w.sameAsFresh(t)
	w.night(t)
	w.sameAsFresh(t)
}

// sourceOf is what a state knows of a file.
func sourceOf(t *testing.T, dir, name string) state.Source {
	t.Helper()
	s, err := state.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, src := range s.Index.Sources {
		if src.Path == name {
			return src
		}
	}
	t.Fatalf("%s is not known", name)
	return state.Source{}
}
