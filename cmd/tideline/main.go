// Command tideline scans collected Kubernetes, Docker and Linux audit logs for
// who took which credentials through the container APIs.
package main

import (
	"context"
	"os"
)

func main() {
	tuneGarbage()
	os.Exit(run(context.Background(), os.Args, os.Stdin, os.Stdout, os.Stderr))
}
