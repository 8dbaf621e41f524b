package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/parsers/formats"
	"tideline/scanner/finding"
)

const completionHelp = `Put one of these lines into the start-up file of your shell:

  source <(tideline completion bash)
  source <(tideline completion zsh)      behind compinit
  tideline completion fish | source`

func completionCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "completion", Usage: "what makes a shell complete commands and flags", ArgsUsage: "bash|zsh|fish", Description: completionHelp,
		Action: func(c *cli.Context) error { return completion(c, e) },
	}
}

// completion prints a script for a shell. It is made of the commands as they are, and
// asks the program nothing while somebody types.
func completion(c *cli.Context, e *env) (err error) {
	var text string
	switch shell := c.Args().First(); {
	case c.NArg() != 1:
		return usageError("want one shell: tideline completion bash, zsh or fish")
	case shell == "bash":
		text = bashCompletion(c.App.Commands)
	case shell == "zsh":
		text = "autoload -U +X bashcompinit && bashcompinit\n" + bashCompletion(c.App.Commands)
	case shell == "fish":
		if text, err = c.App.ToFishCompletion(); err != nil {
			return err
		}
		text = strings.ReplaceAll(text, "`", "") // which mark, in usages, what a flag takes
	default:
		return usageError("shell %.40q: want bash, zsh or fish", shell)
	}
	_, err = io.WriteString(e.stdout, text)
	return err
}

// bashCompletion completes commands, flags, and the values of flags that take one of
// few words; where it knows nothing, bash offers files. zsh runs it as well, by its
// bashcompinit.
func bashCompletion(commands []*cli.Command) string {
	var b strings.Builder
	b.WriteString(`_tideline() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at=${COMP_WORDS[1]} words=
	if ((COMP_CWORD == 1)); then
		at=
	elif [[ $at == rules ]] && ((COMP_CWORD > 2)); then
		at="rules ${COMP_WORDS[2]}"
	fi
	case $prev in
`)
	for _, v := range completedValues() {
		fmt.Fprintf(&b, "\t%s) words=%q ;;\n", v.flags, strings.Join(v.words, " "))
	}
	b.WriteString("\t*)\n\t\tcase $at in\n")
	fmt.Fprintf(&b, "\t\t'') words=%q ;;\n", strings.Join(commandNames(commands), " "))
	for _, c := range commands {
		bashWords(&b, c.Name, c)
		for _, s := range c.Subcommands {
			bashWords(&b, c.Name+" "+s.Name, s)
		}
	}
	b.WriteString(`		esac
		[[ $cur == -* || $words != -* ]] || words=
		;;
	esac
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o bashdefault -o default -F _tideline tideline
`)
	return b.String()
}

// bashWords writes what may stand behind a command.
func bashWords(b *strings.Builder, name string, c *cli.Command) {
	words := commandNames(c.Subcommands)
	switch name {
	case "completion":
		words = []string{"bash", "zsh", "fish"}
	case "schema":
		words = []string{"finding", "report"}
	}
	for _, f := range c.Flags {
		for _, n := range f.Names() {
			if n != "help" && n != "h" { // the library adds them when a command has run
				words = append(words, flagged(n))
			}
		}
	}
	if len(words) == 0 || strings.HasPrefix(words[0], "-") {
		words = append(words, "--help")
	}
	fmt.Fprintf(b, "\t\t%q) words=%q ;;\n", name, strings.Join(words, " "))
}

// A valueList is the words that some flags take.
type valueList struct {
	flags string // a pattern of bash
	words []string
}

func completedValues() []valueList {
	var read []string
	for _, f := range formats.All() {
		read = append(read, f.Name)
	}
	return []valueList{
		{"--min-level | --fail-on", finding.Levels},
		{"-f | --format", formatNames()},
		{"--input-format", read},
	}
}

func commandNames(commands []*cli.Command) []string {
	var names []string
	for _, c := range commands {
		if !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}
