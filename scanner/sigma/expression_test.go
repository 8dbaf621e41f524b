package sigma

import (
	"regexp"
	"regexp/syntax"
	"testing"
)

// TestSoftDollars compares the change of the text with the change of the tree.
func TestSoftDollars(t *testing.T) {
	for _, text := range []string{
		`a$`, `^a$|b$`, `(a$|b)c?`, `[$]$`, `[^$]$`, `[]$]$`, `[^]$]x$`, `\$$`, `[\]$]$`, `[[:alpha:]$]+$`, `(?i)a$`, `(?P<x>a$)`, `(?:a$)`, `(?s:.$)`,
		`(?m)a$`, `(?m:^a$)b$`, `\Qa$\Eb$`, `a\z$`, `$^`, `[[:]$`, `(^|/)kubectl$`, `a{2}$`, `[a\-$]$`, `(?i-m)a$`, `(?<n>a$)`,
	} {
		tree, err := syntax.Parse(text, syntax.Perl)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !hasDollar(tree) {
			continue
		}
		got, ok := softDollars(text)
		if !ok {
			continue
		}
		if a, b := program(t, got), program(t, dollar(tree).String()); a != b {
			t.Errorf("%s became %s:\n%s\nwant\n%s", text, got, a, b)
		}
	}
}

// program is what an expression compiles to.
func program(t *testing.T, text string) string {
	t.Helper()
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	p, err := syntax.Compile(tree.Simplify())
	if err != nil {
		t.Fatal(err)
	}
	return p.String()
}

func TestFinalNewlineDoesNotHideAValue(t *testing.T) {
	for _, tc := range []struct {
		text, value string
		want        bool
	}{
		{`a$`, "a\n", true}, {`a$`, "a\nb", false}, {`^a$|^b$`, "b\n", true}, {`[$]$`, "$\n", true}, {`(?m)^a$`, "b\na\nc", true}, {`\Qa$\E$`, "a$\n", true},
	} {
		tree, err := syntax.Parse(tc.text, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := regexp.MustCompile(asPCRE(tree, tc.text)).MatchString(tc.value); got != tc.want {
			t.Errorf("%s on %q: %t", tc.text, tc.value, got)
		}
	}
}
