package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"
)

// stuck is after how long a program that waits for something is given up. It
// decides nothing but whether a failure is told or hangs.
const stuck = 8 * time.Minute

// A started is the program at work in a folder.
type started struct {
	cmd    *exec.Cmd
	stderr bytes.Buffer
	guard  *time.Timer
}

// start runs the program. Its standard input and output are what is given, and its
// standard error too if it is not nil; otherwise that is kept.
func start(t *testing.T, dir string, stdin, stdout, stderr *os.File, args ...string) *started {
	t.Helper()
	s := &started{cmd: exec.Command(program(t), args...)}
	s.cmd.Dir, s.cmd.Stdin, s.cmd.Stderr = dir, stdin, &s.stderr
	if stdout != nil {
		s.cmd.Stdout = stdout
	}
	if stderr != nil {
		s.cmd.Stderr = stderr
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.guard = time.AfterFunc(stuck, func() { s.cmd.Process.Kill() })
	return s
}

// end waits for the program and returns its exit status; -1 if it was killed.
func (s *started) end(t *testing.T) int {
	t.Helper()
	err := s.cmd.Wait()
	s.guard.Stop()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return s.cmd.ProcessState.ExitCode()
}
