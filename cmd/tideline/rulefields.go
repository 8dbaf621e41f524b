package main

import (
	"maps"
	"slices"
	"strconv"

	"tideline/parsers"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
)

// A fieldChecker tells which fields of rules are probably spelled wrong: a rule that
// asks for what no log has is silent for ever, and looks like a quiet night. Nearly
// any name can be a field, of an annotation or of what an application logs, so only
// those are told that are a letter or two away from a well-known one.
type fieldChecker struct {
	formats []*parsers.Format
	asked   map[string]map[string]bool // fields that built-in rules ask for, by format
}

// leastSpelled is from how many letters on a name that is nearly another is taken for a
// mistake: uid and auid are both fields.
const leastSpelled = 8

// newFieldChecker learns names from the tables of formats and the built-in rules of rs.
func newFieldChecker(rs *ruleset.Ruleset) *fieldChecker {
	f := &fieldChecker{formats: newReader().Formats(), asked: map[string]map[string]bool{}}
	for _, i := range rs.Rules() {
		r := rs.Set.Rules()[i]
		if !builtin(r.Path) {
			continue
		}
		for _, format := range readersOf(r.LogSource) {
			if f.asked[format] == nil {
				f.asked[format] = map[string]bool{}
			}
			for _, name := range r.FieldNames() {
				f.asked[format][name] = true
			}
		}
	}
	return f
}

// check warns of fields of the rules of rs that are not built in, in order of rules and lines.
func (f *fieldChecker) check(rs *ruleset.Ruleset) (out []*sigma.Problem) {
	for _, i := range rs.Rules() {
		r := rs.Set.Rules()[i]
		if builtin(r.Path) {
			continue
		}
		names := f.names(r.LogSource)
		lines := r.FieldLines()
		fields := slices.Sorted(maps.Keys(lines))
		slices.SortStableFunc(fields, func(a, b string) int { return lines[a] - lines[b] })
		for _, field := range fields {
			out = append(out, misspelled(&r.Header, lines[field], field, names)...)
		}
		told := slices.Sorted(slices.Values(rs.Block(i).Fields()))
		for _, field := range slices.Compact(told) { // a sentence leaves out what it does not find
			if !slices.Contains(fields, field) {
				out = append(out, misspelled(&r.Header, r.CustomLines["tideline"], field, names)...)
			}
		}
	}
	for _, r := range rs.Set.Correlations() {
		if builtin(r.Path) {
			continue
		}
		for _, field := range r.FieldNames() { // of the events of any log
			out = append(out, misspelled(&r.Header, r.Line, field, f.names(sigma.LogSource{}))...)
		}
	}
	return out
}

// misspelled is the warning that field was probably meant to be one of names, if so.
func misspelled(h *sigma.Header, line int, field string, names []string) []*sigma.Problem {
	near := meant(field, names)
	if near == "" {
		return nil
	}
	return []*sigma.Problem{{Path: h.Path, Line: line, Rule: h.Title, Warning: true,
		Reason: "field " + strconv.Quote(field) + " is not one of those that rules for these logs know, and one of them is spelled nearly so",
		Mend:   "did you mean " + near + "? tideline rules show --fields lists them"}}
}

// names are the fields known of the logs that rules for a log source see.
func (f *fieldChecker) names(source sigma.LogSource) (names []string) {
	for _, format := range f.formats {
		for _, k := range format.Kinds {
			if sees(source, k) {
				names = append(append(names, format.Named(k.Name)...), slices.Sorted(maps.Keys(f.asked[format.Name]))...)
			}
		}
	}
	return names
}

// meant is the name that field was probably meant to be; "" if it is one itself, or none
// is near.
func meant(field string, names []string) string {
	if len(field) < leastSpelled || slices.Contains(names, field) {
		return ""
	}
	return nearest(field, names)
}
