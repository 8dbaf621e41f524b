package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/term"

	"tideline/report"
)

// openStdout finds out whether standard output was closed by the caller
// (`>&-`), and returns a writer that says so, else w. The Go runtime opens
// /dev/null in its place, for reading and writing, and a report would vanish
// without an error; a shell's `>/dev/null` opens it for writing only. Other
// programs open it for both, and are only in the way of a report that goes there.
func openStdout(w io.Writer) io.Writer {
	f, ok := w.(*os.File)
	if !ok || f != os.Stdout {
		return w
	}
	var stat, null syscall.Stat_t
	if syscall.Fstat(int(f.Fd()), &stat) != nil || syscall.Stat(os.DevNull, &null) != nil || stat.Rdev != null.Rdev || stat.Mode != null.Mode {
		return w
	}
	flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_GETFL, 0)
	if errno == 0 && flags&syscall.O_ACCMODE == syscall.O_RDWR {
		return closedStdout{}
	}
	return w
}

// closedStdout stands in for a standard output that is closed.
type closedStdout struct{}

var errStdoutClosed = errors.New("it is closed (give -o FILE, or leave standard output open)")

func (closedStdout) Write([]byte) (int, error) {
	return 0, &fs.PathError{Op: "write", Path: os.Stdout.Name(), Err: errStdoutClosed}
}

// undelivered recognises a write to standard output that failed. Of a reader
// that has seen enough (`| head`) nothing is said; anything else is a report
// that was not delivered in full.
func undelivered(err error) (*exitError, bool) {
	var bad *fs.PathError
	if errors.Is(err, errReaderLeft) {
		return &exitError{status: exitOK}, true
	}
	if !errors.As(err, &bad) || bad.Path != os.Stdout.Name() {
		return nil, false
	}
	if errors.Is(bad.Err, syscall.EPIPE) {
		return &exitError{status: exitOK}, true
	}
	return &exitError{exitDelivery, fmt.Errorf("could not deliver the report to standard output: %w", bad.Err)}, true
}

// A help is where the library of commands writes help and the version. It asks nobody
// whether they arrived.
type help struct {
	to  io.Writer
	err error // the first
}

func (h *help) Write(b []byte) (int, error) {
	n, err := h.to.Write(b)
	h.err = cmp.Or(h.err, err)
	return n, err
}

// isTerminal reports whether w is a terminal.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// size is the columns and lines of the terminal w; 100 columns and 0 lines,
// which is not known, if it is none.
func size(w any) (columns, lines int) {
	if f, ok := w.(*os.File); ok {
		if x, y, err := term.GetSize(int(f.Fd())); err == nil && x > 0 {
			return x, y
		}
	}
	return 100, 0
}

// terminalWidth is the columns of the terminal w; 0 if it is none, and a table
// is then written in full.
func terminalWidth(w any) int {
	if !isTerminal(w) {
		return 0
	}
	columns, _ := size(w)
	return max(columns, report.MinWidth)
}
