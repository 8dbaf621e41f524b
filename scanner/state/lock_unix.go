//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package state

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// acquire locks the file name, which the kernel unlocks when the process ends,
// however it ends. What the file says is for people only.
func acquire(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the state: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		said, _ := io.ReadAll(io.LimitReader(f, 200)) // without it, the holder is just not named
		holder := strings.TrimSpace(string(said))
		if holder == "" {
			holder = "another run"
		}
		return nil, errors.Join(&HeldError{filepath.Dir(name), holder}, f.Close())
	}
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		host, unknown := os.Hostname()
		if unknown != nil {
			host = "this machine"
		}
		_, err = fmt.Fprintf(f, "process %d on %s, since %s\n", os.Getpid(), host, time.Now().UTC().Format(time.RFC3339))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the state: %w", err), f.Close())
	}
	return f, nil
}
