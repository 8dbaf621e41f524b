package main

import (
	"errors"
	"os/exec"
	"strconv"
)

// exitCode is the exit status in an error of a command that ran.
func exitCode(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return strconv.Itoa(exit.ExitCode())
	}
	return err.Error()
}
