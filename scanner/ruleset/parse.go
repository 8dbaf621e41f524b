package ruleset

import (
	"runtime"
	"sync"
	"sync/atomic"

	"tideline/scanner/sigma"
)

// sideBySide calls do for each index below n, on all processors. Nearly half of what a
// scan does before it reads can be done so with its rules.
func sideBySide(n int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}

// parseEach parses texts. What each gave is at its index.
func parseEach(texts []Text) []*sigma.Collection {
	out := make([]*sigma.Collection, len(texts))
	sideBySide(len(texts), func(i int) { out[i] = sigma.Parse(texts[i].Path, texts[i].Data) })
	return out
}

// parseAll is what texts give together, in their order.
func parseAll(texts []Text) *sigma.Collection {
	all := &sigma.Collection{}
	for _, c := range parseEach(texts) {
		all.Merge(c)
	}
	return all
}
