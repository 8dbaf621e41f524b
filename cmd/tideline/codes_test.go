package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// codeLiteral is a code where the source code gives one to a remark.
var codeLiteral = regexp.MustCompile(`(?:Code\w*\s*[:=]+\s*|Code, \w+\.?\w* = |(?:Note|Gap|Cut), (?:max\([^)]*\), )?|note\([^"]*|announce\(|lose\(p, |remark\([^"]*|cut\([^"]*|code\w+\s*=\s*|return )"([a-z0-9]+\.[a-z_0-9]+)"`)

// TestEveryCodeIsDescribed holds the list of codes, which "tideline formats"
// prints, against the source code: both ways.
func TestEveryCodeIsDescribed(t *testing.T) {
	used := map[string]bool{}
	for _, root := range []string{"parsers", "scanner"} {
		err := filepath.WalkDir(filepath.Join("..", "..", root), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "parsertest") {
				return err
			}
			b, err := os.ReadFile(path)
			for _, m := range codeLiteral.FindAllSubmatch(b, -1) {
				used[string(m[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	described := map[string]bool{}
	for _, c := range finding.Codes() {
		described[c.Name] = true
		if !used[c.Name] && c.Name != "journal.other" && c.Name != "env.unknown_part" && c.Name != "limit.members" {
			t.Errorf("%s is described and never given", c.Name)
		}
		if c.Meaning == "" || !slices.Contains([]string{"gap", "note", "either"}, c.Kind) {
			t.Errorf("%+v", c)
		}
	}
	for code := range used {
		if !described[code] && code != "k8s.io" { // the end of the name of an API group
			t.Errorf("%s is given and not described in scanner/finding/codes.go", code)
		}
	}
	if len(used) < 90 {
		t.Errorf("only %d codes were found in the source code", len(used))
	}
}
