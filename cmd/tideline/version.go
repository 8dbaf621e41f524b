package main

import (
	"fmt"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

// release is the version of the source tree, raised by hand with each release.
const release = "0.1.0"

// version is the release, and the module version where the binary was
// installed as one.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return release + " (" + info.Main.Version + ")"
	}
	return release
}

// versionCommand prints what --version does.
func versionCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "the version",
		Action: func(*cli.Context) error {
			_, err := fmt.Fprintln(e.stdout, "tideline", version())
			return err
		},
	}
}

// helpCommand prints what --help does.
func helpCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "help", Usage: "what --help prints, of tideline or a command", ArgsUsage: "[COMMAND]",
		Action: func(c *cli.Context) error {
			app := newApp(e)
			return app.RunContext(c.Context, append(append([]string{app.Name}, c.Args().Slice()...), "--help"))
		},
	}
}
