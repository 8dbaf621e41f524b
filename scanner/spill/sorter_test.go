package spill

import (
	"fmt"
	"math/rand"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// A word is an item of tests.
type word struct {
	Text string
	Rank int
}

func words(limit int) *Sorter[word] {
	return &Sorter[word]{
		Compare: func(a, b *word) int { return a.Rank - b.Rank },
		Size:    func(w *word) int { return 64 + len(w.Text) },
		Code:    func(c *Coder, w *word) { c.Text(&w.Text); c.Int(&w.Rank) },
		Limit:   limit,
	}
}

// inOrder adds words of ranks from 0 in a random order, and gives them as they come back.
func inOrder(t *testing.T, s *Sorter[word], n int, seed int64) []string {
	t.Helper()
	for _, rank := range rand.New(rand.NewSource(seed)).Perm(n) {
		if err := s.Add(&word{fmt.Sprint("word ", rank), rank}); err != nil {
			t.Fatal(err)
		}
	}
	var out []string
	if err := s.Each(func(w *word) error { out = append(out, w.Text); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSorterGivesTheSameOrderWithAndWithoutSpilling(t *testing.T) {
	var want []string
	for i := range 500 {
		want = append(want, fmt.Sprint("word ", i))
	}
	for _, c := range []struct{ limit, runs int }{{1 << 30, 0}, {10_000, 2}} {
		for seed := range int64(3) {
			s := words(c.limit)
			if got := inOrder(t, s, 500, seed); !slices.Equal(got, want) {
				t.Errorf("limit %d, seed %d: %q", c.limit, seed, got)
			}
			if s.runs.Len() < c.runs || c.runs == 0 && s.runs.Len() > 0 || s.Len() != 500 {
				t.Errorf("limit %d: %d runs, want %d or more; %d items", c.limit, s.runs.Len(), c.runs, s.Len())
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestSorterCanBeReadTwiceAndAtOnce(t *testing.T) {
	s := words(1_000)
	defer s.Close()
	inOrder(t, s, 50, 1)
	outer := 0
	err := s.Each(func(*word) error {
		outer++
		if outer != 3 {
			return nil
		}
		inner := 0
		defer func() {
			if inner != 50 {
				t.Errorf("inner pass saw %d items, want 50", inner)
			}
		}()
		return s.Each(func(*word) error { inner++; return nil })
	})
	if err != nil || outer != 50 {
		t.Errorf("outer pass saw %d items, %v", outer, err)
	}
}

// TestRunsAreMergedBeforeTheyAreMany: open files do not grow with the number
// of items, and items that compare equal stay in the order they came in.
func TestRunsAreMergedBeforeTheyAreMany(t *testing.T) {
	s := &Sorter[int]{
		Compare: func(a, b *int) int { return *a%10 - *b%10 },
		Size:    func(*int) int { return 1 },
		Code:    (*Coder).Int,
		Limit:   4,
	}
	defer s.Close()
	const n = 4 * mergeWidth * mergeWidth
	for i := range n + 7 {
		if err := s.Add(&i); err != nil {
			t.Fatal(err)
		}
		if s.runs.Len() > 2*mergeWidth {
			t.Fatalf("%d runs after %d items", s.runs.Len(), i)
		}
	}
	count, last := 0, -1
	err := s.Each(func(i *int) error {
		if last >= 0 && (*i%10 < last%10 || *i%10 == last%10 && *i < last) {
			return fmt.Errorf("%d behind %d", *i, last)
		}
		count, last = count+1, *i
		return nil
	})
	if err != nil || count != n+7 {
		t.Errorf("%d items, want %d: %v", count, n+7, err)
	}
}

// TestRestOnDisk: behind what was put on disk, all of it is; what has room in memory
// stays there.
func TestRestOnDisk(t *testing.T) {
	for _, c := range []struct {
		limit, held int
		runs        bool
	}{{1 << 20, 300, false}, {5_000, 0, true}} {
		s := words(c.limit)
		if got := inOrder(t, s, 300, 2); len(got) != 300 {
			t.Errorf("%d items come back", len(got))
		}
		if err := s.Rest(); err != nil || s.Held() != c.held || s.runs.Len() > 0 != c.runs {
			t.Errorf("limit %d: %d are held and %d runs written, want %d; error %v", c.limit, s.Held(), s.runs.Len(), c.held, err)
		}
		n := 0
		if err := s.Each(func(*word) error { n++; return nil }); err != nil || n != 300 {
			t.Errorf("%d items come back, error %v", n, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestEqualItemsComeInTheOrderOfTheirReaders: so that a report does not depend on how a
// heap lies.
func TestEqualItemsComeInTheOrderOfTheirReaders(t *testing.T) {
	m := Merger[word]{Compare: func(a, b *word) int { return a.Rank - b.Rank }}
	for _, run := range [][]*word{{}, {{"a", 1}, {"b", 2}}, {{"c", 1}, {"d", 1}, {"e", 3}}, {{"f", 0}, {"g", 2}}} {
		if err := m.Add(Listed(run)); err != nil {
			t.Fatal(err)
		}
	}
	got := ""
	if err := m.Each(func(w *word) error { got += w.Text; return nil }); err != nil || got != "facdbge" {
		t.Errorf("%s, error %v", got, err)
	}
}

// TestWithoutRoomSaysWhatHelps: a full disk, and a folder for temporary files that is
// not there.
func TestWithoutRoomSaysWhatHelps(t *testing.T) {
	var r Runs[word]
	r.Codec = func() Codec[word] { return newItemCodec(words(1).Code) }
	failures := map[string]error{"full": r.Add(func(func(*word) error) error { return syscall.ENOSPC })}
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	s := words(1)
	defer s.Close()
	failures["folder"] = s.Add(&word{"word", 1})
	for what, err := range failures {
		if err == nil || !strings.Contains(err.Error(), "(free space in /") || !strings.Contains(err.Error(), ", or set TMPDIR to another folder)") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
