package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner/finding"
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

// TestREADMENamesWhatIsThere: the rules, flags and codes that the README names exist,
// and of report formats it names all.
func TestREADMENamesWhatIsThere(t *testing.T) {
	readme := string(mustRead(t, "../../README.md"))
	there := map[string]bool{}
	for _, r := range builtinRows(t) {
		there[r.Name] = true
	}
	everyCommand(func(_ []string, c *cli.Command) {
		for _, f := range c.Flags {
			for _, name := range f.Names() {
				there["--"+name] = true
			}
		}
	})
	for _, c := range finding.Codes() {
		there[c.Name] = true
	}
	// A rule in backquotes; a flag anywhere, but for those of other programs; a code by
	// the first word that all codes of its kind have.
	for _, form := range []string{"`((?:k8s|htl|dev|dkd|exe|fil|net|log|ins|new|cor)-[a-z0-9-]+)`", "[` \\[](--[a-z][a-z-]+)", "`((?:file|line|json|arch|audit)\\.[a-z_]+)`"} {
		found := regexp.MustCompile(form).FindAllStringSubmatch(readme, -1)
		if len(found) < 2 {
			t.Errorf("%s: only %d are found", form, len(found))
		}
		for _, m := range found {
			if !there[m[1]] && !slices.Contains([]string{"--help", "--now", "--format", "audit.log"}, m[1]) {
				t.Errorf("%s is nothing that tideline has", m[1])
			}
		}
	}
	for _, f := range report.Formats() {
		if !strings.Contains(readme, "`"+f.Name+"` `"+f.Extensions[0]+"`") {
			t.Errorf("the table of reports lacks `%s` `%s`", f.Name, f.Extensions[0])
		}
	}
}

// builtinRows are the built-in rules as rules list has them.
func builtinRows(t *testing.T) []ruleRow {
	var rows []ruleRow
	for line := range strings.Lines(printed(t, "rules", "list", "--json")) {
		var r ruleRow
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
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
