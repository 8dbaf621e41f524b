package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestREADMECommandsCanBeTyped: each command that the README names is one, with flags
// that it has, before its paths.
func TestREADMECommandsCanBeTyped(t *testing.T) {
	readme := string(mustRead(t, "../../README.md"))
	lines := regexp.MustCompile("(?m)(?:`|^\\$ |ExecStart=/usr/local/bin/|\\* )tideline ([^`|\\n]+)").FindAllStringSubmatch(readme, -1)
	if len(lines) < 15 {
		t.Fatalf("only %d commands were found", len(lines))
	}
	for _, m := range lines {
		if why := mistyped(newApp(&env{os.Stdin, os.Stdout, os.Stderr, &drafts{}}).Commands, strings.Fields(m[1])); why != "" {
			t.Errorf("tideline %s: %s", m[1], why)
		}
	}
}

// mistyped says what is wrong with the words of a command.
func mistyped(commands []*cli.Command, words []string) string {
	if strings.Contains(words[0], "/") { // tideline/scanner is a package
		return ""
	}
	i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.Name == words[0] })
	if i < 0 {
		return "no such command"
	}
	c := commands[i]
	if words = words[1:]; len(c.Subcommands) > 0 {
		if len(words) == 0 || words[0] == "..." {
			return ""
		}
		return mistyped(c.Subcommands, words)
	}
	paths := false
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		if !strings.HasPrefix(word, "-") || word == "-" {
			paths = true
			continue
		}
		f := slices.IndexFunc(c.Flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), strings.TrimLeft(word, "-")) })
		switch {
		case paths:
			return word + " stands after a path"
		case f < 0:
			return "no flag " + word
		}
		if _, toggle := c.Flags[f].(*cli.BoolFlag); !toggle && len(words) > 0 {
			words = words[1:]
		}
	}
	return ""
}
