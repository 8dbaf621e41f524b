package rules

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

// Folders, not files, are named: a new rule is a new file and nothing else.
//
//go:embed */*.yml advice
var files embed.FS

// FS is everything the package embeds: rules in a folder per log source,
// correlations, the value lists of placeholders in lists, and advice on what to
// switch on so that the rules have something to read. It is read-only and may
// be used by any number of goroutines.
func FS() fs.FS { return files }

// Files are the paths of all rules and correlations in FS, in order of path.
// Value lists and advice are not among them.
func Files() []string {
	// A pattern without a mistake in it is the only way for Glob to fail.
	all, _ := fs.Glob(files, "*/*.yml")
	out := all[:0]
	for _, name := range all {
		if path.Dir(name) != "lists" {
			out = append(out, name)
		}
	}
	return out
}

// Lists are the paths of the files of value lists in FS, in order of path. Each
// is a YAML map of a placeholder's name to its values: `shells: [sh, bash]`
// stands behind `exe.base|expand: '%shells%'`.
func Lists() []string {
	all, _ := fs.Glob(files, "lists/*.yml")
	return all
}

//go:embed doc.go
var guide string

// Guide is the guide for writing a rule: what doc.go says, as text.
func Guide() string {
	var b strings.Builder
	for line := range strings.Lines(guide) {
		if text, ok := strings.CutPrefix(line, "//"); ok {
			b.WriteString(strings.TrimPrefix(text, " "))
		}
	}
	return b.String()
}
