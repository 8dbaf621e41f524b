package scanner

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
	p := echoing(t, 0, readHit("alice", "prod", "db", "allowed", 0))
	e := p.echoes
	r := rand.New(rand.NewSource(5))
	e.pathOf("a.log")
	const width, n = 48, 3*48*48 + 100 // spill merges 48 runs to one
	for i := range n {
		if err := e.hold(echo{time: int64(r.Intn(1000)), offset: int64(i), path: uint32(r.Intn(len(e.paths)))}); err != nil {
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
	for _, reader := range e.readers(nil) {
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
// each. Hits of those beyond the limit are kept in full, and none is lost.
func TestEchoesOfAMillionMembersHoldFewPaths(t *testing.T) {
	const members = maxPaths + 500
	p := echoing(t, 0)
	for i := range members {
		h := readHit("alice", "prod", "db", "allowed", i)
		h.Source.Path = fmt.Sprintf("bundle.tar!%d.log", i)
		if err := p.AddHit(h); err != nil {
			t.Fatal(err)
		}
	}
	// What repeats for a path that is known is an echo, for one that is not it is none.
	for _, c := range []struct {
		member int
		echo   bool
	}{{7, true}, {members - 1, false}} {
		x := echo{time: readHit("", "", "", "", members).Time.UnixNano()}
		if kept, err := p.echoes.again([]uint32{0}, fmt.Sprintf("bundle.tar!%d.log", c.member), x); err != nil || kept != c.echo {
			t.Errorf("member %d: kept as an echo %v, %v", c.member, kept, err)
		}
	}
	if len(p.echoes.paths) != maxPaths || p.hits.Len() != members-maxPaths {
		t.Errorf("%d paths, %d hits in full", len(p.echoes.paths), p.hits.Len())
	}
	seen := map[string]bool{}
	if err := p.EachHit(func(h *finding.Hit) error { seen[h.Source.Path] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	if len(seen) != members {
		t.Errorf("hits of %d members, want %d", len(seen), members)
	}
}
