package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/urfave/cli/v2"
)

// everyCommand calls f for each command and subcommand, with the words that call it.
func everyCommand(f func(words []string, c *cli.Command)) {
	var walk func(words []string, list []*cli.Command)
	walk = func(words []string, list []*cli.Command) {
		for _, c := range list {
			at := append(words[:len(words):len(words)], c.Name)
			f(at, c)
			walk(at, c.Subcommands)
		}
	}
	walk(nil, newApp(&env{}).Commands)
}

func helpOn(t *testing.T, words ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if status := run(context.Background(), append([]string{appName, "help"}, words...), strings.NewReader(""), &out, &errs); status != exitOK {
		t.Fatalf("help %v ends with %d: %s", words, status, &errs)
	}
	return out.String()
}

func TestHelpFitsTheTerminalAndTellsEveryFlag(t *testing.T) {
	narrow := func(text string) {
		for _, line := range strings.Split(text, "\n") {
			if utf8.RuneCountInString(line) > helpWidth || strings.TrimRight(line, " ") != line {
				t.Errorf("a line is too wide, or ends with blanks: %q", line)
			}
		}
	}
	narrow(helpOn(t))
	everyCommand(func(words []string, c *cli.Command) {
		if words[0] == "help" {
			return // what it prints is the help of tideline
		}
		text := helpOn(t, words...)
		narrow(text)
		name := appName + " " + strings.Join(words, " ")
		if !strings.Contains(text, "\n  "+name+" ") && !strings.Contains(text, "\n  "+name+"\n") {
			t.Errorf("help of %s has no line of usage:\n%s", name, text)
		}
		for _, f := range c.Flags {
			if !strings.Contains(text, flagged(f.Names()[0])) {
				t.Errorf("help of %s does not tell %s", name, flagged(f.Names()[0]))
			}
			if strings.Count(usageOf(f), "`")%2 != 0 || usageOf(f) == "" {
				t.Errorf("%s %s: no usage that can be printed: %q", name, f.Names()[0], usageOf(f))
			}
		}
	})
}

// A flag without a heading stands among --help, where nobody looks for it.
func TestFlagsOfScanStandUnderHeadings(t *testing.T) {
	everyCommand(func(words []string, c *cli.Command) {
		for _, f := range c.Flags {
			if len(c.Flags) > 6 && categoryOf(f) == "" && f.Names()[0] != "help" {
				t.Errorf("%v: --%s has no heading", words, f.Names()[0])
			}
		}
	})
}

func TestHelpOfAFlag(t *testing.T) {
	t.Setenv("TIDELINE_TEST", "")
	for _, c := range []struct {
		flag          cli.Flag
		name, meaning string
	}{
		{&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress"}, "-q, --quiet", "no progress"},
		{&cli.StringFlag{Name: "o", Usage: "write to `FILE`"}, "-o FILE", "write to FILE"},
		{&cli.StringFlag{Name: "level", Value: "low", Usage: "`LEVEL` at least"}, "    --level LEVEL", "LEVEL at least (default: low)"},
		{&cli.StringSliceFlag{Name: "tag", Usage: "with `TAG`"}, "    --tag TAG", "with TAG (may be repeated)"},
		{&cli.IntFlag{Name: "n", Usage: "at most `N`", DefaultText: "8"}, "-n N", "at most N (default: 8)"},
		{&cli.StringFlag{Name: "key", Usage: "the `KEY`", EnvVars: []string{"TIDELINE_TEST"}}, "    --key KEY", "the KEY (or TIDELINE_TEST of the environment)"},
	} {
		if name, meaning := flagName(c.flag), flagMeaning(c.flag); name != c.name || meaning != c.meaning {
			t.Errorf("%q %q, want %q %q", name, meaning, c.name, c.meaning)
		}
	}
}
