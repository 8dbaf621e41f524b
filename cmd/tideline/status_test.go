package main

import (
	"errors"
	"os/exec"
	"strconv"
)

// exitCode is the exit status in an error of a command that ran.
func exitCode(err error) string {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return strconv.Itoa(exit.ExitCode())
	}
	return err.Error()
}
