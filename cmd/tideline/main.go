package main

import (
	"context"
	"os"
)

func main() {
	largePages()
	tuneGarbage()
	os.Exit(run(context.Background(), os.Args, os.Stdin, os.Stdout, os.Stderr))
}
