package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/report"
	"tideline/scanner/rules"
)

// rulesCoverage writes an ATT&CK Navigator layer in which the score of a
// technique is the number of rules for it, or prints the collection advice.
func rulesCoverage(c *cli.Context, e *env) error {
	if c.Bool("advice") {
		return printAdvice(e)
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
	return enc.Encode(layer)
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
