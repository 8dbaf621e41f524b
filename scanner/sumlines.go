package scanner

import (
	"errors"
	"slices"
)

// sumLine is a part of Aggregates in a file of lines: first the sums without
// rows, then the rows, a thousand a line. There are tens of thousands of rows,
// and as one line they took several times their room in memory to write and to
// read.
type sumLine struct {
	Sums  *Aggregates       `json:"aggregates,omitempty"`
	Rows  []PrincipalRecord `json:"principals,omitempty"`
	Names []NameRecord      `json:"names,omitempty"`
}

// rowsPerLine is how many rows a line holds at most.
const rowsPerLine = 1000

// lines calls emit for the lines of a, which is not changed.
func (a *Aggregates) lines(emit func(sumLine) error) error {
	sums := *a
	sums.Rows, sums.NameRows = nil, nil
	err := emit(sumLine{Sums: &sums})
	for rows := range slices.Chunk(a.Sorted(), rowsPerLine) {
		err = errors.Join(err, emit(sumLine{Rows: rows}))
	}
	for names := range slices.Chunk(a.sortedNames(), rowsPerLine) {
		err = errors.Join(err, emit(sumLine{Names: names}))
	}
	return err
}

// take adds a line to *a; the first one makes it. It reports whether l was one
// of aggregates, in its place.
func (l *sumLine) take(a **Aggregates) bool {
	switch {
	case l.Sums != nil:
		*a = l.Sums.restore()
	case *a == nil:
		return false
	case l.Rows != nil:
		for i := range l.Rows {
			(*a).mergePrincipal(l.Rows[i].Key, &l.Rows[i].Row)
		}
	case l.Names != nil:
		for i := range l.Names {
			(*a).name(l.Names[i].Key).merge(&l.Names[i].Row)
		}
	default:
		return false
	}
	if len((*a).Principals) > 2*maxPrincipals || len((*a).Names) > 2*maxNames {
		(*a).bound() // no file of ours has so many
	}
	return true
}
