package state

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEveryByteCounts flips each byte of a small state in turn: what is damaged
// is set aside and said, and what is taken is what was written.
func TestEveryByteCounts(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	first := put(t, s, "what was found in one file")
	before := indexOf(first)
	if err := s.Commit(before); err != nil {
		t.Fatal(err)
	}
	after := indexOf(first, put(t, s, "and in another"))
	after.Recent = &Checkpoint{Segment: put(t, s, "what was concluded"), Covers: 1}
	if err := errors.Join(s.Commit(after), s.Close()); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, segmentFolder, "*"))
	if err != nil || len(names) != 3 {
		t.Fatal(names, err)
	}
	files := map[string][]byte{}
	for _, name := range append(names, filepath.Join(dir, "index-1"), filepath.Join(dir, "index-2")) {
		if files[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	for name, whole := range files {
		for i := range whole {
			damaged := bytes.Clone(whole)
			damaged[i] ^= 1 << (i % 8)
			if err := os.WriteFile(name, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			checkDamage(t, dir, name, i, before, after)
			if err := os.Remove(name + damagedMark + "1"); err != nil {
				t.Fatalf("%s, byte %d: not set aside: %v", filepath.Base(name), i, err)
			}
			for name, b := range files { // of a damaged index, the segments went too
				if err := os.WriteFile(name, b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// checkDamage opens a state of which a byte of one file was changed.
func checkDamage(t *testing.T, dir, name string, at int, before, after Index) {
	t.Helper()
	s, err := Open(dir)
	if _, ok := errors.AsType[*NewerError](err); ok { // the number in the schema: the state is left alone
		if err := os.WriteFile(name+damagedMark+"1", nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatalf("%s, byte %d: %v", filepath.Base(name), at, err)
	}
	defer s.Close()
	if len(s.Damage) == 0 && filepath.Dir(name) == dir { // the case of a key in its first line: it says the same
		if err := os.WriteFile(name+damagedMark+"1", nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := after
	if filepath.Base(name) == "index-2" && len(s.Damage) > 0 {
		want = before
	}
	if diff := cmp.Diff(want, s.Index); diff != "" {
		t.Fatalf("%s, byte %d: %s", filepath.Base(name), at, diff)
	}
	sound := true
	for g := range s.Index.segments() {
		ok, err := s.Verify(Segment{SHA256: g}, "lost")
		if err != nil {
			t.Fatal(err)
		}
		sound = sound && ok
	}
	if isSegment := filepath.Dir(name) != dir; sound == isSegment || isSegment && len(s.Damage) == 0 {
		t.Fatalf("%s, byte %d: sound %v, said %q", filepath.Base(name), at, sound, s.Damage)
	}
}

// TestIndexOfAnOlderFormKeepsWhatWasTold takes over what an index of before
// there were checkpoints says was told.
func TestIndexOfAnOlderFormKeepsWhatWasTold(t *testing.T) {
	x := indexOf(Segment{})
	b, err := x.encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, schema := range []string{firstSchema, secondSchema} {
		got, err := decode(bytes.Replace(b, []byte(Schema), []byte(schema), 1))
		if err != nil || len(got.Sources) != 0 || got.Maker != "" || len(got.Told) != 1 {
			t.Errorf("%s: %+v, %v", schema, got, err)
		}
	}
}
