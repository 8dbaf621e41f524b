package scanner

import (
	"errors"
	"fmt"
	"sync"

	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/tally"
)

// errHits marks that hits could not be kept (the disk for temporary runs is
// full): the scan cannot go on, unlike when a source cannot be read.
var errHits = errors.New("scanner: hits could not be kept")

// A hitBuffer is a Partial that many goroutines add to.
type hitBuffer struct {
	mu      sync.Mutex
	partial *Partial
	lean    []bool  // by rule: nobody will ask for the evidence of its hits; nil: of none
	watch   Watcher // Optional
	failed  error   // of enter, once
}

func (b *hitBuffer) add(h *finding.Hit) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return hitError(b.partial.AddHit(h))
}

// repeats takes h if it repeats a hit that is kept; its evidence is not needed
// then. If not, keep must follow. template is that of h and of its repetitions,
// -1 if there is none.
func (b *hitBuffer) repeats(h *finding.Hit) (taken bool, template int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken, template, err = b.partial.repeats(h)
	return taken, template, hitError(err)
}

// again keeps x, at a place in path, as a repetition of each of templates; false
// if it cannot be one of all of them, and then it is none.
func (b *hitBuffer) again(templates []uint32, path string, x echo.Echo) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken, err := b.partial.echoes.Again(templates, path, x)
	return taken, hitError(err)
}

// quoted is again for one template of acts without a principal. h has the
// evidence.
func (b *hitBuffer) quoted(template uint32, path string, x echo.Echo, h *finding.Hit) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken, err := b.partial.echoes.Quoted(template, path, x, h)
	return taken, hitError(err)
}

// keep adds a hit that repeats none.
func (b *hitBuffer) keep(h *finding.Hit) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return hitError(b.partial.hits.Add(h))
}

func hitError(err error) error {
	if err != nil {
		return fmt.Errorf("%w: %w", errHits, err)
	}
	return nil
}

// addParted keeps an event until all partials are together.
func (b *hitBuffer) addParted(l *partedEvent) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return hitError(b.partial.parted.Add(l))
}

// enter adds a ledger entry, and counts it as a source of format.
func (b *hitBuffer) enter(e finding.Entry, format string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.partial.enter(e); err != nil && b.failed == nil {
		b.failed = fmt.Errorf("keep the ledger entry of %.200q: %w", e.Path, err)
	}
	b.source(format)
}

// failure is why an entry could not be kept, if one could not.
func (b *hitBuffer) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failed
}

// count counts a source of format that has no ledger entry of its own.
func (b *hitBuffer) count(format string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.source(format)
}

func (b *hitBuffer) source(format string) {
	if format != "" {
		b.partial.Aggregates.AddSource(format)
	}
}

// merge takes the statistics of t, which is told what has no room here.
func (b *hitBuffer) merge(t *tally.Tally) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t.HandTo(b.partial.Aggregates)
}
