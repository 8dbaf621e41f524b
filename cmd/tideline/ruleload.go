package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"tideline/scanner/rules"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
)

// loadRules reads what the flags of ruleFlags name. Refused rules end the
// command, unless --keep-going was given; warnings are printed.
func loadRules(c *cli.Context, e *env) (*ruleset.Ruleset, error) {
	rs, err := readRules(c)
	if err != nil {
		return nil, err
	}
	if err := complain(rs, e.stderr, c.Bool("keep-going")); err != nil {
		return nil, err
	}
	if c.IsSet("rules") {
		for _, p := range newFieldChecker(rs).check(rs) {
			fmt.Fprintln(e.stderr, "tideline: warning:", printable(problemText(p)))
		}
	}
	if c.IsSet("lists") {
		if err := unusedLists(c, e.stderr); err != nil {
			return nil, err
		}
	}
	return rs, nil
}

// unusedLists says which lists of the user's no rule asks for: most often the name is
// spelled wrong, and what was to be known as normal is not.
func unusedLists(c *cli.Context, stderr io.Writer) error {
	builtin, err := placeholderLists(nil)
	if err != nil {
		return err
	}
	texts, err := ruleTexts(c)
	if err != nil {
		return err
	}
	all, err := placeholderLists(c.StringSlice("lists"))
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		asked := func(t ruleset.Text) bool { return bytes.Contains(t.Data, []byte("%"+name+"%")) }
		if builtin[name] != nil || slices.Contains(engagementLists, name) || slices.ContainsFunc(texts, asked) {
			continue
		}
		text := fmt.Sprintf("no rule asks for list %.60q", name)
		if near := nearest(name, slices.Sorted(maps.Keys(builtin))); near != "" {
			text += fmt.Sprintf("; there is %s", near)
		}
		fmt.Fprintln(stderr, "tideline: warning:", printable(text))
	}
	return nil
}

// complain prints what is wrong with rules. Refused ones are an error unless
// the others are to be used without them.
func complain(rs *ruleset.Ruleset, stderr io.Writer, keepGoing bool) error {
	for _, p := range rs.Problems {
		if p.Warning {
			fmt.Fprintln(stderr, "tideline: warning:", printable(problemText(p)))
		}
	}
	refused := rs.Refused()
	for _, p := range refused {
		fmt.Fprintln(stderr, "tideline: rule refused:", printable(problemText(p)))
	}
	if len(refused) > 0 && !keepGoing {
		return usageError("%s refused; mend what is said of each, or run without them with --keep-going", were(len(refused), "rule"))
	}
	return nil
}

// leftOut is the end of a command that went on without the rules that were refused, as
// --keep-going has it; nil if there are none.
func leftOut(rs *ruleset.Ruleset) error {
	n := len(rs.Refused())
	if n == 0 {
		return nil
	}
	return &exitError{exitIncomplete, fmt.Errorf("%s refused and left out", were(n, "rule"))}
}

// counted is a number of things in words: "1 rule", "2 rules".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// were is counted with its verb: "1 rule was", "2 rules were".
func were(n int, noun string) string {
	if n == 1 {
		return counted(n, noun) + " was"
	}
	return counted(n, noun) + " were"
}

// readRules reads and compiles, and leaves what is wrong in Problems.
func readRules(c *cli.Context) (*ruleset.Ruleset, error) {
	lists, err := placeholderLists(c.StringSlice("lists"))
	if err != nil {
		return nil, err
	}
	texts, err := ruleTexts(c)
	if err != nil {
		return nil, err
	}
	return ruleset.New(texts, ruleset.Options{Placeholders: lists, FieldCost: fieldCost, Common: common}), nil
}

// ruleTexts reads the files that the flags of ruleFlags name.
func ruleTexts(c *cli.Context) (texts []ruleset.Text, err error) {
	if !c.Bool("no-builtin") {
		if texts, err = builtinRules(); err != nil {
			return nil, err
		}
	}
	more, err := filesOfRules(append(c.StringSlice("rules"), c.StringSlice("allow")...))
	if err != nil {
		return nil, err
	}
	if texts = append(texts, more...); len(texts) == 0 {
		return nil, usageError("no rules: give -r PATH, or leave --no-builtin out")
	}
	return texts, nil
}

// filesOfRules reads all files of rules below paths.
func filesOfRules(paths []string) (texts []ruleset.Text, err error) {
	for _, path := range paths {
		more, err := ruleFiles(path)
		if err != nil {
			return nil, err
		}
		texts = append(texts, more...)
	}
	return texts, nil
}

// builtinRules are the embedded rules, in order of path.
func builtinRules() ([]ruleset.Text, error) {
	var texts []ruleset.Text
	for _, path := range rules.Files() {
		data, err := fs.ReadFile(rules.FS(), path)
		if err != nil {
			return nil, fmt.Errorf("built-in rules: %w", err)
		}
		texts = append(texts, ruleset.Text{Path: builtinPath + path, Data: data})
	}
	return texts, nil
}

// builtinPath is what the paths of built-in rules begin with.
const builtinPath = "builtin:"

func builtin(path string) bool { return strings.HasPrefix(path, builtinPath) }

// ruleFiles reads a file, or all .yml and .yaml files below a folder.
func ruleFiles(path string) ([]ruleset.Text, error) {
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
		return nil, usageError("%w", unreadable("rules", path, err))
	}
	if len(names) == 0 {
		return nil, usageError("no rules in %q: a rule file ends in .yml or .yaml", path)
	}
	slices.Sort(names)
	texts := make([]ruleset.Text, len(names))
	for i, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, usageError("%w", unreadable("rules", path, err))
		}
		if info.Size() > sigma.MaxFileBytes {
			return nil, usageError("rule file %q has %d bytes; %d is the most", name, info.Size(), sigma.MaxFileBytes)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, usageError("%w", unreadable("rules", path, err))
		}
		texts[i] = ruleset.Text{Path: name, Data: data}
	}
	return texts, nil
}

// placeholderLists are the built-in value lists, with those of files added.
func placeholderLists(files []string) (map[string][]string, error) {
	lists := map[string][]string{}
	for _, path := range rules.Lists() {
		data, err := fs.ReadFile(rules.FS(), path)
		if err == nil {
			err = addLists(lists, path, data)
		}
		if err != nil {
			return nil, fmt.Errorf("built-in lists: %w", err)
		}
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, usageError("%w", unreadable("--lists", name, err))
		}
		if err := addLists(lists, name, data); err != nil {
			return nil, usageError("read lists: %w", err)
		}
	}
	if err := checkEngagement(lists); err != nil {
		return nil, err
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
