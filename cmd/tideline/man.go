package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

const manHelp = `Made of the commands as they are. To read it, or to install it:

  tideline man | man -l -
  tideline man > /usr/local/share/man/man1/tideline.1`

func manCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "man", Usage: "the manual page, as roff", Description: manHelp,
		Action: func(*cli.Context) error {
			_, err := io.WriteString(e.stdout, manPage(newApp(e)))
			return err
		},
	}
}

// manPage is all help as one page of the man macros (groff_man(7)). A flag that several
// commands have is told once, with their names: forty flags of nine commands would hide
// what each command has of its own.
func manPage(app *cli.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"%s %s\"\n", strings.ToUpper(appName), appName, release)
	b.WriteString(".SH NAME\n" + appName + " \\- " + roff(app.Usage) + "\n")
	b.WriteString(".SH SYNOPSIS\n.B " + appName + "\n.I COMMAND\n.RI [ flags ]\n\\&...\n.SH DESCRIPTION\n")
	manProse(&b, appHelp)
	b.WriteString(".SH COMMANDS\n")
	all := manCommands(nil, app.Commands)
	for _, c := range all {
		fmt.Fprintf(&b, ".SS \"%s %s\"\n", roff(c.name), roff(usageLine(c.Command)))
		about := strings.ToUpper(c.Usage[:1]) + c.Usage[1:] + "."
		if more := strings.TrimSpace(strings.ReplaceAll(c.Description, exitHelp, "")); more != "" {
			about += "\n\n" + more
		}
		manProse(&b, about)
	}
	manFlags(&b, all)
	b.WriteString(".SH EXIT STATUS\n")
	manProse(&b, exitHelp)
	b.WriteString(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nIf it is set and not empty, there are no colours.\n" +
		".TP\n.B TIDELINE_FINGERPRINT_KEY\nWhat \\-\\-fingerprint\\-key is without that flag.\n")
	return b.String()
}

// A manEntry is a command by the words that call it, without tideline.
type manEntry struct {
	*cli.Command
	name string
}

// manCommands are the commands that do something, those of commands in their place.
func manCommands(words []string, list []*cli.Command) (out []manEntry) {
	for _, c := range list {
		at := append(words[:len(words):len(words)], c.Name)
		if len(c.Subcommands) > 0 {
			out = append(out, manCommands(at, c.Subcommands)...)
		} else {
			out = append(out, manEntry{c, strings.Join(at, " ")})
		}
	}
	return out
}

// usageLine is what stands behind the name of a command.
func usageLine(c *cli.Command) string {
	if len(c.Flags) == 0 {
		return c.ArgsUsage
	}
	return strings.TrimSpace("[flags] " + c.ArgsUsage)
}

// manFlags writes the flags of all commands under their headings. Flags of one name
// that mean something else to another command are entries of their own.
func manFlags(b *strings.Builder, all []manEntry) {
	type entry struct{ heading, name, meaning string }
	var list []entry
	var flags []cli.Flag
	of := map[entry][]string{}
	for _, c := range all {
		for _, f := range c.Flags {
			if f.Names()[0] == "help" {
				continue // of every command
			}
			e := entry{cmp.Or(categoryOf(f), "OTHER FLAGS"), strings.TrimSpace(flagName(f)), flagMeaning(f)}
			if of[e] == nil {
				list, flags = append(list, e), append(flags, f)
			}
			of[e] = append(of[e], c.name)
		}
	}
	for _, heading := range append(headings(flags), "OTHER FLAGS") {
		if heading == "" {
			continue
		}
		b.WriteString(".SH \"" + roff(heading) + "\"\n")
		for _, e := range list {
			if e.heading == heading {
				fmt.Fprintf(b, ".TP\n.B \"%s\"\n%s\n.br\n.I \"%s\"\n", roff(e.name), roff(e.meaning), roff(strings.Join(of[e], ", ")))
			}
		}
	}
}

// manProse writes the paragraphs below a heading, which stand apart by empty lines; those with indented
// lines are kept as they are.
func manProse(b *strings.Builder, text string) {
	for i, paragraph := range strings.Split(text, "\n\n") {
		lines := strings.Split(paragraph, "\n")
		asIs := slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "  ") })
		if i > 0 {
			b.WriteString(".PP\n")
		}
		if asIs {
			b.WriteString(".nf\n")
		}
		for _, l := range lines {
			b.WriteString(roff(l) + "\n")
		}
		if asIs {
			b.WriteString(".fi\n")
		}
	}
}

// roff keeps text from being read as requests, escapes or typography.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, `"`, `\(dq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(s)
	if strings.HasPrefix(s, ".") {
		s = `\&` + s
	}
	return s
}
