// Command tideline scans collected Kubernetes, Docker and Linux audit logs for
// who took which credentials through the container APIs.
package main

import (
	"context"
	"os"
	"runtime/debug"
)

func main() {
	if os.Getenv("GOGC") == "" {
		// A scan makes little garbage: half the room for it costs no time.
		debug.SetGCPercent(50)
	}
	os.Exit(run(context.Background(), os.Args, os.Stdin, os.Stdout, os.Stderr))
}
