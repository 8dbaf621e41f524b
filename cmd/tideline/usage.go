package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"
)

// usageError is a mistake in how tideline was called.
func usageError(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// unreadable says of a file that a user named, as what it was named, why it cannot be
// read.
func unreadable(what, path string, err error) error {
	if bad, ok := errors.AsType[*fs.PathError](err); ok {
		path, err = bad.Path, bad.Err
	}
	hint := ""
	switch {
	case errors.Is(err, fs.ErrNotExist):
		hint = ": check the path"
	case errors.Is(err, syscall.EISDIR):
		hint = ": name a file in it"
	}
	return fmt.Errorf("%s %q: %w%s", what, path, err, hint)
}

// What the flag library says of a mistake.
var (
	unknownFlag = regexp.MustCompile(`^flag provided but not defined: -(.*)$`)
	badBool     = regexp.MustCompile(`^invalid boolean value ("(?s:.*)") for -(\S+): parse error$`)
	badValue    = regexp.MustCompile(`^invalid value ("(?s:.*)") for flag -(\S+): parse error$`)
	twoForms    = regexp.MustCompile(`^Cannot use two forms of the same flag: (\S+) (\S+)$`)
	bareFlag    = regexp.MustCompile(`^flag needs an argument: -(.*)$`)
)

// onUsageError says in our words what is wrong with a flag.
func onUsageError(c *cli.Context, err error, _ bool) error {
	see := "see " + c.Command.HelpName + " --help"
	if m := unknownFlag.FindStringSubmatch(err.Error()); m != nil {
		var names []string
		for _, f := range c.Command.Flags {
			names = append(names, f.Names()...)
		}
		if near := nearest(m[1], names); near != "" {
			return usageError("unknown flag %.80q: did you mean %s? (%s)", flagged(m[1]), flagged(near), see)
		}
		if m[1] == "o" && hasFlag(c.Command, "format") {
			return usageError("unknown flag \"-o\": this command writes to standard output (-f NAME > FILE); %s", see)
		}
		if m[1] == "output" && hasFlag(c.Command, "o") {
			return usageError("unknown flag \"--output\": did you mean -o? (%s)", see)
		}
		if len(m[1]) == 2 && hasFlag(c.Command, m[1][:1]) && hasFlag(c.Command, m[1][1:]) {
			return usageError("unknown flag %q: write -%s -%s; %s", "-"+m[1], m[1][:1], m[1][1:], see)
		}
		return usageError("unknown flag %.80q; %s", flagged(m[1]), see)
	}
	if m := badBool.FindStringSubmatch(err.Error()); m != nil {
		return usageError("%s takes no value, and %.80s is one; %s", flagged(m[2]), m[1], see)
	}
	if m := badValue.FindStringSubmatch(err.Error()); m != nil {
		return usageError("%s %.80s: want a number; %s", flagged(m[2]), m[1], see)
	}
	if m := twoForms.FindStringSubmatch(err.Error()); m != nil {
		return usageError("%s and %s are one flag: write it one way; %s", flagged(m[1]), flagged(m[2]), see)
	}
	if m := bareFlag.FindStringSubmatch(err.Error()); m != nil {
		return usageError("%s wants a value behind it; %s", flagged(m[1]), see)
	}
	return usageError("%w; %s", err, see)
}

// hasFlag reports whether a command has the flag of this name.
func hasFlag(c *cli.Command, name string) bool {
	return slices.ContainsFunc(c.Flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
}

// flagged is the name of a flag as it is typed.
func flagged(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// unknownCommand answers a word that is no command of c, or that there is none.
func unknownCommand(c *cli.Context) error {
	if c.NArg() == 0 {
		c.App.Writer = c.App.ErrWriter
		show := cli.ShowAppHelp
		if len(c.Lineage()) > 2 {
			show = cli.ShowSubcommandHelp
		}
		if err := show(c); err != nil {
			return err
		}
		return &exitError{status: exitUsage}
	}
	word, of := c.Args().First(), c.Command.HelpName
	var names []string
	for _, s := range c.Command.Subcommands {
		names = append(names, s.Names()...)
	}
	if near := nearest(word, names); near != "" {
		return usageError("unknown command %.80q: did you mean %s %s? (see %s --help)", word, of, near, of)
	}
	return usageError("unknown command %.80q; see %s --help", word, of)
}

// flagsFirst refuses flags after the first path: the flag library would take
// them for paths without a word. What stands behind a -- of one's own is no flag.
func flagsFirst(c *cli.Context) error {
	args := c.Args().Slice()
	typed, _ := c.App.Metadata[typedArguments].([]string)
	if i := slices.Index(typed, "--"); i >= 0 && slices.Equal(typed[i+1:], args) {
		return nil
	}
	for _, a := range args {
		if strings.HasPrefix(a, "-") && a != "-" {
			return usageError("flags come before paths: %.80q stands after one (a path that begins with - is written ./-..., or all paths behind --)", a)
		}
	}
	return nil
}

// typedArguments is where the program's arguments stand in the metadata of the app: the
// flag library does not tell whether a -- parted them.
const typedArguments = "arguments"

// noMore refuses arguments of a command that takes none: they would be passed over
// without a word.
func noMore(c *cli.Context) error {
	if c.Command.ArgsUsage == "" && c.NArg() > 0 {
		if hasFlag(c.Command, "rules") {
			return usageError("%s takes no argument, and %.80q is one: rules of yours are named behind -r; see %[1]s --help", c.Command.HelpName, c.Args().First())
		}
		return usageError("%s takes no argument, and %.80q is one; see %[1]s --help", c.Command.HelpName, c.Args().First())
	}
	return nil
}

// needPaths are the paths that a command was given.
func needPaths(c *cli.Context) ([]string, error) {
	if c.NArg() == 0 {
		what, _, _ := strings.Cut(c.Command.ArgsUsage, ".")
		text := fmt.Sprintf("no %s given: %s [flags] %s", what, c.Command.HelpName, c.Command.ArgsUsage)
		if what == "PATH" {
			text += " (- is standard input)"
		}
		return nil, usageError("%s", text)
	}
	return c.Args().Slice(), notEmpty(c.Args().Slice())
}

// notEmpty refuses a path without a name, which a script gives whose variable is
// not set: what it meant to scan would be missing.
func notEmpty(paths []string) error {
	for i, p := range paths {
		if p == "" {
			return usageError("path %d of %d is empty: is a variable of your shell not set?", i+1, len(paths))
		}
	}
	return nil
}

// notHollow refuses a flag with an empty value, for the same reason: an empty --since
// is no limit, and an empty --state no state.
func notHollow(c *cli.Context) error {
	for _, f := range c.Command.Flags {
		var values []string
		switch f := f.(type) {
		case *cli.StringFlag:
			if len(f.EnvVars) > 0 {
				if v, ok := os.LookupEnv(f.EnvVars[0]); ok && v == "" {
					continue // an empty variable is as good as none
				}
			}
			values = []string{c.String(f.Name)}
		case *cli.StringSliceFlag:
			values = c.StringSlice(f.Name)
		}
		if name := f.Names()[0]; c.IsSet(name) && slices.Contains(values, "") {
			return usageError("%s is given and empty: is a variable of your shell not set?", flagged(name))
		}
	}
	return nil
}

// givenTwice refuses a second value of a flag that has one: the flag library would take
// the last without a word, and the first --state or --baseline would be thought in use.
func givenTwice(c *cli.Context) error {
	typed, _ := c.App.Metadata[typedArguments].([]string)
	before := map[string]string{}
	for i := 0; i < len(typed)-c.NArg() && typed[i] != "--"; i++ {
		dashed, value, joined := strings.Cut(typed[i], "=")
		name, list := valueFlag(c.Command, dashed)
		if name == "" {
			continue
		}
		if !joined && i+1 < len(typed) {
			i++
			value = typed[i]
		}
		if first, ok := before[name]; ok && !list {
			return usageError("%s is given twice, as %.80q and %.80q: give one", flagged(name), first, value)
		}
		before[name] = value
	}
	return nil
}

// valueFlag is the name of the flag of c that a word of the command line is, if that has a
// value, and whether it may have several; else "".
func valueFlag(c *cli.Command, word string) (name string, list bool) {
	if !strings.HasPrefix(word, "-") {
		return "", false
	}
	for _, f := range c.Flags {
		if _, none := f.(*cli.BoolFlag); !none && slices.Contains(f.Names(), strings.TrimLeft(word, "-")) {
			_, list = f.(*cli.StringSliceFlag)
			return f.Names()[0], list
		}
	}
	return "", false
}

// nearest is the name that word was probably meant to be; "" if none is near.
func nearest(word string, names []string) string {
	best, least := "", min(2, len(word)/3)+1
	for _, n := range names {
		if apart := len(word) - len(n); len(n) < 2 || max(apart, -apart) >= least {
			continue // so many must be added or taken away at least
		}
		if d := edits(word, n); d < least {
			best, least = n, d
		}
	}
	return best
}

// edits is how many letters must be added, taken away, changed or swapped with
// their neighbour to make b of a.
func edits(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = min(change, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
