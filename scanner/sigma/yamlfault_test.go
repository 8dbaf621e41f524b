package sigma_test

import (
	"strings"
	"testing"

	"tideline/scanner/sigma"
)

// TestBrokenYAML checks that a slip in YAML is told with its line, and with what mends
// that slip. The searches begin in line 4.
func TestBrokenYAML(t *testing.T) {
	for _, c := range []struct {
		name, searches string
		line           int
		mend           string
	}{
		{"tab", "s:\n\ta: x", 5, "not with tabs"},
		{"percent", "s:\n  a: %x%", 5, "begin with %"},
		{"star", "s:\n  a: *.exe", 5, "begin with * or &"},
		{"star-and-name", "s:\n  a: *exe", 5, "begin with *"},
		{"backslash-in-double-quotes", `s:` + "\n" + `  a: "C:\Windows"`, 5, "single quotes"},
		{"colon", "s:\n  a: b: c", 5, "a blank follows a colon"},
		{"open-quote", "s:\n  a: 'x", 0, "close the quote"},
		{"columns-of-a-map", "s:\n    a: x\n  b: y\n c: z", 0, "begin in one column"},
		{"columns-of-a-list", "s:\n  - a: x\n   b: y", 0, "members of a list begin in one column"},
		{"open-bracket", "s: {a: [x, y}", 0, "close the bracket"},
		{"latin-1", "s:\n  a: x\n  b: caf\xe9", 6, "UTF-8"},
		{"cut-character", "s:\n  a: x\xe2\x82", 5, "UTF-8"},
		{"escape-character", "s:\n  a: x\x1b[2J", 5, "double quotes"},
		{"nul", "s:\n  a: x\x00", 5, "double quotes"},
		{"tag", "s:\n  a: x\n  b: !important", 6, "quote the value"},
		{"tag-in-a-list", "s: {a: [!/bin/sh x, y]}", 4, "quote the value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, refused, _ := problemsOf(sigma.Options{}, document(c.searches))
			if len(refused) != 1 {
				t.Fatalf("refused %v", refused)
			}
			if p := refused[0]; c.line > 0 && p.Line != c.line || p.Line == 0 || !strings.Contains(p.Mend, c.mend) {
				t.Errorf("got %v\nwant line %d, mend %q", p, c.line, c.mend)
			}
		})
	}
}
