package main

import (
	"fmt"
	"os"
	"regexp"
	"syscall"
	"testing"
	"unsafe"
)

// terminal makes a pseudo-terminal of 24 lines and 80 columns, ioctl_tty(2): what
// is written to theirs is read from ours.
func terminal(t *testing.T) (ours, theirs *os.File) {
	t.Helper()
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here:", err)
	}
	t.Cleanup(func() { ours.Close() })
	var locked, number int32
	size := [4]uint16{24, 80}
	control := func(f *os.File, request uintptr, arg unsafe.Pointer) {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(arg)); errno != 0 {
			t.Fatal(errno)
		}
	}
	control(ours, syscall.TIOCSPTLCK, unsafe.Pointer(&locked))
	control(ours, syscall.TIOCGPTN, unsafe.Pointer(&number))
	control(ours, syscall.TIOCSWINSZ, unsafe.Pointer(&size))
	theirs, err = os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { theirs.Close() })
	return ours, theirs
}

// TestProgressIsShownOnATerminal, of a pipe, whose length nobody knows: it is there
// before the pipe ends, and while that says nothing.
func TestProgressIsShownOnATerminal(t *testing.T) {
	in, pipe := pipe(t)
	ours, theirs := terminal(t)
	s := start(t, t.TempDir(), in, nil, theirs, "scan", "--allow-empty", "-o", "piped.json", "-")
	theirs.Close() // when the program has ended, reading ends
	if _, err := pipe.WriteString("x\n"); err != nil {
		t.Error(err)
	}
	var shown []byte
	spinner := regexp.MustCompile(`. scanning .*\[\d+s\]`)
	for more := make([]byte, 4096); !spinner.Match(shown); {
		n, err := ours.Read(more)
		if shown = append(shown, more[:n]...); err != nil {
			t.Errorf("%q is all that was shown: %v", shown, err)
			break
		}
	}
	pipe.Close()
	if got := s.end(t); got != exitOK {
		t.Errorf("exit status %d; it said %q", got, shown)
	}
}
