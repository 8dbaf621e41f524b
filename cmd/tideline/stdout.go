package main

import (
	"errors"
	"io"
	"os"
	"syscall"

	"golang.org/x/term"
)

// checkStdout finds out whether standard output was closed by the caller
// (`>&-`). The Go runtime opens /dev/null in its place, for reading and
// writing, and a report would vanish without an error; a shell's `>/dev/null`
// opens it for writing only.
func checkStdout(w io.Writer) error {
	f, ok := w.(*os.File)
	if !ok || f != os.Stdout {
		return nil
	}
	var stat, null syscall.Stat_t
	if syscall.Fstat(int(f.Fd()), &stat) != nil || syscall.Stat(os.DevNull, &null) != nil || stat.Rdev != null.Rdev || stat.Mode != null.Mode {
		return nil
	}
	flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_GETFL, 0)
	if errno == 0 && flags&syscall.O_ACCMODE == syscall.O_RDWR {
		return errors.New("standard output is closed: the report could not be delivered (give -o FILE, or leave standard output open)")
	}
	return nil
}

// isTerminal reports whether w is a terminal.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width is the number of columns of the terminal w; 100 if it is none.
func width(w any) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return 100
}
