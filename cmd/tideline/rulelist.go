package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/parsers"
	"tideline/report"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
)

// programFlags choose between a table and what programs read, of format name.
func programFlags(name string) []cli.Flag {
	return under(headReports,
		&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "`NAME` of the format: table or " + name, DefaultText: "table"},
		&cli.BoolFlag{Name: "json", Usage: "the same as -f " + name},
	)
}

// forPrograms reports whether programFlags ask for what programs read.
func forPrograms(c *cli.Context, name string) (bool, error) {
	switch f := c.String("format"); f {
	case "":
		return c.Bool("json"), nil
	case "table", name:
		if f == "table" && c.Bool("json") {
			return false, usageError("-f table and --json: want one of them")
		}
		return f == name, nil
	default:
		return false, usageError("-f %.40q: want table or %s", f, name)
	}
}

// A ruleRow is a rule in `rules list --json`.
type ruleRow struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"` // as --rule takes it and guides call it; "" if it has none
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
	lines, err := forPrograms(c, "ndjson")
	if err != nil {
		return err
	}
	rs, err := loadRules(c, e)
	if err != nil {
		return err
	}
	rows := ruleRows(rs)
	if lines {
		enc := json.NewEncoder(e.stdout)
		for _, r := range rows {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		return leftOut(rs)
	}
	width := terminalWidth(e.stdout)
	for i, t := range []table{rulesTable(rows, width), sourcesTable(rows, rs), techniquesTable(rows)} {
		if i > 0 {
			fmt.Fprintln(e.stdout)
		}
		if err := report.Narrow(e.stdout, width, t.cols, t.rows); err != nil {
			return err
		}
	}
	return leftOut(rs)
}

// A table is what report.Narrow prints.
type table struct {
	cols []report.Column
	rows [][]string
}

// roomForRules is the width of a terminal in which titles have room beside the log
// source and all techniques.
const roomForRules = 120

// rulesTable has a line for each rule. On a small terminal rules stand below their log
// source, with the first technique.
func rulesTable(rows []ruleRow, width int) table {
	if width > 0 && width < roomForRules {
		return narrowRulesTable(rows)
	}
	t := table{cols: []report.Column{{Head: "LEVEL", Least: 8}, {Head: "LOG SOURCE", Least: 16}, {Head: "TITLE", Least: 24}, {Head: "ATT&CK", Least: 9}}}
	for _, r := range rows {
		t.rows = append(t.rows, []string{cmp.Or(r.Level, "none"), cell(r.LogSource), cell(r.Title), cell(strings.Join(attackOf(r.Tags), " "))})
	}
	return t
}

func narrowRulesTable(rows []ruleRow) table {
	t := table{cols: []report.Column{{Head: "  LEVEL"}, {Head: "TITLE", Least: 24}, {Head: "ATT&CK"}}}
	source := ""
	for _, r := range rows {
		if r.LogSource != source {
			source = r.LogSource
			t.rows = append(t.rows, []string{cell(source)})
		}
		techniques := attackOf(r.Tags)
		if n := len(techniques); n > 1 {
			techniques = []string{fmt.Sprintf("%s +%d", techniques[0], n-1)}
		}
		t.rows = append(t.rows, []string{"  " + cmp.Or(r.Level, "none"), cell(r.Title), cell(strings.Join(techniques, ""))})
	}
	return t
}

// sourcesTable says, for each log source, how many rules there are and what reads it.
func sourcesTable(rows []ruleRow, rs *ruleset.Ruleset) table {
	counts, readers := map[string]int{}, map[string]string{}
	for _, r := range rows {
		counts[r.LogSource]++
	}
	for _, i := range rs.Rules() {
		source := rs.Set.Rules()[i].LogSource
		readers[source.Name()] = cmp.Or(strings.Join(readersOf(source), ", "), "no format: these rules cannot fire")
	}
	t := table{cols: []report.Column{{Head: "RULES"}, {Head: "LOG SOURCE", Least: 16}, {Head: "READ BY", Least: 24}}}
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		t.rows = append(t.rows, []string{strconv.Itoa(counts[k]), cell(k), readers[k]})
	}
	t.rows = append(t.rows, []string{strconv.Itoa(len(rows)), "in all", ""})
	return t
}

// techniquesTable has the rules for each technique, by level.
func techniquesTable(rows []ruleRow) table {
	counts, levels := map[string]int{}, map[string]map[string]int{}
	for _, r := range rows {
		for _, t := range attackOf(r.Tags) {
			if counts[t]++; levels[t] == nil {
				levels[t] = map[string]int{}
			}
			levels[t][cmp.Or(r.Level, "none")]++
		}
	}
	t := table{cols: []report.Column{{Head: "RULES"}, {Head: "TECHNIQUE"}, {Head: "BY LEVEL", Least: 24}}}
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		var by []string
		for _, level := range []string{"critical", "high", "medium", "low", "informational", "none"} {
			if n := levels[id][level]; n > 0 {
				by = append(by, fmt.Sprintf("%d %s", n, level))
			}
		}
		t.rows = append(t.rows, []string{strconv.Itoa(counts[id]), cell(id), strings.Join(by, ", ")})
	}
	return t
}

// sees reports whether rules for a log source see views of a kind.
func sees(l sigma.LogSource, k parsers.Kind) bool {
	return slices.ContainsFunc(k.Sources, func(s parsers.LogSource) bool { return l.Contains(sigma.LogSource(s)) })
}

// readersOf are the formats that have events of a log source.
func readersOf(l sigma.LogSource) (names []string) {
	for _, f := range newReader().Formats() {
		if slices.ContainsFunc(f.Kinds, func(k parsers.Kind) bool { return sees(l, k) }) {
			names = append(names, f.Name)
		}
	}
	return names
}

func ruleRows(rs *ruleset.Ruleset) []ruleRow {
	var rows []ruleRow
	for _, i := range rs.Rules() {
		r := rs.Set.Rules()[i]
		rows = append(rows, ruleRow{rs.Key(i), r.Name, r.Title, r.Level, "rule", r.LogSource.Name(), orNone(r.Tags), r.Path})
	}
	for i, r := range rs.Set.Correlations() {
		rows = append(rows, ruleRow{rs.CorrelationKey(i), r.Name, r.Title, r.Level, "correlation", "correlation", orNone(r.Tags), r.Path})
	}
	return rows
}

func orNone(tags []string) []string {
	if tags == nil {
		return []string{}
	}
	return tags
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
