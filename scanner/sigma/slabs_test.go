package sigma

import (
	"fmt"
	"strings"
	"testing"
)

// TestSlabsLendEachPlaceOnce: until they are emptied no two runs overlap, whatever
// their lengths; afterwards the same places are lent again.
func TestSlabsLendEachPlaceOnce(t *testing.T) {
	var s slabs[int]
	var first *int
	for round := range 3 {
		var runs [][]int
		for i := range 4 * slabSize / 7 {
			runs = append(runs, s.take(1+i%13))
		}
		runs = append(runs, s.take(slabSize), s.take(slabSize+1), s.take(1))
		for i, run := range runs {
			for k := range run {
				run[k] = i
			}
			if cap(run) != len(run) {
				t.Fatalf("run %d of %d has room for %d: appending would write over the next", i, len(run), cap(run))
			}
		}
		for i, run := range runs {
			for _, v := range run {
				if v != i {
					t.Fatalf("round %d: run %d was given to run %d as well", round, i, v)
				}
			}
		}
		if round == 0 {
			first = &runs[0][0]
		} else if first != &runs[0][0] {
			t.Fatal("an emptied slab is not used again")
		}
		s.empty()
	}
}

// TestArenaIsNotKept: what was parsed stays as it is when its arena reads another
// file.
func TestArenaIsNotKept(t *testing.T) {
	rule := func(word string) []byte {
		return []byte("title: " + word + "\nlogsource: {product: linux}\ncustom:\n  a: [" + word + ", 2]\ndetection:\n" +
			"  sel:\n    f|contains:\n      - " + word + "\n      - 'x'\n  condition: sel\n")
	}
	a := new(arena)
	parse := func(data []byte) *Collection {
		p := &parser{path: "rule.yml", out: &Collection{}, arena: a}
		n, ok := plainYAML(data, a)
		if !ok {
			t.Fatal("not read the short way")
		}
		p.action(n)
		a.nodes.empty()
		a.lists.empty()
		return p.out
	}
	tell := func(c *Collection) string {
		r := c.Rules[0]
		return fmt.Sprintf("%+v %+v %+v %v", r.Header, r.LogSource, *r.detection.root.item, c.Problems)
	}
	first := parse(rule("first"))
	want := tell(first)
	parse(rule("second"))
	if got := tell(first); got != want || !strings.Contains(want, "first") {
		t.Errorf("changed from\n%s\nto\n%s", want, got)
	}
}
