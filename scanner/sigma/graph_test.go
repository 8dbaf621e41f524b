package sigma_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"tideline/scanner/sigma"
)

// TestGoroutinesLearnTogether: what goroutines find out about events of one Matcher
// they have in common, in whatever order it comes, and though one of them forgets it
// now and then; and each has what Match says.
func TestGoroutinesLearnTogether(t *testing.T) {
	var documents []string
	for i := range 40 {
		documents = append(documents, document(fmt.Sprintf(
			"s: {a: a%d, b|startswith: b%d}\nf: {c: [c1, c%d]}\ng: {d|contains: d%d}\ncondition: s and not f or g and not s", i%5, i%7, i%3, i)))
	}
	set := compileOne(t, sigma.Options{}, documents...)
	m := set.Matcher()
	events := func() (out []sigma.Event) {
		for i := range 400 {
			fields := map[string]any{"a": fmt.Sprint("a", i%6), "b": fmt.Sprintf("b%d-x", i%8), "d": fmt.Sprintf("-d%d-", i%50)}
			if i%4 > 0 {
				fields["c"] = fmt.Sprint("c", i%4)
			}
			out = append(out, newEvent(set, fields))
		}
		return out
	}
	var wants [][]int
	sc, matched := m.NewScratch(), 0
	for _, ev := range events() {
		wants = append(wants, m.Match(nil, ev, sc))
		matched += len(wants[len(wants)-1])
	}
	if matched < 400 {
		t.Fatalf("only %d matches: the events show nothing", matched)
	}
	var group sync.WaitGroup
	for seed := range uint64(6) {
		group.Go(func() {
			random, events, sc := rand.New(rand.NewPCG(seed, 1)), events(), m.NewScratch()
			for n := range 4000 {
				i := random.IntN(len(events))
				if got := m.MatchAlike(nil, events[i], 100, sigma.Akin{}, sc); !slices.Equal(got, wants[i]) {
					t.Errorf("event %d: %v, want %v", i, got, wants[i])
					return
				}
				if seed == 0 && n%1000 == 999 {
					sc.Forget()
				}
			}
		})
	}
	group.Wait()
}
