package scanner

import (
	"fmt"
	"math/rand"
	"testing"

	"tideline/scanner/finding"
)

// TestRunsOfEchoesStayFew: they are merged on the way, nothing is lost, and the
// order is that of one list.
func TestRunsOfEchoesStayFew(t *testing.T) {
	p := echoing(t, 0, readHit("alice", "prod", "db", "allowed", 0))
	e := p.echoes
	r := rand.New(rand.NewSource(5))
	e.pathOf("a.log")
	const n = 3*mergeWidth*mergeWidth + 100
	for i := range n {
		if err := e.hold(echo{time: int64(r.Intn(1000)), offset: int64(i), path: uint32(r.Intn(len(e.paths)))}); err != nil {
			t.Fatal(err)
		}
		if i%3 == 2 {
			if err := e.spill(); err != nil {
				t.Fatal(err)
			}
		}
		if len(e.runs) > 3*mergeWidth {
			t.Fatalf("%d runs after %d echoes", len(e.runs), i+1)
		}
	}
	m := merger[finding.Hit]{compare: func(a, b *finding.Hit) int { return a.Compare(b) }}
	for i, reader := range e.readers(nil) {
		reader.order = i
		if err := m.push(reader); err != nil {
			t.Fatal(err)
		}
	}
	seen, before := map[int64]bool{}, (*finding.Hit)(nil)
	if err := m.each(func(h *finding.Hit) error {
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
