package state

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t testing.TB, s *Store, text string) Segment {
	t.Helper()
	g, err := s.Put(func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func indexOf(parts ...Segment) Index {
	return Index{Maker: "rules", Run: time.Unix(1000, 0).UTC(), Told: map[string]Told{"a": {Count: 2, Outcome: "denied", Act: "b"}},
		Sources: []Source{{Path: "log", Read: "log", Size: 4, Sum: "c", Parts: parts}}}
}

func segments(t testing.TB, dir string) int {
	t.Helper()
	names, err := os.ReadDir(filepath.Join(dir, segmentFolder))
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

func TestCommitIsWhatTheNextOpenReads(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	want := indexOf(put(t, s, "one"), put(t, s, "two"))
	if err := errors.Join(s.Commit(want), s.Close()); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	defer s.Close()
	if diff := cmp.Diff(want, s.Index); diff != "" || len(s.Damage) > 0 {
		t.Errorf("%s%q", diff, s.Damage)
	}
	for _, g := range want.Sources[0].Parts {
		if ok, err := s.Verify(g, ""); !ok || err != nil || !s.Present(&want.Sources[0]) {
			t.Errorf("verify: %v, %v", ok, err)
		}
	}
}

func TestWhatNoIndexNamesIsSweptAway(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if err := s.Commit(indexOf(put(t, s, "kept"))); err != nil {
		t.Fatal(err)
	}
	put(t, s, "of a run that was killed")
	for _, name := range []string{"1.tmp", filepath.Join(segmentFolder, "2.tmp")} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	s = open(t, dir)
	defer s.Close()
	left, err := filepath.Glob(filepath.Join(dir, "*"+tempSuffix))
	if n := segments(t, dir); n != 1 || err != nil || len(left) > 0 {
		t.Errorf("%d segments, %q, %v", n, left, err)
	}
}

func TestOldIndexesGoWithTheirSegments(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer s.Close()
	for i := range 5 {
		if err := s.Commit(indexOf(put(t, s, fmt.Sprint(i)))); err != nil {
			t.Fatal(err)
		}
	}
	numbers, err := s.generations()
	if n := segments(t, dir); n != 2 || err != nil || len(numbers) != 2 {
		t.Errorf("%d segments, indexes %v, %v; want the last two", n, numbers, err)
	}
}

// TestDamagedIndexFallsBack damages the newest index in every byte.
func TestDamagedIndexFallsBack(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	before, after := indexOf(put(t, s, "before")), indexOf(put(t, s, "after"))
	if err := errors.Join(s.Commit(before), s.Commit(after), s.Close()); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "index-2")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(whole); i += 7 {
		if _, err := decode(whole[:i]); err == nil {
			t.Fatalf("cut at %d: not noticed", i)
		}
	}
	if err := os.WriteFile(name, whole[:len(whole)-9], 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if diff := cmp.Diff(before, s.Index); diff != "" || len(s.Damage) != 2 {
		t.Errorf("%s%q", diff, s.Damage)
	}
	if err := errors.Join(s.Commit(after), s.Close()); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	defer s.Close()
	if len(s.Damage) > 0 {
		t.Errorf("said again: %q", s.Damage)
	}
	for _, want := range []string{name + damagedMark + "1", filepath.Join(dir, "index-3")} { // no name is used again
		if _, err := os.Stat(want); err != nil {
			t.Error(err)
		}
	}
}

// TestDamageToTheIndexBeforeIsNoStepBack: what the last run knew stands, and nothing is
// said to be told again.
func TestDamageToTheIndexBeforeIsNoStepBack(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, text := range []string{"first", "second"} {
		if err := s.Commit(indexOf(put(t, s, text))); err != nil {
			t.Fatal(err)
		}
	}
	want := s.Index
	if err := errors.Join(s.Close(), os.Truncate(s.indexName(s.generation-1), 9)); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	defer s.Close()
	if diff := cmp.Diff(want, s.Index); diff != "" || len(s.Damage) != 1 || !strings.Contains(s.Damage[0], "set aside") {
		t.Errorf("%s%q", diff, s.Damage)
	}
}

// TestALostIndexIsNoFirstNight: a state that was restored without its index says so; one
// of which the first run was killed is none.
func TestALostIndexIsNoFirstNight(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "of a first run that was killed")
	s.Close()
	s = open(t, dir)
	if len(s.Damage) > 0 {
		t.Errorf("a first run: %q", s.Damage)
	}
	if err := errors.Join(s.Commit(indexOf(put(t, s, "told"))), s.Close(), os.Remove(filepath.Join(dir, "index-1"))); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if len(s.Damage) != 2 || !strings.Contains(s.Damage[0], "gone") || !strings.Contains(s.Damage[1], "told anew") || len(s.Index.Sources) > 0 {
		t.Errorf("%q", s.Damage)
	}
	if err := errors.Join(s.Commit(indexOf(put(t, s, "told"))), s.Close()); err != nil {
		t.Fatal(err)
	}
	if s = open(t, dir); len(s.Damage) > 0 {
		t.Errorf("said again: %q", s.Damage)
	}
	s.Close()
}

// TestCutSegmentIsNotPresent: a disk that was full when somebody copied the state.
func TestCutSegmentIsNotPresent(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer s.Close()
	src := Source{Parts: []Segment{put(t, s, "whole")}}
	if err := os.Truncate(s.segmentName(src.Parts[0]), 3); err != nil {
		t.Fatal(err)
	}
	if s.Present(&src) {
		t.Error("it is said to be there")
	}
}

func TestHeldStateNamesItsHolder(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, err := Open(dir)
	var held *HeldError
	if !errors.As(err, &held) || !strings.Contains(held.Holder, fmt.Sprint(os.Getpid())) {
		t.Errorf("%v", err)
	}
	s.Close()
	open(t, dir).Close()
}

func TestFailedPutLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer s.Close()
	full := errors.New("disk full")
	if _, err := s.Put(func(io.Writer) error { return full }); !errors.Is(err, full) || segments(t, dir) != 0 {
		t.Errorf("%v, %d segments", err, segments(t, dir))
	}
}

// FuzzDecode: whatever an index holds, it is read or refused, and what is read
// gives the same bytes again.
func FuzzDecode(f *testing.F) {
	x := indexOf(Segment{SHA256: strings.Repeat("0a", 32), Size: 3})
	b, err := x.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("{\"schema\":\"tideline.state/1\"}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := decode(b)
		if err != nil {
			return
		}
		once, err := x.encode()
		if err != nil {
			t.Fatal(err)
		}
		y, err := decode(once)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := y.encode()
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v: %q became %q", err, once, twice)
		}
	})
}
