package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

const (
	// helpWidth is how many columns help takes at most: a terminal has as many.
	helpWidth = 80
	// flagColumn is where the meaning of a flag begins. The library prints all
	// flags as one list as wide as the longest of them, which forty flags do not
	// bear.
	flagColumn = 27
)

// under puts flags under a heading of the help. It changes and returns them.
func under(heading string, list ...cli.Flag) []cli.Flag {
	for _, f := range list {
		switch f := f.(type) {
		case *cli.StringFlag:
			f.Category = heading
		case *cli.StringSliceFlag:
			f.Category = heading
		case *cli.BoolFlag:
			f.Category = heading
		case *cli.IntFlag:
			f.Category = heading
		case *cli.Float64Flag:
			f.Category = heading
		}
	}
	return list
}

// helpTemplate is the help of c, which is called by name, as a template without a
// field in it.
func helpTemplate(name string, c *cli.Command) string {
	return strings.ReplaceAll(helpText(name, c), "{{", `{{"{{"}}`)
}

// helpText is what --help prints of a command.
func helpText(name string, c *cli.Command) string {
	var b strings.Builder
	paragraph(&b, helpWidth, 0, name+" - "+c.Usage)
	usage := name + " [flags]"
	if len(c.Subcommands) > 0 {
		usage = name + " COMMAND [flags] ..."
	}
	b.WriteString("\nUSAGE\n  " + strings.TrimSpace(usage+" "+c.ArgsUsage) + "\n")
	if c.Description != "" {
		b.WriteString("\n" + c.Description + "\n")
	}
	if len(c.Subcommands) > 0 {
		b.WriteString("\nCOMMANDS\n")
		wide := 0
		for _, s := range c.Subcommands {
			wide = max(wide, len(s.Name))
		}
		for _, s := range c.Subcommands {
			entry(&b, helpWidth, s.Name, s.Usage, wide+4)
		}
	}
	list := append(slices.Clip(c.Flags), cli.HelpFlag)
	for _, heading := range headings(list) {
		b.WriteString("\n" + cmp.Or(heading, "FLAGS") + "\n")
		for _, f := range list {
			if categoryOf(f) == heading {
				entry(&b, helpWidth, flagName(f), flagMeaning(f), flagColumn)
			}
		}
	}
	return b.String()
}

// headings are those of flags, in order, and last that of flags without one.
func headings(list []cli.Flag) (out []string) {
	met := map[string]bool{"": true}
	last := []string(nil)
	for _, f := range list {
		heading := categoryOf(f)
		if heading == "" {
			last = []string{""}
		}
		if !met[heading] {
			met[heading] = true
			out = append(out, heading)
		}
	}
	return append(out, last...)
}

func categoryOf(f cli.Flag) string {
	if c, ok := f.(cli.CategorizableFlag); ok {
		return c.GetCategory()
	}
	return ""
}

// flagName is a flag as it is typed: the short form first, and what it takes last.
func flagName(f cli.Flag) string {
	var short, long string
	for _, n := range f.Names() {
		if len(n) == 1 {
			short = "-" + n
		} else {
			long = "--" + n
		}
	}
	name := strings.TrimPrefix(short+", "+long, ", ")
	switch {
	case short == "":
		name = "    " + name
	case long == "":
		name = short
	}
	if _, what, ok := strings.Cut(usageOf(f), "`"); ok {
		what, _, _ = strings.Cut(what, "`")
		name += " " + what
	}
	return name
}

// flagMeaning is what a flag does, with its default, and whether it may be given
// several times.
func flagMeaning(f cli.Flag) string {
	text := strings.ReplaceAll(usageOf(f), "`", "")
	d, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return text
	}
	if _, several := f.(*cli.StringSliceFlag); several {
		text += " (may be repeated)"
	}
	if _, toggle := f.(*cli.BoolFlag); !toggle { // off, as every reader expects
		if value := strings.Trim(d.GetDefaultText(), `"`); value != "" {
			text += " (default: " + value + ")"
		}
	}
	if vars := d.GetEnvVars(); len(vars) > 0 {
		text += " (or " + strings.Join(vars, ", ") + " of the environment)"
	}
	return text
}

func usageOf(f cli.Flag) string {
	if d, ok := f.(cli.DocGenerationFlag); ok {
		return d.GetUsage()
	}
	return ""
}

// entry writes a name and what it means, the meaning from column on, in lines of at
// most width columns; 0 is no limit.
func entry(b *strings.Builder, width int, name, meaning string, column int) {
	if len(name)+4 > column {
		fmt.Fprintf(b, "  %s\n%*s", name, column, "")
	} else {
		fmt.Fprintf(b, "  %-*s", column-2, name)
	}
	paragraph(b, width, column, meaning)
}

// paragraph writes words from a column on, where the line in hand stands, and goes
// on there in the next lines.
func paragraph(b *strings.Builder, width, column int, text string) {
	at := column
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case width > 0 && at+1+len(word) > width:
			fmt.Fprintf(b, "\n%*s", column, "")
			at = column
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += len(word)
	}
	b.WriteByte('\n')
}
