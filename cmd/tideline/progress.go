package main

import (
	"io"
	"io/fs"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
)

// A progress shows, on a terminal only, how many of the compressed bytes were
// read. The workers add to one counter; a ticker paints it, so that progress
// never slows a scan, and errors of painting are of no consequence.
type progress struct {
	read atomic.Int64
	bar  *progressbar.ProgressBar
	quit chan struct{}
	done sync.WaitGroup
}

// startProgress returns a progress that paints nothing if the flags say so or if
// standard error is no terminal.
func (s *session) startProgress(paths []string) *progress {
	if s.cli.Bool("quiet") || s.cli.Bool("no-progress") || !isTerminal(s.env.stderr) {
		return &progress{quit: make(chan struct{})}
	}
	return paintProgress(s.env.stderr, totalSize(paths))
}

// paintProgress returns a progress towards total bytes that w shows.
func paintProgress(w io.Writer, total int64) *progress {
	p := &progress{quit: make(chan struct{})}
	if total == 0 { // of a pipe, whose length nobody knows: a spinner and what was read
		total = -1
	}
	p.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription("scanning"),
		progressbar.OptionShowBytes(true),
		progressbar.OptionUseIECUnits(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionFullWidth(),
		// The spinner turns when paint says so: the library's own goroutine
		// for it reads, unlocked, what StartWithoutRender writes.
		progressbar.OptionSetSpinnerChangeInterval(0),
	)
	p.bar.StartWithoutRender() // else its clock starts with the first painting, and the speed is absurd
	p.done.Go(func() { p.paint(total) })
	return p
}

// paint keeps the bar up to date until the end; total is 0 where it is not known.
func (p *progress) paint(total int64) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			n := p.read.Load()
			if total > 0 {
				n = min(n, total)
			}
			_ = p.bar.Set64(n)
			_ = p.bar.RenderBlank() // Set64 paints a new percentage only: much later, or never of a pipe that rests
		case <-p.quit:
			_ = p.bar.Clear()
			_ = p.bar.Exit()
			return
		}
	}
}

// add counts compressed bytes; many goroutines call it.
func (p *progress) add(n int64) { p.read.Add(n) }

// stop removes the bar from the screen.
func (p *progress) stop() {
	close(p.quit)
	p.done.Wait()
}

// totalSize adds up what can be seen of the inputs; what cannot be seen only
// makes the bar less true.
func totalSize(paths []string) int64 {
	var total int64
	for _, path := range paths {
		_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
				total += info.Size()
			}
			return nil
		})
	}
	return total
}
