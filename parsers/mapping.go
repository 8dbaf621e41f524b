package parsers

import (
	"slices"
	"strings"
)

// A Mapping is a line of the table of a format's fields: what a name that
// rules use stands for in the log. The tables are the one place where this is
// written down; `tideline rules show --fields` prints them.
type Mapping struct {
	View  string // names of the Kinds that it is for, separated by blanks; "" for all
	Field string // names as rules spell them, separated by blanks; a * stands for any text, "*" alone for all names not listed
	Is    string // what it is
}

// Named are the fields of a view of f that the table lists by name, without those that
// have a *.
func (f *Format) Named(view string) (fields []string) {
	for _, m := range f.Mapping {
		if !m.isOf(view) {
			continue
		}
		for name := range strings.FieldsSeq(m.Field) {
			if !strings.Contains(name, "*") {
				fields = append(fields, name)
			}
		}
	}
	return fields
}

// Meaning is what a field stands for in a view of f, "" if the table does not
// say. A name that is listed counts before one that only fits a *.
func (f *Format) Meaning(view, field string) string {
	best, length := "", -1
	for _, m := range f.Mapping {
		if !m.isOf(view) {
			continue
		}
		for name := range strings.FieldsSeq(m.Field) {
			if name == field {
				return m.Is
			}
			if head, tail, wild := strings.Cut(name, "*"); wild && len(name) > length && len(field) >= len(name)-1 &&
				strings.HasPrefix(field, head) && strings.HasSuffix(field, tail) {
				best, length = m.Is, len(name)
			}
		}
	}
	return best
}

// isOf reports whether m is for a view.
func (m *Mapping) isOf(view string) bool {
	return m.View == "" || slices.Contains(strings.Fields(m.View), view)
}
