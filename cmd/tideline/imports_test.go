package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// policy says which packages of ours a package may import, tests aside. It is
// a statement of policy, not a record of fact: do not edit it to make a build
// pass. The first pattern that matches a package counts; "*" is one element of
// a path.
var policy = []struct {
	pkg     string
	imports []string
}{
	{"parsers", nil},
	{"parsers/internal/*", []string{"parsers", "parsers/internal/*"}},
	{"parsers/parsertest", []string{"parsers"}},
	{"parsers/formats", []string{"parsers", "parsers/*", "parsers/internal/*"}},
	{"parsers/*", []string{"parsers", "parsers/internal/*"}},
	{"scanner/sigma", nil},
	{"scanner/rules", nil},
	{"scanner/identity", []string{"parsers", "scanner/finding", "scanner/text", "scanner/principal", "scanner/tally", "scanner/baseline"}},
	{"scanner/echo", []string{"parsers", "scanner/finding", "scanner/identity", "scanner/item", "scanner/spill", "scanner/text"}},
	{"scanner/given", []string{"parsers", "scanner/block", "scanner/finding", "scanner/sigma", "scanner/text"}},
	{"scanner/pending", []string{"parsers", "scanner/finding"}},
	{"scanner/ruleset", []string{"parsers", "scanner/block", "scanner/correlate", "scanner/finding", "scanner/given", "scanner/identity", "scanner/sigma", "scanner/spill", "scanner/text"}},
	{"scanner/overview", []string{"parsers", "scanner/finding", "scanner/principal", "scanner/ruleset", "scanner/score", "scanner/sigma", "scanner/source", "scanner/tally", "scanner/text"}},
	{"scanner/actor", []string{"scanner/exposure", "scanner/finding", "scanner/given", "scanner/identity", "scanner/item", "scanner/ruleset", "scanner/score", "scanner/spill", "scanner/text"}},
	{"scanner/ledger", []string{"parsers", "scanner/finding", "scanner/source", "scanner/text"}},
	{"scanner/source", []string{"scanner/source/*"}},
	{"scanner/source/*", nil},
	{"scanner/finding", []string{"parsers"}},
	{"scanner/text", nil},
	{"scanner/block", []string{"scanner/finding", "scanner/sigma", "scanner/text"}},
	{"scanner/livelog", nil},
	{"scanner/fileid", nil},
	{"scanner/principal", []string{"parsers", "scanner/finding", "scanner/text"}},
	{"scanner/spill", []string{"scanner/text"}},
	{"scanner/spill/spilltest", []string{"scanner/spill"}},
	{"scanner/item", []string{"parsers", "scanner/finding", "scanner/spill", "scanner/text"}},
	{"scanner/tally", []string{"parsers", "scanner/finding", "scanner/text", "scanner/principal", "scanner/baseline"}},
	{"scanner/correlate", domain},
	{"scanner/score", domain},
	{"scanner/exposure", domain},
	{"scanner/baseline", domain},
	{"scanner/state", domain},
	{"scanner", []string{"parsers", "scanner/*"}},
	{"report", []string{"scanner/finding", "parsers", "report/secret"}},
	{"report/secret", nil},
	{"fixtures/*", nil},
	{"cmd/*", []string{"*", "*/*", "*/*/*"}},
}

var domain = []string{"parsers", "scanner/finding", "scanner/sigma"}

// homes says where a third-party module may be imported, tests aside.
var homes = map[string][]string{
	"github.com/urfave/cli/v2":          {"cmd/tideline"},
	"github.com/schollz/progressbar/v3": {"cmd/tideline"},
	"golang.org/x/term":                 {"cmd/tideline"},
	"github.com/olekukonko/tablewriter": {"report"},
	"github.com/klauspost/compress":     {"scanner/source", "parsers/journal"},
	"github.com/ulikunitz/xz":           {"scanner/source", "parsers/journal"},
	"github.com/pierrec/lz4/v4":         {"scanner/source", "parsers/journal"},
	"github.com/bodgit/sevenzip":        {"cmd/tideline"},
	"github.com/nwaples/rardecode/v2":   {"scanner/source"},
	"github.com/valyala/fastjson":       {"parsers/internal/jsonfields"},
	"go.yaml.in/yaml/v3":                {"scanner/sigma", "parsers/envelope"},
	"golang.org/x/sys":                  {"scanner/source"},
}

// A listed is what go list tells of a package.
type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Standard   bool
}

// list runs go list; the module path is taken off our own packages.
func list(t *testing.T) map[string]*listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps,Standard", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := map[string]*listed{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		p := new(listed)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
}

func ours(importPath string) (string, bool) {
	return strings.CutPrefix(importPath, "tideline/")
}

func matches(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, pkg)
		return ok && err == nil
	})
}

func TestImportsRunOneWay(t *testing.T) {
	for _, p := range list(t) {
		pkg, ok := ours(p.ImportPath)
		if !ok {
			continue
		}
		allowed, known := allowedFor(pkg)
		if !known {
			t.Errorf("%s has no place in the floor plan", pkg)
			continue
		}
		for _, imp := range p.Imports {
			if name, ok := ours(imp); ok && !matches(allowed, name) {
				t.Errorf("%s imports %s", pkg, name)
			}
		}
	}
}

func allowedFor(pkg string) ([]string, bool) {
	for _, rule := range policy {
		if matches([]string{rule.pkg}, pkg) {
			return rule.imports, true
		}
	}
	return nil, false
}

// A parser package never knows a sibling; the pattern for parsers/* above
// cannot say so, since parsers/internal is the one exception.
func TestParsersKnowNoSibling(t *testing.T) {
	for _, p := range list(t) {
		pkg, ok := ours(p.ImportPath)
		if !ok || !matches([]string{"parsers/*"}, pkg) || pkg == "parsers/formats" {
			continue
		}
		for _, imp := range p.Imports {
			if name, ok := ours(imp); ok && matches([]string{"parsers/*"}, name) {
				t.Errorf("%s imports its sibling %s", pkg, name)
			}
		}
	}
}

func TestThirdPartyLibrariesHaveOneHome(t *testing.T) {
	packages := list(t)
	for _, p := range packages {
		pkg, ok := ours(p.ImportPath)
		if !ok {
			continue
		}
		for _, imp := range p.Imports {
			if q := packages[imp]; q == nil || q.Standard {
				continue
			}
			if _, mine := ours(imp); mine {
				continue
			}
			if !atHome(pkg, imp) {
				t.Errorf("%s imports %s, whose home is elsewhere", pkg, imp)
			}
		}
	}
}

func atHome(pkg, imp string) bool {
	for module, where := range homes {
		if imp == module || strings.HasPrefix(imp, module+"/") {
			return slices.Contains(where, pkg) || slices.ContainsFunc(where, func(w string) bool { return strings.HasPrefix(pkg, w+"/") })
		}
	}
	return false
}

// Only the command may be able to reach a network: progressbar and sevenzip
// bring net/http with them, and nothing else may.
func TestNothingButTheCommandCanReachTheNetwork(t *testing.T) {
	for _, p := range list(t) {
		pkg, ok := ours(p.ImportPath)
		if !ok || strings.HasPrefix(pkg, "cmd/") {
			continue
		}
		for _, dep := range p.Deps {
			if dep == "net" || dep == "net/http" || dep == "crypto/tls" {
				t.Errorf("%s depends on %s", pkg, dep)
			}
		}
	}
}

// unguided are packages that have many files, each named after what it is about: an
// envelope, a kind of case.
var unguided = []string{"parsers/envelope", "fixtures/hostile"}

// TestDocsNameTheirFiles: a package of ten files has a guide to them, and a guide names
// all files, and none that is not there.
func TestDocsNameTheirFiles(t *testing.T) {
	named := regexp.MustCompile(`[^\w/]([a-z0-9_]+\.go)\b`)           // behind a slash it is a source's
	guide := regexp.MustCompile(`(?m)^//\t((?:[a-z0-9_]+\.go +)+)\S`) // files, and what they are for
	root, guides := filepath.Join("..", ".."), 0
	err := filepath.WalkDir(root, func(dir string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		var files []string
		all, err := filepath.Glob(filepath.Join(dir, "*.go"))
		for _, file := range all {
			if name := filepath.Base(file); name != "doc.go" && !strings.HasSuffix(name, "_test.go") {
				files = append(files, name)
			}
		}
		text, _ := os.ReadFile(filepath.Join(dir, "doc.go"))
		pkg, _ := filepath.Rel(root, dir)
		if slices.Contains(unguided, filepath.ToSlash(pkg)) || len(files) < 10 && !guide.Match(text) {
			return err
		}
		guides++
		for _, m := range guide.FindAllSubmatch(text, -1) {
			for _, name := range strings.Fields(string(m[1])) {
				if !slices.Contains(files, name) {
					t.Errorf("%s/doc.go: there is no %s", pkg, name)
				}
			}
		}
		var told []string
		for _, m := range named.FindAllSubmatch(text, -1) {
			told = append(told, string(m[1]))
		}
		for _, name := range files {
			if !slices.Contains(told, name) {
				t.Errorf("%s/doc.go does not say what %s is for", pkg, name)
			}
		}
		return err
	})
	if err != nil || guides < 20 {
		t.Errorf("%d guides, error %v", guides, err)
	}
}
