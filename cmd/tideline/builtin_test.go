package main

import (
	"testing"

	"tideline/scanner/ruleset"
)

// builtinTexts are the built-in rules, and how a scan compiles them.
func builtinTexts(t testing.TB) ([]ruleset.Text, ruleset.Options) {
	t.Helper()
	texts, err := builtinRules()
	if err != nil {
		t.Fatal(err)
	}
	lists, err := placeholderLists(nil)
	if err != nil {
		t.Fatal(err)
	}
	return texts, ruleset.Options{Placeholders: lists, FieldCost: fieldCost, Common: common}
}

// builtinSet compiles the built-in rules.
func builtinSet(t testing.TB) *ruleset.Ruleset {
	t.Helper()
	return ruleset.New(builtinTexts(t))
}
