package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/parsers"
	"tideline/report"
	"tideline/scanner"
	"tideline/scanner/rules"
	"tideline/scanner/sigma"
)

// rulesShow prints the rules whose id, title or path the words name.
func rulesShow(c *cli.Context, e *env) error {
	if c.NArg() == 0 {
		return usageError("no rule named: tideline rules show ID|TITLE|WORD...")
	}
	rs, err := loadRules(c, e)
	if err != nil {
		return err
	}
	lists, err := placeholderLists(c.StringSlice("lists"))
	if err != nil {
		return err
	}
	texts := map[string][]byte{}
	builtin, err := builtinRules()
	if err != nil {
		return err
	}
	for _, t := range builtin {
		texts[t.Path] = t.Data
	}
	shown := 0
	for _, word := range c.Args().Slice() {
		for _, i := range rs.Rules() {
			r := rs.Set.Rules()[i]
			if !names(r, word) {
				continue
			}
			shown++
			showRule(e, rs, i, texts[r.Path], lists)
		}
	}
	if shown == 0 {
		return usageError("no rule is named %.80q; see tideline rules list", c.Args().Slice())
	}
	return nil
}

func names(r *sigma.Rule, word string) bool {
	w := strings.ToLower(word)
	return strings.ToLower(r.ID) == w || strings.Contains(strings.ToLower(r.Title), w) || strings.Contains(strings.ToLower(r.Path), w)
}

// showRule prints the text of a rule, and below it what tideline adds: where
// its fields come from, what the evidence must be like, and its lists.
func showRule(e *env, rs *scanner.Ruleset, i int, text []byte, lists map[string][]string) {
	r, b, w := rs.Set.Rules()[i], rs.Block(i), e.stdout
	fmt.Fprintf(w, "# %s\n", cell(r.Path))
	if text != nil {
		fmt.Fprintf(w, "%s\n", printable(strings.TrimSpace(string(text))))
	} else {
		fmt.Fprintf(w, "title: %s\nid: %s\nlevel: %s\n", cell(r.Title), cell(r.ID), cell(r.Level))
	}
	fmt.Fprintf(w, "\n# evidence: log source %s\n", cell(logSourceName(r.LogSource)))
	for _, f := range newReader().Formats() {
		for kind, k := range f.Kinds {
			if slices.ContainsFunc(k.Sources, func(s parsers.LogSource) bool { return r.LogSource.Contains(sigma.LogSource(s)) }) {
				showNeeds(e, r, f, kind)
			}
		}
	}
	if b.Needs != "" {
		fmt.Fprintf(w, "#   needs %s\n", cell(b.Needs))
	}
	for _, name := range keys(lists) {
		if strings.Contains(string(text), "%"+name+"%") {
			fmt.Fprintf(w, "# list %%%s%% (extend it with --lists FILE):\n", name)
			for _, v := range lists[name] {
				fmt.Fprintf(w, "#   - %s\n", cell(v))
			}
		}
	}
	fmt.Fprintln(w)
}

func showNeeds(e *env, r *sigma.Rule, f *parsers.Format, kind int) {
	fmt.Fprintf(e.stdout, "#   %s, view %s\n", f.Name, f.Kinds[kind].Name)
	for _, field := range r.FieldNames() {
		need := ""
		if f.Needs != nil {
			need = strings.Join(f.Needs(kind, field), " or ")
		}
		if need != "" {
			need = " (only with " + need + ")"
		}
		fmt.Fprintf(e.stdout, "#     field %s%s\n", cell(field), need)
	}
}

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
