package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"tideline/parsers"
	"tideline/scanner/block"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
)

// rulesShow prints the rules and correlations whose id, title or path the
// words name, or, asked for fields, the tables of what fields stand for.
func rulesShow(c *cli.Context, e *env) error {
	if c.Bool("fields") {
		return showFields(e.stdout, c.Args().Slice())
	}
	if c.NArg() == 0 {
		return usageError("no rule named: tideline rules show ID|TITLE|WORD..., or --fields")
	}
	rs, err := loadRules(c, e)
	if err != nil {
		return err
	}
	lists, err := placeholderLists(c.StringSlice("lists"))
	if err != nil {
		return err
	}
	texts, err := ruleTexts(c)
	if err != nil {
		return err
	}
	s := &ruleShow{w: e.stdout, rules: rs, formats: newReader().Formats(), lists: lists, texts: map[string][]byte{}}
	for _, t := range texts {
		s.texts[t.Path] = t.Data
	}
	for _, word := range c.Args().Slice() {
		s.named(word)
	}
	if s.shown == 0 {
		return usageError("no rule is named %.80q; see tideline rules list", strings.Join(c.Args().Slice(), " or "))
	}
	return cmp.Or(s.err, leftOut(rs))
}

// A ruleShow prints rules.
type ruleShow struct {
	w       io.Writer
	rules   *ruleset.Ruleset
	formats []*parsers.Format
	lists   map[string][]string
	texts   map[string][]byte // of files, by path
	shown   int
	err     error
}

func (s *ruleShow) printf(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format, args...)
	}
}

// named prints what a word names: what is called so, or, if nothing is, what has the
// word in its title or path.
func (s *ruleShow) named(word string) {
	before := s.shown
	s.those(func(h *sigma.Header) bool {
		return strings.EqualFold(h.ID, word) || strings.EqualFold(h.Name, word) || strings.EqualFold(h.Title, word)
	})
	if s.shown > before {
		return
	}
	word = strings.ToLower(word)
	s.those(func(h *sigma.Header) bool {
		return strings.Contains(strings.ToLower(h.Title), word) || strings.Contains(strings.ToLower(h.Path), word)
	})
}

// those prints the rules and correlations that are wanted.
func (s *ruleShow) those(wanted func(*sigma.Header) bool) {
	for _, i := range s.rules.Rules() {
		if r := s.rules.Set.Rules()[i]; wanted(&r.Header) {
			s.shown++
			s.rule(r, s.rules.Block(i))
		}
	}
	for _, r := range s.rules.Set.Correlations() {
		if wanted(&r.Header) {
			s.shown++
			s.correlation(r)
		}
	}
}

// head prints where a document is and its text, and returns that.
func (s *ruleShow) head(h *sigma.Header) string {
	text := document(s.texts[h.Path], h.Line)
	s.printf("# %s:%d\n%s\n\n", cell(h.Path), h.Line, printable(text))
	return text
}

// document is the YAML document that holds a line, which counts from 1.
func document(file []byte, line int) string {
	lines := strings.Split(string(file), "\n")
	from := max(0, min(line-1, len(lines)))
	to := from
	for ; to < len(lines) && (to == from || !strings.HasPrefix(lines[to], "---")); to++ {
	}
	return strings.TrimSpace(strings.Join(lines[from:to], "\n"))
}

// rule prints the text of a rule, and below it what tideline adds: what its
// fields stand for, what the evidence must be like, and its lists.
func (s *ruleShow) rule(r *sigma.Rule, b *block.Block) {
	text := s.head(&r.Header)
	if r.Level == "" {
		s.printf("# level: none is given, medium is taken\n")
	}
	s.printf("# evidence: log source %s\n", cell(r.LogSource.Name()))
	known := false
	for _, f := range s.formats {
		for kind, k := range f.Kinds {
			if sees(r.LogSource, k) {
				known = true
				s.view(r, f, kind)
			}
		}
	}
	if !known {
		s.printf("#   no format that can be read has this log source: the rule cannot fire\n")
	}
	if b.Needs != "" {
		s.printf("#   needs %s\n", cell(b.Needs))
	}
	for _, c := range s.countedBy(r) {
		s.printf("# counted by the correlation %s\n", cell(c))
	}
	s.placeholders(text)
	s.printf("\n")
}

// countedBy are the titles of correlations that count r.
func (s *ruleShow) countedBy(r *sigma.Rule) (titles []string) {
	for _, c := range s.rules.Set.Correlations() {
		if slices.ContainsFunc(c.Members, func(m sigma.Member) bool { return m.Rule >= 0 && s.rules.Set.Rules()[m.Rule] == r }) {
			titles = append(titles, c.Title)
		}
	}
	return titles
}

func (s *ruleShow) placeholders(text string) {
	for _, name := range slices.Sorted(maps.Keys(s.lists)) {
		if strings.Contains(text, "%"+name+"%") {
			s.printf("# list %%%s%% (extend it with --lists FILE):\n", name)
			for _, v := range s.lists[name] {
				s.printf("#   - %s\n", cell(v))
			}
		}
	}
}

// view prints what the fields of r stand for in one view of a format.
func (s *ruleShow) view(r *sigma.Rule, f *parsers.Format, kind int) {
	s.printf("#   %s, view %s\n", f.Name, f.Kinds[kind].Name)
	tw := tabwriter.NewWriter(s.w, 0, 4, 2, ' ', 0)
	for _, field := range r.FieldNames() {
		fmt.Fprintf(tw, "#     %s\t%s%s\n", cell(field), cmp.Or(f.Meaning(f.Kinds[kind].Name, field), "no field of this view"), needs(f, kind, field))
	}
	if r.UsesKeywords() {
		fmt.Fprintf(tw, "#     keywords\tall decoded values of the record\n")
	}
	if err := tw.Flush(); s.err == nil {
		s.err = err
	}
}

// needs says in brackets what a field can only come with.
func needs(f *parsers.Format, kind int, field string) string {
	if f.Needs == nil {
		return ""
	}
	details := f.Needs(kind, field)
	if len(details) == 0 {
		return ""
	}
	return " (only with " + strings.Join(details, " or ") + ")"
}

// correlation prints the text of a correlation, and what it counts.
func (s *ruleShow) correlation(r *sigma.Correlation) {
	s.head(&r.Header)
	for _, m := range r.Members {
		if m.Rule >= 0 {
			s.printf("# counts the rule %s\n", cell(s.rules.Set.Rules()[m.Rule].Title))
		} else {
			s.printf("# counts the correlation %s\n", cell(s.rules.Set.Correlations()[m.Correlation].Title))
		}
	}
	if fields := r.FieldNames(); len(fields) > 0 {
		s.printf("# needs of the events it counts: %s\n", cell(strings.Join(fields, ", ")))
	}
	s.printf("\n")
}

// showFields prints, for formats, all of them if none is named, what the
// fields that rules ask for stand for.
func showFields(w io.Writer, formats []string) error {
	all := newReader().Formats()
	for _, name := range formats {
		if !slices.ContainsFunc(all, func(f *parsers.Format) bool { return f.Name == name }) {
			return usageError("no format is named %.80q; see tideline formats", name)
		}
	}
	s := &ruleShow{w: w}
	for _, f := range all {
		if len(formats) == 0 || slices.Contains(formats, f.Name) {
			s.table(f)
		}
	}
	return s.err
}

// table prints the fields of a format, those of each view together.
func (s *ruleShow) table(f *parsers.Format) {
	s.printf("%s: %s\n", f.Name, f.Title)
	for _, k := range f.Kinds {
		var sources []string
		for _, l := range k.Sources {
			sources = append(sources, sigma.LogSource(l).Name())
		}
		s.printf("  view %s is seen by rules for %s\n", k.Name, strings.Join(sources, ", "))
	}
	tw := tabwriter.NewWriter(s.w, 0, 4, 2, ' ', 0)
	view := "none"
	for _, m := range f.Mapping {
		if m.View != view {
			view = m.View
			fmt.Fprintf(tw, "\n  %s\n", cmp.Or(strings.ReplaceAll(view, " ", ", "), "any view"))
		}
		is := m.Is
		for _, line := range nameLines(m.Field) {
			fmt.Fprintf(tw, "    %s\t%s\n", line, is)
			is = "" // of all names, said once
		}
	}
	fmt.Fprintln(tw)
	if err := tw.Flush(); s.err == nil {
		s.err = err
	}
}

// nameLines breaks names, which stand apart by blanks, into short lines.
func nameLines(names string) (lines []string) {
	const most = 36 // columns
	line := ""
	for name := range strings.FieldsSeq(names) {
		if line != "" && len(line)+1+len(name) > most {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+name, " ")
	}
	return append(lines, line)
}
