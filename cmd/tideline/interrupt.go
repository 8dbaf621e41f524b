package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// An interruption is the cause of a context that a signal ended.
type interruption struct{ status int }

func (i *interruption) Error() string { return "interrupted" }

// patience is how long an interrupted run may take to end by itself. A read
// from a pipe that says nothing cannot be ended otherwise, nor a write to one that
// nobody reads.
const patience = 3 * time.Second

// statusOf are the exit statuses of interrupted runs.
var statusOf = map[os.Signal]int{os.Interrupt: exitInterrupted, syscall.SIGTERM: exitTerminated, syscall.SIGHUP: exitHungUp}

// withSignals ends the context at the first SIGINT or SIGTERM, or at the SIGHUP of a
// terminal that went away, which nohup has told us to ignore; a second one kills the
// process. A closed pipe is an error of Write, not a signal.
func withSignals(parent context.Context, d *drafts) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	signal.Ignore(syscall.SIGPIPE)
	done := make(chan struct{})
	go func() {
		for again := false; ; again = true {
			select {
			case s := <-signals:
				code := statusOf[s]
				if again {
					d.discardNow()
					os.Exit(code)
				}
				cancel(&interruption{code})
				time.AfterFunc(patience, func() { giveUp(done, code, d) })
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}

// giveUp ends the process if the run has not ended.
func giveUp(done <-chan struct{}, code int, d *drafts) {
	select {
	case <-done:
		return
	default:
	}
	d.discard()
	fmt.Fprintln(os.Stderr, "tideline: interrupted while waiting for others;", d.leaves())
	os.Exit(code)
}
