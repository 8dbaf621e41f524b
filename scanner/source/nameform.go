package source

import (
	"regexp"
	"strings"
	"sync"
)

// A nameForm is a form of the names of files and folders: a regular expression that is
// compiled when the first name comes that has its word. There are twenty, most scans
// meet few of them, and to compile all took milliseconds of every start.
type nameForm struct {
	word     string
	compiled func() *regexp.Regexp
}

// nameForms are all there are, for the test that compiles them.
var nameForms []*nameForm

// nameLike is the form of names that expr matches; each of them has the word.
func nameLike(word, expr string) *nameForm {
	f := &nameForm{word, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}
	nameForms = append(nameForms, f)
	return f
}

// find returns the groups of a name that has the form, and nil for others.
func (f *nameForm) find(name string) []string {
	if !strings.Contains(name, f.word) {
		return nil
	}
	return f.compiled().FindStringSubmatch(name)
}

func (f *nameForm) match(name string) bool {
	return strings.Contains(name, f.word) && f.compiled().MatchString(name)
}
