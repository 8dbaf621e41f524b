package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/scanner"
	"tideline/scanner/rules"
	"tideline/scanner/sigma"
)

// maxRuleFile bounds one rule file, in bytes.
const maxRuleFile = 1 << 20

// loadRules reads what the flags of ruleFlags name. Refused rules end the
// command, unless --keep-going was given; warnings are printed.
func loadRules(c *cli.Context, e *env) (*scanner.Ruleset, error) {
	rs, err := readRules(c)
	if err != nil {
		return nil, err
	}
	for _, p := range rs.Problems {
		if p.Warning {
			fmt.Fprintln(e.stderr, "tideline: warning:", printable(problemText(p)))
		}
	}
	refused := rs.Refused()
	if len(refused) == 0 {
		return rs, nil
	}
	for _, p := range refused {
		fmt.Fprintln(e.stderr, "tideline: rule refused:", printable(problemText(p)))
	}
	if !c.Bool("keep-going") {
		return nil, usageError("%d rules were refused; mend them, or run without them with --keep-going", len(refused))
	}
	return rs, nil
}

// readRules reads and compiles, and leaves what is wrong in Problems.
func readRules(c *cli.Context) (*scanner.Ruleset, error) {
	var texts []scanner.RuleText
	lists, err := placeholderLists(c.StringSlice("lists"))
	if err != nil {
		return nil, err
	}
	if !c.Bool("no-builtin") {
		if texts, err = builtinRules(); err != nil {
			return nil, err
		}
	}
	for _, path := range append(c.StringSlice("rules"), c.StringSlice("allow")...) {
		more, err := ruleFiles(path)
		if err != nil {
			return nil, err
		}
		texts = append(texts, more...)
	}
	if len(texts) == 0 {
		return nil, usageError("no rules: give -r PATH, or leave --no-builtin out")
	}
	return scanner.NewRuleset(texts, scanner.RuleOptions{Placeholders: lists, FieldCost: fieldCost, Common: common}), nil
}

// builtinRules are the embedded rules, in order of path.
func builtinRules() ([]scanner.RuleText, error) {
	var texts []scanner.RuleText
	err := fs.WalkDir(rules.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yml" || strings.HasPrefix(path, "lists/") {
			return err
		}
		data, err := fs.ReadFile(rules.FS(), path)
		texts = append(texts, scanner.RuleText{Path: "builtin:" + path, Data: data})
		return err
	})
	return texts, err
}

// ruleFiles reads a file, or all .yml and .yaml files below a folder.
func ruleFiles(path string) ([]scanner.RuleText, error) {
	var names []string
	err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		ext := strings.ToLower(filepath.Ext(name))
		if !d.IsDir() && (name == path || ext == ".yml" || ext == ".yaml") {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return nil, usageError("read rules: %w", err)
	}
	if len(names) == 0 {
		return nil, usageError("no rules in %q: a rule file ends in .yml or .yaml", path)
	}
	sort.Strings(names)
	texts := make([]scanner.RuleText, len(names))
	for i, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, usageError("read rules: %w", err)
		}
		if info.Size() > maxRuleFile {
			return nil, usageError("rule file %q has %d bytes; %d is the most", name, info.Size(), maxRuleFile)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, usageError("read rules: %w", err)
		}
		texts[i] = scanner.RuleText{Path: name, Data: data}
	}
	return texts, nil
}

// placeholderLists are the built-in value lists, with those of files added.
func placeholderLists(files []string) (map[string][]string, error) {
	lists := map[string][]string{}
	err := fs.WalkDir(rules.FS(), "lists", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(rules.FS(), path)
		if err != nil {
			return err
		}
		return addLists(lists, path, data)
	})
	if err != nil {
		return nil, fmt.Errorf("built-in lists: %w", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, usageError("read lists: %w", err)
		}
		if err := addLists(lists, name, data); err != nil {
			return nil, usageError("read lists: %w", err)
		}
	}
	return lists, nil
}

func addLists(dst map[string][]string, path string, data []byte) error {
	lists, err := sigma.ParseLists(path, data)
	if err != nil {
		return err
	}
	for name, values := range lists {
		dst[name] = append(dst[name], values...)
	}
	return nil
}

// problemText is a problem in one line: place, reason, mend.
func problemText(p *sigma.Problem) string {
	s := p.Path
	if p.Line > 0 {
		s += fmt.Sprintf(":%d", p.Line)
	}
	if p.Rule != "" {
		s += ": " + p.Rule
	}
	s += ": " + p.Reason
	if p.Mend != "" {
		s += " (" + p.Mend + ")"
	}
	return s
}
