package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/finding"
	"tideline/scanner/rules"
)

// rulesCoverage says how far the rules reach into the evidence that is named.
// Without evidence it writes an ATT&CK Navigator layer in which the score of a
// technique is the number of rules for it, or prints the collection advice.
func rulesCoverage(c *cli.Context, e *env) error {
	if c.Bool("advice") {
		return printAdvice(e)
	}
	if _, err := chosenFormat(c, e, "table", "json"); err != nil {
		return err
	}
	if c.NArg() > 0 {
		return evidenceCoverage(c, e)
	}
	rs, err := loadRules(c, e)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, r := range ruleRows(rs) {
		for _, t := range attackOf(r.Tags) {
			counts[t]++
		}
	}
	layer := report.NavigatorLayer("tideline rules", "rules for each technique", counts)
	enc := json.NewEncoder(e.stdout)
	enc.SetIndent("", "  ")
	return cmp.Or(enc.Encode(layer), leftOut(rs))
}

// evidenceCoverage scans, and prints the coverage of the report alone.
func evidenceCoverage(c *cli.Context, e *env) error {
	return printListing(c, e, newSession, func(s *session, r *scanner.Report, _ *scanner.Partial) listing {
		masked := report.NewRedactor(s.reportOptions()).Overview(&finding.Overview{Coverage: r.Overview.Coverage})
		return listing{rows: masked.Coverage, table: func(w io.Writer) error { return report.CoverageTable(w, &r.Overview, s.reportOptions()) }}
	})
}

func printAdvice(e *env) error {
	return fs.WalkDir(rules.FS(), "advice", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(rules.FS(), path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(e.stdout, "##### %s #####\n%s\n", strings.TrimPrefix(path, "advice/"), data)
		return err
	})
}
