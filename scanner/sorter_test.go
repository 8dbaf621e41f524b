package scanner

import (
	"fmt"
	"math/rand"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tideline/scanner/finding"
)

func testHit(second int, path string, offset int64, rule string) *finding.Hit {
	h := &finding.Hit{Rule: rule, Time: finding.Time{Time: time.Unix(int64(second), 0).UTC()}, Outcome: "allowed"}
	h.Source.Path, h.Source.Offset = path, offset
	return h
}

func TestSorterGivesTheSameOrderWithAndWithoutSpilling(t *testing.T) {
	order := func(limit int, seed int64) []string {
		r := rand.New(rand.NewSource(seed))
		s := newHitSorter(limit)
		defer s.Close()
		var hits []*finding.Hit
		for i := range 500 {
			hits = append(hits, testHit(i%37, fmt.Sprint("p", i%5), int64(i), "r"))
		}
		r.Shuffle(len(hits), func(i, j int) { hits[i], hits[j] = hits[j], hits[i] })
		for _, h := range hits {
			if err := s.Add(h); err != nil {
				t.Fatal(err)
			}
		}
		if limit < 1<<20 && len(s.runs) < 2 {
			t.Fatalf("limit %d made %d runs; the test wants several", limit, len(s.runs))
		}
		var out []string
		if err := s.Each(func(h *finding.Hit) error {
			out = append(out, fmt.Sprint(h.Time, h.Source.Path, h.Source.Offset))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := order(1<<30, 1)
	for seed := range int64(3) {
		if got := order(20_000, seed); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("seed %d: order differs", seed)
		}
	}
}

func TestSorterCanBeReadTwiceAndAtOnce(t *testing.T) {
	s := newHitSorter(5_000)
	defer s.Close()
	for i := range 50 {
		if err := s.Add(testHit(i, "p", int64(i), "r")); err != nil {
			t.Fatal(err)
		}
	}
	outer := 0
	err := s.Each(func(*finding.Hit) error {
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
		return s.Each(func(*finding.Hit) error { inner++; return nil })
	})
	if err != nil || outer != 50 {
		t.Errorf("outer pass saw %d items, %v", outer, err)
	}
}

// TestRunsAreMergedBeforeTheyAreMany: open files do not grow with the number
// of items, and items that compare equal stay in the order they came in.
func TestRunsAreMergedBeforeTheyAreMany(t *testing.T) {
	s := &sorter[int]{
		compare: func(a, b *int) int { return *a%10 - *b%10 },
		size:    func(*int) int { return 1 },
		code:    (*coder).int,
		limit:   4,
	}
	defer s.Close()
	const n = 4 * mergeWidth * mergeWidth
	for i := range n + 7 {
		if err := s.Add(&i); err != nil {
			t.Fatal(err)
		}
		if len(s.runs) > 2*mergeWidth {
			t.Fatalf("%d runs after %d items", len(s.runs), i)
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
	for _, c := range []struct{ limit, held, runs int }{{1 << 20, 300, 0}, {100 << 10, 0, 4}} {
		s := newHitSorter(c.limit)
		for i := range 300 {
			if err := s.Add(readHit("alice", "prod", "db", "allowed", 300-i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.rest(); err != nil || len(s.items) != c.held || len(s.runs) != c.runs {
			t.Errorf("limit %d: %d hits are held and %d runs written, want %d and %d; error %v", c.limit, len(s.items), len(s.runs), c.held, c.runs, err)
		}
		n := 0
		if err := s.Each(func(*finding.Hit) error { n++; return nil }); err != nil || n != 300 {
			t.Errorf("%d hits come back, error %v", n, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestWithoutRoomSaysWhatHelps: a full disk, and a folder for temporary files that is
// not there.
func TestWithoutRoomSaysWhatHelps(t *testing.T) {
	file, err := unnamedFile()
	if err != nil {
		t.Fatal(err)
	}
	file.Close() // nothing can be written
	q := quotes{file: file, buf: []byte("x")}
	_, full := writeRun(nil, func(func(*finding.Hit) error) error { return syscall.ENOSPC })
	failures := map[string]error{"file": q.flush(), "full": full}
	dir := filepath.Join(t.TempDir(), "none")
	t.Setenv("TMPDIR", dir)
	s := newHitSorter(1)
	defer s.Close()
	failures["folder"] = s.Add(testHit(1, "p", 1, "r"))
	for what, err := range failures {
		if err == nil || !strings.Contains(err.Error(), "(free space in /") || !strings.Contains(err.Error(), ", or set TMPDIR to another folder)") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
