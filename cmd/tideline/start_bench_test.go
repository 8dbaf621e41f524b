package main

import "testing"

// BenchmarkRules is most of what a scan does before it reads: all built-in
// rules, from their embedded form to a Ruleset.
func BenchmarkRules(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		builtinSet(b)
	}
}
