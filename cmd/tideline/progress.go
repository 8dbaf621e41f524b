package main

import (
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"

	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/finding"
)

// A progress shows, on a terminal only, how many of the compressed bytes were
// read, which file is, and what was found so far. The workers add to counters; a ticker
// paints them, so that progress never slows a scan, and errors of painting are of no
// consequence.
type progress struct {
	read  atomic.Int64
	file  atomic.Pointer[string] // begun last
	mu    sync.Mutex
	found map[string]bool // ids of findings
	count map[string]int  // of them, by level
	bar   *progressbar.ProgressBar
	quit  chan struct{}
	done  sync.WaitGroup
}

// maxShownFound is how many findings are counted while a scan goes on.
const maxShownFound = 10_000

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
	p := &progress{quit: make(chan struct{}), found: map[string]bool{}, count: map[string]int{}}
	width := terminalWidth(w)
	if total == 0 { // of a pipe, whose length nobody knows: a spinner and what was read
		total = -1
	}
	p.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(p.told(width)),
		progressbar.OptionShowBytes(true),
		progressbar.OptionShowCount(),
		progressbar.OptionUseIECUnits(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionFullWidth(),
		// The spinner turns when paint says so: the library's own goroutine
		// for it reads, unlocked, what StartWithoutRender writes.
		progressbar.OptionSetSpinnerChangeInterval(0),
	)
	p.bar.StartWithoutRender() // else its clock starts with the first painting, and the speed is absurd
	p.done.Go(func() { p.paint(total, width) })
	return p
}

// paint keeps the bar up to date until the end; total is 0 where it is not known.
func (p *progress) paint(total int64, width int) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			n := p.read.Load()
			if total > 0 {
				n = min(n, total)
			}
			p.bar.Describe(p.told(width))
			_ = p.bar.Set64(n)
			_ = p.bar.RenderBlank() // Set64 paints a new percentage only: much later, or never of a pipe that rests
		case <-p.quit:
			_ = p.bar.Clear()
			_ = p.bar.Exit()
			return
		}
	}
}

// watch makes what o says how it is getting on shown.
func (p *progress) watch(o *scanner.Options) {
	o.Source.Progress = p.add
	if p.bar != nil {
		o.Watch = p
	}
}

// add counts compressed bytes; many goroutines call it.
func (p *progress) add(n int64) { p.read.Add(n) }

// Reading implements scanner.Watcher.
func (p *progress) Reading(path string) { p.file.Store(&path) }

// Found implements scanner.Watcher.
func (p *progress) Found(id, level string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.found) < maxShownFound && !p.found[id] {
		p.found[id] = true
		p.count[level]++
	}
}

// besideIt is how many columns the bar takes with its numbers: all that is told besides is
// told as far as there is room, the worst first.
const besideIt = 48

// told says what was found so far and which file is read, in so many columns.
func (p *progress) told(width int) string {
	parts := p.foundSoFar()
	if file := p.file.Load(); file != nil {
		parts = append(parts, " in "+report.SafeCell(strings.ToValidUTF8((*file)[strings.LastIndexByte(*file, '/')+1:], "?")))
	}
	text := "scanning"
	for _, part := range parts {
		if len(text+part) > width-besideIt { // of what is wide there are more bytes than columns
			break
		}
		text += part
	}
	return text
}

// foundSoFar is what was found, a part for each level, the worst first.
func (p *progress) foundSoFar() (parts []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	sep := ": "
	for _, level := range slices.Backward(finding.Levels[1:]) {
		if n := p.count[level]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s%d %s", sep, n, level))
			sep = ", "
		}
	}
	if len(p.found) == maxShownFound {
		parts = append(parts, " and more")
	}
	return parts
}

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
