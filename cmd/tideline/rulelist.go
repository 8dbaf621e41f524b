package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"tideline/parsers"
	"tideline/scanner"
	"tideline/scanner/sigma"
)

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

// rulesList prints the rules, and how many of them there are for each log
// source and each technique of ATT&CK.
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
	fmt.Fprintf(tw, "LEVEL\tLOG SOURCE\tTITLE\tATT&CK\n")
	for _, r := range rows {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", orElse(r.Level, "none"), cell(r.LogSource), cell(r.Title), cell(strings.Join(attackOf(r.Tags), " ")))
	}
	fmt.Fprintln(tw)
	listSources(tw, rows, rs)
	listTechniques(tw, rows)
	return tw.Flush()
}

// listSources prints, for each log source, its rules and what reads it.
func listSources(tw *tabwriter.Writer, rows []ruleRow, rs *scanner.Ruleset) {
	counts, readers := map[string]int{}, map[string]string{}
	for _, r := range rows {
		counts[r.LogSource]++
	}
	for _, i := range rs.Rules() {
		source := rs.Set.Rules()[i].LogSource
		readers[logSourceName(source)] = orElse(strings.Join(readersOf(source), ", "), "no format: these rules cannot fire")
	}
	fmt.Fprintf(tw, "RULES\tLOG SOURCE\tREAD BY\n")
	for _, k := range keys(counts) {
		fmt.Fprintf(tw, "%d\t%s\t%s\n", counts[k], cell(k), readers[k])
	}
	fmt.Fprintf(tw, "%d\tin all\n\n", len(rows))
}

// listTechniques prints the rules for each technique, by level.
func listTechniques(tw *tabwriter.Writer, rows []ruleRow) {
	counts, levels := map[string]int{}, map[string]map[string]int{}
	for _, r := range rows {
		for _, t := range attackOf(r.Tags) {
			if counts[t]++; levels[t] == nil {
				levels[t] = map[string]int{}
			}
			levels[t][orElse(r.Level, "none")]++
		}
	}
	fmt.Fprintf(tw, "RULES\tTECHNIQUE\tBY LEVEL\n")
	for _, t := range keys(counts) {
		var by []string
		for _, level := range []string{"critical", "high", "medium", "low", "informational", "none"} {
			if n := levels[t][level]; n > 0 {
				by = append(by, fmt.Sprintf("%d %s", n, level))
			}
		}
		fmt.Fprintf(tw, "%d\t%s\t%s\n", counts[t], cell(t), strings.Join(by, ", "))
	}
}

// readersOf are the formats that have events of a log source.
func readersOf(l sigma.LogSource) (names []string) {
	for _, f := range newReader().Formats() {
		if slices.ContainsFunc(f.Kinds, func(k parsers.Kind) bool {
			return slices.ContainsFunc(k.Sources, func(s parsers.LogSource) bool { return l.Contains(sigma.LogSource(s)) })
		}) {
			names = append(names, f.Name)
		}
	}
	return names
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
