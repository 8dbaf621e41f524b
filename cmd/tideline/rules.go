package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"tideline/scanner"
	"tideline/scanner/sigma"
)

func rulesCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "rules", Usage: "list, show, lint, test, map and try rules",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "the rules, by log source and ATT&CK", Flags: flags(ruleFlags(), jsonFlag()),
				Action: func(c *cli.Context) error { return rulesList(c, e) }},
			{Name: "show", Usage: "a rule, its fields and what evidence it needs", ArgsUsage: "ID|TITLE|WORD...", Flags: flags(ruleFlags()),
				Action: func(c *cli.Context) error { return rulesShow(c, e) }},
			{Name: "lint", Usage: "what is wrong with rules, and how to mend it", ArgsUsage: "PATH...",
				Action: func(c *cli.Context) error { return rulesLint(c, e) }},
			{Name: "test", Usage: "run the tests inside rules; exit status 1 when one fails", Flags: flags(ruleFlags()),
				Action: func(c *cli.Context) error { return rulesTest(c, e) }},
			{Name: "coverage", Usage: "ATT&CK Navigator layer of the rules, or advice on what to log", Flags: flags(ruleFlags(),
				[]cli.Flag{&cli.BoolFlag{Name: "advice", Usage: "the audit policy and audit rules that make the detections work"}}),
				Action: func(c *cli.Context) error { return rulesCoverage(c, e) }},
			{Name: "eval", Usage: "try rules on events given as JSON lines", ArgsUsage: "[EVENTS]",
				Flags: []cli.Flag{
					&cli.StringSliceFlag{Name: "rules", Aliases: []string{"r"}, Usage: "Sigma rules, filters and correlations: `PATH` of a file or folder", Required: true},
					&cli.StringSliceFlag{Name: "lists", Usage: "values for the placeholder lists of rules: YAML `FILE`"},
				},
				Action: func(c *cli.Context) error { return rulesEval(c, e) }},
		},
	}
}

func jsonFlag() []cli.Flag { return []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "as JSON lines"}} }

// A ruleRow is a rule in `rules list --json`.
type ruleRow struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Level     string   `json:"level"`
	Kind      string   `json:"kind"` // rule or correlation
	LogSource string   `json:"logsource"`
	Tags      []string `json:"tags"`
	Path      string   `json:"path"`
}

func rulesList(c *cli.Context, e *env) error {
	rs, err := loadRules(c, e)
	if err != nil {
		return err
	}
	rows := ruleRows(rs)
	if c.Bool("json") {
		enc := json.NewEncoder(e.stdout)
		for _, r := range rows {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	tw := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	bySource, byTechnique := map[string]int{}, map[string]int{}
	for _, r := range rows {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", r.Level, r.LogSource, cell(r.Title), cell(strings.Join(attackOf(r.Tags), " ")))
		bySource[r.LogSource]++
		for _, t := range attackOf(r.Tags) {
			byTechnique[t]++
		}
	}
	fmt.Fprintf(tw, "\n%d rules\n", len(rows))
	printCounts(tw, "log source", bySource)
	printCounts(tw, "technique", byTechnique)
	return tw.Flush()
}

func printCounts(tw *tabwriter.Writer, what string, counts map[string]int) {
	for _, k := range keys(counts) {
		fmt.Fprintf(tw, "%s\t%s\t%d\n", what, cell(k), counts[k])
	}
}

func ruleRows(rs *scanner.Ruleset) []ruleRow {
	var rows []ruleRow
	for _, i := range rs.Rules() {
		r := rs.Set.Rules()[i]
		rows = append(rows, ruleRow{scanner.RuleKey(r), r.Title, r.Level, "rule", logSourceName(r.LogSource), orNone(r.Tags), r.Path})
	}
	for _, r := range rs.Set.Correlations() {
		rows = append(rows, ruleRow{scanner.CorrelationKey(r), r.Title, r.Level, "correlation", "correlation", orNone(r.Tags), r.Path})
	}
	return rows
}

func orNone(tags []string) []string {
	if tags == nil {
		return []string{}
	}
	return tags
}

func logSourceName(s sigma.LogSource) string {
	var parts []string
	for _, p := range [...]string{s.Product, s.Category, s.Service} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "/")
}

func attackOf(tags []string) []string {
	var out []string
	for _, t := range tags {
		if id, ok := strings.CutPrefix(strings.ToLower(t), "attack.t"); ok && id != "" && id[0] >= '0' && id[0] <= '9' {
			out = append(out, "T"+id)
		}
	}
	return out
}

func rulesLint(c *cli.Context, e *env) error {
	if c.NArg() == 0 {
		return usageError("no PATH given: tideline rules lint PATH...")
	}
	lists, err := placeholderLists(nil)
	if err != nil {
		return err
	}
	var texts []scanner.RuleText
	for _, path := range c.Args().Slice() {
		more, err := ruleFiles(path)
		if err != nil {
			return err
		}
		texts = append(texts, more...)
	}
	rs := scanner.NewRuleset(texts, scanner.RuleOptions{Placeholders: lists})
	for _, p := range rs.Problems {
		word := "error"
		if p.Warning {
			word = "warning"
		}
		fmt.Fprintf(e.stdout, "%s: %s\n", word, printable(problemText(p)))
	}
	if n := len(rs.Refused()); n > 0 {
		return &exitError{exitUsage, fmt.Errorf("%d of the rules in %d files cannot be used", n, len(texts))}
	}
	fmt.Fprintf(e.stderr, "%d rules and %d correlations in %d files can be used\n", len(rs.Rules()), len(rs.Set.Correlations()), len(texts))
	return nil
}

func rulesTest(c *cli.Context, e *env) error {
	rs, err := loadRules(c, e)
	if err != nil {
		return err
	}
	results := scanner.TestRules(rs)
	failed := 0
	for _, r := range results.Failed {
		failed++
		fmt.Fprintf(e.stdout, "FAIL %s: %s: %s\n", cell(r.Rule), cell(r.Path), printable(r.Reason))
	}
	fmt.Fprintf(e.stdout, "%d tests of %d rules passed, %d failed; %d rules have no hit or no miss\n",
		results.Passed, results.Rules, failed, len(results.Untested))
	for _, name := range results.Untested {
		fmt.Fprintf(e.stdout, "untested: %s\n", cell(name))
	}
	if failed > 0 {
		return &exitError{status: exitFound}
	}
	return nil
}

// rulesEval prints, for each event in order, the rules that matched it, then
// the correlations that fired.
func rulesEval(c *cli.Context, e *env) error {
	lists, err := placeholderLists(c.StringSlice("lists"))
	if err != nil {
		return err
	}
	var texts []scanner.RuleText
	for _, path := range c.StringSlice("rules") {
		more, err := ruleFiles(path)
		if err != nil {
			return err
		}
		texts = append(texts, more...)
	}
	rs := scanner.NewRuleset(texts, scanner.RuleOptions{Placeholders: lists})
	for _, p := range rs.Problems {
		fmt.Fprintln(e.stderr, "tideline:", printable(problemText(p)))
	}
	if n := len(rs.Refused()); n > 0 {
		return &exitError{exitUsage, fmt.Errorf("%d rules were refused", n)}
	}
	in := e.stdin
	switch {
	case c.NArg() > 1:
		return usageError("want one file of events, have %d", c.NArg())
	case c.NArg() == 1 && c.Args().First() != "-":
		f, err := os.Open(c.Args().First())
		if err != nil {
			return usageError("read events: %w", err)
		}
		defer f.Close()
		in = f
	}
	return evaluate(c.Context, rs, in, e.stdout, e.stderr)
}
