package main

import (
	"testing"

	"tideline/scanner"
)

// builtinTexts are the built-in rules, and how a scan compiles them.
func builtinTexts(t testing.TB) ([]scanner.RuleText, scanner.RuleOptions) {
	t.Helper()
	texts, err := builtinRules()
	if err != nil {
		t.Fatal(err)
	}
	lists, err := placeholderLists(nil)
	if err != nil {
		t.Fatal(err)
	}
	return texts, scanner.RuleOptions{Placeholders: lists, FieldCost: fieldCost, Common: common}
}

// builtinSet compiles the built-in rules.
func builtinSet(t testing.TB) *scanner.Ruleset {
	t.Helper()
	return scanner.NewRuleset(builtinTexts(t))
}
