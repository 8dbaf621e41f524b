package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// A screen keeps what is shown on it. It belongs to one goroutine at a time, as
// every writer does that nobody promised more of: the race detector watches that.
type screen struct {
	text    strings.Builder
	painted chan bool // told of every write; never waited for
}

func (s *screen) Write(p []byte) (int, error) {
	s.text.Write(p)
	select {
	case s.painted <- true:
	default:
	}
	return len(p), nil
}

// TestProgressIsPaintedByOneGoroutine, of a file and of a pipe, while many count.
// When it has stopped, nothing of it is left, and nothing more is shown.
func TestProgressIsPaintedByOneGoroutine(t *testing.T) {
	for name, total := range map[string]int64{"file": 1 << 30, "pipe": 0} {
		s := &screen{painted: make(chan bool, 1)}
		p := paintProgress(s, total)
		var workers sync.WaitGroup
		for range 8 {
			workers.Go(func() {
				for range 1024 {
					p.add(1 << 10)
				}
			})
		}
		for range 2 {
			<-s.painted
		}
		workers.Wait()
		p.stop()
		shown := s.text.String()
		if !strings.Contains(shown, "scanning") || !strings.Contains(shown, "MiB") {
			t.Errorf("%s: %q does not say what was read", name, shown)
		}
		if last := shown[strings.LastIndexAny(strings.TrimRight(shown, "\r"), "\r")+1:]; strings.Trim(last, " \r") != "" {
			t.Errorf("%s: %q is left on the screen", name, last)
		}
	}
}

// TestProgressTellsWhatWasFound as far as there is room, the worst first, and nothing
// that a terminal would obey.
func TestProgressTellsWhatWasFound(t *testing.T) {
	p := paintProgress(&screen{}, 0)
	defer p.stop()
	p.Reading("evidence.tar/var/log/audit.log\x1b[2J")
	for i := range 40 {
		p.Found(fmt.Sprint(i%20), []string{"high", "low", "informational", "critical"}[i%4])
	}
	for width, want := range map[int]string{
		200: "scanning: 5 critical, 5 high, 5 low in audit.log\\x1b[2J",
		88:  "scanning: 5 critical, 5 high, 5 low",
		80:  "scanning: 5 critical, 5 high",
		70:  "scanning: 5 critical",
		0:   "scanning",
	} {
		if got := p.told(width); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
}
