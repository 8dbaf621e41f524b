package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// TestEveryCodeIsDescribed holds the list of codes, which "tideline formats"
// prints, against the source code: both ways.
func TestEveryCodeIsDescribed(t *testing.T) {
	given := map[string]string{}
	for _, root := range []string{"parsers", "scanner"} {
		err := filepath.WalkDir(filepath.Join("..", "..", root), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() || d.Name() == "parsertest" {
				return err
			}
			return codesGiven(path, given)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	described := map[string]bool{}
	for _, c := range finding.Codes() {
		described[c.Name] = true
		if given[c.Name] == "" {
			t.Errorf("%s is described and never given", c.Name)
		}
		if c.Meaning == "" || !slices.Contains([]string{"gap", "note", "either"}, c.Kind) {
			t.Errorf("%+v", c)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(given)) {
		if !described[code] {
			t.Errorf("%s: %s is given and not described in scanner/finding/codes.go", given[code], code)
		}
	}
}

// codesGiven adds the codes that the source code of a package gives to remarks, with
// a place of each. A text is one where a field or a variable that is called code is set
// to it, where it is the argument of a parameter of that name, and where a function of that
// name returns it.
func codesGiven(dir string, given map[string]string) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	set := token.NewFileSet()
	var files []*ast.File
	takers := map[string]int{} // functions by name: at which place the parameter is
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			return err
		}
		files = append(files, file)
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && codeParameter(f) >= 0 {
				takers[f.Name.Name] = codeParameter(f)
			}
		}
	}
	for _, file := range files {
		eachCode(file, takers, func(l *ast.BasicLit) {
			if text, err := strconv.Unquote(l.Value); err == nil && strings.Contains(text, ".") {
				given[text] = set.Position(l.Pos()).String()
			}
		})
	}
	return nil
}

// eachCode calls f for the texts in what is given as a code.
func eachCode(file *ast.File, takers map[string]int, f func(*ast.BasicLit)) {
	texts := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				f(l)
			}
			return true
		})
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if isCode(n.Key) {
				texts(n.Value)
			}
		case *ast.AssignStmt:
			for i := range n.Lhs {
				if isCode(n.Lhs[i]) && len(n.Rhs) == len(n.Lhs) {
					texts(n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i := range n.Values {
				if isCode(n.Names[i]) {
					texts(n.Values[i])
				}
			}
		case *ast.CallExpr:
			if at, ok := takers[nameOf(n.Fun)]; ok && at < len(n.Args) {
				texts(n.Args[at])
			}
		case *ast.FuncDecl:
			if strings.HasSuffix(n.Name.Name, "Code") {
				texts(n.Body)
			}
		}
		return true
	})
}

// codeParameter is at which place a function takes a code, -1 if it takes none.
func codeParameter(f *ast.FuncDecl) int {
	at := 0
	for _, p := range f.Type.Params.List {
		for _, name := range p.Names {
			if name.Name == "code" {
				return at
			}
			at++
		}
	}
	return -1
}

// nameOf is the last name of an expression, "" if it has none.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// isCode reports whether a field, a variable or a constant is called code, or codeSo-and-so.
func isCode(e ast.Expr) bool {
	name := nameOf(e)
	return name == "code" || strings.HasPrefix(name, "Code") || strings.HasPrefix(name, "code") && name[4] >= 'A' && name[4] <= 'Z'
}
