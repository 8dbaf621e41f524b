package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/scanner/rules"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
)

func rulesCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "rules", Usage: "list, show, lint, test, map and try rules; how to write one",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "the rules, by log source and ATT&CK", Flags: flags(programFlags("ndjson"), ruleFlags()),
				Action: func(c *cli.Context) error { return rulesList(c, e) }},
			{Name: "show", Usage: "a rule, what its fields stand for and what evidence it needs", ArgsUsage: "ID|TITLE|WORD...", Flags: flags(ruleFlags(),
				[]cli.Flag{&cli.BoolFlag{Name: "fields", Usage: "the tables of all fields that rules can ask for, or of the formats named"}}),
				Action: func(c *cli.Context) error { return rulesShow(c, e) }},
			{Name: "lint", Usage: "what is wrong with rules, and how to mend it", ArgsUsage: "PATH...", Flags: []cli.Flag{listsFlag()},
				Description: lintHelp, Action: func(c *cli.Context) error { return rulesLint(c, e) }},
			{Name: "guide", Usage: "how a rule is written, and what its tideline block can say",
				Action: func(*cli.Context) error {
					_, err := io.WriteString(e.stdout, rules.Guide())
					return err
				}},
			{Name: "test", Usage: "run the tests inside rules; exit status 1 when one fails", Flags: flags(ruleFlags()),
				Action: func(c *cli.Context) error { return rulesTest(c, e) }},
			{Name: "coverage", Usage: "which rules could fire on which sources of PATH, and why others could not; without PATH an ATT&CK Navigator layer of the rules",
				ArgsUsage: "[PATH...]", Flags: flags(under(headReports,
					&cli.BoolFlag{Name: "advice", Usage: "the audit policy and audit rules that make the detections work"},
					&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "`NAME` of the format for PATH: table or json; table on a terminal, json otherwise"},
				), quietFlags("no progress"), colorFlag(), ruleFlags(), readFlags()),
				Action: func(c *cli.Context) error { return rulesCoverage(c, e) }},
			{Name: "eval", Usage: "try rules on events given as JSON lines", ArgsUsage: "[EVENTS]", Description: evalHelp,
				Flags: []cli.Flag{
					&cli.StringSliceFlag{Name: "rules", Aliases: []string{"r"}, Usage: "Sigma rules, filters and correlations: `PATH` of a file or folder"},
					listsFlag(),
					&cli.BoolFlag{Name: "keep-going", Usage: "try the other rules where some are refused, and end with exit status 3"},
				},
				Action: func(c *cli.Context) error { return rulesEval(c, e) }},
		},
	}
}

const lintHelp = `Refused is what cannot be run exactly, with its line, the reason and what to
write instead. Of Sigma 2 that is regular expressions beyond RE2 (look-around,
back-references), taxonomies but sigma and ecs, and placeholders without a list.
The aggregations of Sigma 1 (timeframe, count) come with the correlation that
says the same. Exit status: 2 if something is refused, 0 if there are warnings
alone.`

// rulesLint prints what is wrong with rules: what makes them unusable, and
// what may keep them from doing what their author meant.
func rulesLint(c *cli.Context, e *env) error {
	if c.NArg() == 0 {
		return usageError("no PATH given: tideline rules lint PATH...")
	}
	lists, err := placeholderLists(c.StringSlice("lists"))
	if err != nil {
		return err
	}
	texts, err := filesOfRules(c.Args().Slice())
	if err != nil {
		return err
	}
	rs, own, err := besideBuiltin(texts, ruleset.Options{Placeholders: lists})
	if err != nil {
		return err
	}
	refused := 0
	for _, p := range own {
		word := "error"
		if p.Warning {
			word = "warning"
		} else {
			refused++
		}
		if _, err := fmt.Fprintf(e.stdout, "%s: %s\n", word, printable(problemText(p))); err != nil {
			return err
		}
	}
	if refused > 0 {
		return &exitError{exitUsage, fmt.Errorf("%s in %s cannot be used", counted(refused, "document"), counted(len(texts), "file"))}
	}
	count := 0
	for _, i := range rs.Rules() {
		if !builtin(rs.Set.Rules()[i].Path) {
			count++
		}
	}
	correlations := 0
	for _, r := range rs.Set.Correlations() {
		if !builtin(r.Path) {
			correlations++
		}
	}
	filters := 0
	for _, t := range texts {
		filters += len(sigma.Parse(t.Path, t.Data).Filters)
	}
	fmt.Fprintf(e.stderr, "%s, %s and %s in %s can be used\n",
		counted(count, "rule"), counted(correlations, "correlation"), counted(filters, "filter"), counted(len(texts), "file"))
	return nil
}

// besideBuiltin compiles rules as a scan does, beside the built-in ones, which filters
// and correlations may name; those that texts hold themselves are left out. It returns
// what is wrong with texts.
func besideBuiltin(texts []ruleset.Text, o ruleset.Options) (*ruleset.Ruleset, []*sigma.Problem, error) {
	more, err := builtinRules()
	if err != nil {
		return nil, nil, err
	}
	fields := newFieldChecker(ruleset.New(more, o))
	given := map[string]bool{}
	for _, t := range texts {
		for _, id := range idLine.FindAllSubmatch(t.Data, -1) {
			given[string(id[1])] = true
		}
	}
	more = slices.DeleteFunc(more, func(t ruleset.Text) bool {
		id := idLine.FindSubmatch(t.Data)
		return id != nil && given[string(id[1])]
	})
	rs := ruleset.New(append(more, texts...), o)
	problems := slices.Concat(rs.Problems, unread(rs), fields.check(rs))
	return rs, slices.DeleteFunc(problems, func(p *sigma.Problem) bool { return builtin(p.Path) }), nil
}

// idLine is the line with the id of a document, which is known also of one that is refused.
var idLine = regexp.MustCompile(`(?m)^id:[ \t]*["']?([0-9A-Za-z-]+)`)

// unread warns of rules for logs that no format reads, a spelling mistake
// mostly: they can never fire.
func unread(rs *ruleset.Ruleset) (out []*sigma.Problem) {
	var sources []string
	for _, f := range newReader().Formats() {
		for _, k := range f.Kinds {
			sources = append(sources, sigma.LogSource(k.Sources[0]).Name())
		}
	}
	slices.Sort(sources)
	sources = slices.Compact(sources)
	for _, i := range rs.Rules() {
		if r := rs.Set.Rules()[i]; len(readersOf(r.LogSource)) == 0 {
			out = append(out, &sigma.Problem{Path: r.Path, Line: r.Line, Rule: r.Title, Warning: true,
				Reason: "no format that can be read has the log source " + r.LogSource.Name() + ": the rule never fires",
				Mend:   "known are " + strings.Join(sources, ", ")})
		}
	}
	return out
}

func rulesTest(c *cli.Context, e *env) error {
	rs, err := loadRules(c, e)
	if err != nil {
		return err
	}
	results := ruleset.Test(rs)
	var text strings.Builder
	for _, r := range results.Failed {
		fmt.Fprintf(&text, "FAIL %s: %s: %s\n", cell(r.Rule), cell(r.Path), printable(r.Reason))
	}
	lacking := counted(len(results.Untested), "rule") + " have"
	if len(results.Untested) == 1 {
		lacking = "1 rule has"
	}
	fmt.Fprintf(&text, "%s of %s passed, %d failed; %s no hit or no miss\n",
		counted(results.Passed, "test"), counted(results.Rules, "rule"), len(results.Failed), lacking)
	for _, name := range results.Untested {
		fmt.Fprintf(&text, "untested: %s\n", cell(name))
	}
	if _, err := io.WriteString(e.stdout, text.String()); err != nil {
		return err
	}
	if err := leftOut(rs); err != nil || len(results.Failed) == 0 {
		return err
	}
	return &exitError{status: exitFound}
}

// listsFlag is for commands that have no built-in rules, but the built-in lists.
func listsFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "lists", Usage: "more values for the placeholder lists of rules: YAML `FILE`"}
}
