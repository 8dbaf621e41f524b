package echo

import (
	"fmt"
	"math/rand"
	"testing"

	"tideline/scanner/finding"
	"tideline/scanner/spill"
)

// TestRunsOfEchoesStayFew: they are merged on the way, nothing is lost, and the
// order is that of one list.
func TestRunsOfEchoesStayFew(t *testing.T) {
	e := New()
	defer e.Close()
	if _, _, err := e.Take(readHit("alice", 0)); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewSource(5))
	e.pathOf("a.log")
	const width, n = 48, 3*48*48 + 100 // spill merges 48 runs to one
	for i := range n {
		if err := e.hold(Echo{time: int64(r.Intn(1000)), offset: int64(i), path: uint32(r.Intn(len(e.paths)))}); err != nil {
			t.Fatal(err)
		}
		if i%3 == 2 {
			if err := e.spill(); err != nil {
				t.Fatal(err)
			}
		}
		if e.runs.Len() > 3*width {
			t.Fatalf("%d runs after %d echoes", e.runs.Len(), i+1)
		}
	}
	m := spill.Merger[finding.Hit]{Compare: func(a, b *finding.Hit) int { return a.Compare(b) }}
	for _, reader := range e.Readers(nil) {
		if err := m.Add(reader); err != nil {
			t.Fatal(err)
		}
	}
	seen, before := map[int64]bool{}, (*finding.Hit)(nil)
	if err := m.Each(func(h *finding.Hit) error {
		if before != nil && before.Compare(h) > 0 {
			return fmt.Errorf("%v stands before %v", before.Source, h.Source)
		}
		before, seen[h.Source.Offset] = h, true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(seen) != n {
		t.Errorf("%d echoes of %d came back", len(seen), n)
	}
}

// TestEchoesOfAMillionMembersHoldFewPaths: an archive whose members have a record
// each. Hits of those beyond the limit are for the caller to keep.
func TestEchoesOfAMillionMembersHoldFewPaths(t *testing.T) {
	const members = maxPaths + 500
	e := New()
	defer e.Close()
	full := 0
	for i := range members {
		h := readHit("alice", i)
		h.Source.Path = fmt.Sprintf("bundle.tar!%d.log", i)
		taken, template, err := e.Take(h)
		if err != nil || template != 0 {
			t.Fatalf("template %d, %v", template, err)
		}
		if !taken {
			full++
		}
	}
	// What repeats for a path that is known is an echo, for one that is not it is none.
	for _, c := range []struct {
		member int
		echo   bool
	}{{7, true}, {members - 1, false}} {
		x := Echo{time: readHit("", members).Time.UnixNano()}
		if kept, err := e.Again([]uint32{0}, fmt.Sprintf("bundle.tar!%d.log", c.member), x); err != nil || kept != c.echo {
			t.Errorf("member %d: kept as an echo %v, %v", c.member, kept, err)
		}
	}
	// The first is kept in full, and its path is none of an echo.
	if len(e.paths) != maxPaths || full != members-maxPaths {
		t.Errorf("%d paths, %d hits in full", len(e.paths), full)
	}
}
