package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"
)

// Exit statuses, as the README lists them.
const (
	exitOK          = 0
	exitFound       = 1   // --fail-on was met
	exitUsage       = 2   // bad usage, rules or configuration
	exitIncomplete  = 3   // some evidence could not be read in full
	exitDelivery    = 4   // a report could not be delivered in full
	exitLocked      = 75  // another run holds the state
	exitHungUp      = 129 // its terminal went away
	exitInterrupted = 130
	exitTerminated  = 143
)

// An exitError ends the program with a status of its own.
type exitError struct {
	status int
	err    error // nil: nothing more to say
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.status)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// An env is where a command reads and writes.
type env struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	drafts *drafts
}

// run is the whole program: it never calls os.Exit unless it is interrupted, so
// tests run it in process, one at a time: the flag library keeps its --help and
// --version for the whole process.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	e := &env{stdin, openStdout(stdout), stderr, &drafts{}}
	ctx, stop := withSignals(ctx, e.drafts)
	defer stop()
	app := newApp(e)
	shown := &help{to: e.stdout}
	app.Writer = shown
	app.Metadata = map[string]any{typedArguments: args}
	err := app.RunContext(ctx, splitWorkers(args))
	return status(ctx, cmp.Or(err, shown.err), e)
}

// splitWorkers lets people write -j8 for -j 8, as they do for make.
func splitWorkers(args []string) []string {
	var out []string
	for i, a := range args {
		if a == "--" {
			return append(out, args[i:]...)
		}
		if n, ok := strings.CutPrefix(a, "-j"); ok && n != "" && strings.Trim(n, "0123456789") == "" {
			out = append(out, "-j", n)
			continue
		}
		out = append(out, a)
	}
	return out
}

// status turns the error of a command into an exit status and says it.
func status(ctx context.Context, err error, e *env) int {
	if interrupted, ok := errors.AsType[*interruption](context.Cause(ctx)); ok {
		fmt.Fprintln(e.stderr, "tideline: interrupted;", e.drafts.leaves())
		return interrupted.status
	}
	if err == nil {
		return exitOK
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		var lost bool
		if exit, lost = undelivered(err); !lost {
			exit = &exitError{exitUsage, err}
			if isDiskFull(err) { // that of temporary files, for want of which there is no report
				exit.status = exitDelivery
			}
		}
	}
	if exit.err != nil {
		fmt.Fprintln(e.stderr, "tideline:", printable(exit.err.Error()))
	}
	return exit.status
}

// isDiskFull reports whether a file could not be written because there is no more room
// for it: on the disk, in a quota, or by the limit of a process.
func isDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

const appName = "tideline"

const appHelp = `  tideline scan bundle.tgz              what happened: the answer, for a person
  tideline scan -o report.html logs/    the same as a page that needs no network
  tideline inventory bundle.tgz         what is in it, and what cannot be read

Every command has its own --help. It reads evidence only, and changes none.`

// newApp lists the commands. Help and version that were asked for are the answer, for
// a pager or $(tideline --version), and go to standard output; help as the answer to
// a mistake goes where mistakes do: see unknownCommand.
func newApp(e *env) *cli.App {
	cli.VersionPrinter = func(c *cli.Context) { fmt.Fprintln(c.App.Writer, "tideline", version()) }
	app := &cli.App{
		Name:                      appName,
		Usage:                     "who used the container APIs to take which credentials, when, how, and how sure are we?",
		Version:                   version(),
		Writer:                    e.stdout,
		ErrWriter:                 e.stderr,
		HideHelpCommand:           true,
		Flags:                     []cli.Flag{cli.HelpFlag}, // which the library leaves out where a command is called help
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              onUsageError,
		Action:                    unknownCommand,
		Commands: []*cli.Command{
			scanCommand(e), exposureCommand(e), inventoryCommand(e), principalsCommand(e), searchCommand(e),
			rulesCommand(e), baselineCommand(e), mergeCommand(e), formatsCommand(e),
			schemaCommand(e), completionCommand(e), manCommand(e), helpCommand(e), versionCommand(e),
		},
	}
	app.CustomAppHelpTemplate = helpTemplate(appName, &cli.Command{
		Usage: app.Usage, Description: appHelp, Subcommands: app.Commands, Flags: []cli.Flag{cli.VersionFlag}})
	for _, c := range app.Commands {
		prepare(appName, c)
	}
	return app
}

// prepare gives every command the same answer to a mistake, and its help. It is a
// command of the command that is called by parent.
func prepare(parent string, c *cli.Command) {
	name := parent + " " + c.Name
	c.HideHelpCommand = true
	c.CustomHelpTemplate = helpTemplate(name, c)
	c.OnUsageError = onUsageError
	if action := c.Action; action != nil {
		c.Action = func(ctx *cli.Context) error {
			if err := cmp.Or(flagsFirst(ctx), givenTwice(ctx), notHollow(ctx), noMore(ctx)); err != nil {
				return err
			}
			return action(ctx)
		}
	} else {
		c.Action = unknownCommand
	}
	for _, sub := range c.Subcommands {
		prepare(name, sub)
	}
}
