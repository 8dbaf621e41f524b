package tally

import (
	"errors"
	"slices"
)

// Line is a part of Aggregates in a file of lines: first the sums without
// rows, then the rows, a thousand a line. There are tens of thousands of rows,
// and as one line they took several times their room in memory to write and to
// read.
type Line struct {
	Sums  *Aggregates       `json:"aggregates,omitempty"`
	Rows  []PrincipalRecord `json:"principals,omitempty"`
	Names []NameRecord      `json:"names,omitempty"`
}

// rowsPerLine is how many rows a line holds at most.
const rowsPerLine = 1000

// Lines calls emit for the lines of a, which is not changed.
func (a *Aggregates) Lines(emit func(Line) error) error {
	sums := *a
	sums.Rows, sums.NameRows = nil, nil
	err := emit(Line{Sums: &sums})
	for rows := range slices.Chunk(a.Sorted(), rowsPerLine) {
		err = errors.Join(err, emit(Line{Rows: rows}))
	}
	for names := range slices.Chunk(a.sortedNames(), rowsPerLine) {
		err = errors.Join(err, emit(Line{Names: names}))
	}
	return err
}

// Take adds a line to *a; the first one makes it. It reports whether l was one
// of aggregates, in its place.
func (l *Line) Take(a **Aggregates) bool {
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
		(*a).Bound() // no file of ours has so many
	}
	return true
}

// Sound reports whether a line is as the rest of the package may expect it to be: a file
// may come from a machine that somebody else is master of.
func (l *Line) Sound() bool { return l.Sums == nil || l.Sums.sound() }

func (a *Aggregates) sound() bool {
	for _, s := range a.Formats {
		if s == nil {
			return false
		}
	}
	return a.Step == 0 || slices.Contains(minuteSteps[:], a.Step)
}

// restore rebuilds the maps that the wire form has as rows.
func (a *Aggregates) restore() *Aggregates {
	out := NewAggregates()
	a.Principals = map[PrincipalKey]*PrincipalRow{}
	for i := range a.Rows {
		a.Principals[a.Rows[i].Key] = &a.Rows[i].Row
	}
	a.Names = map[NameKey]*NameRow{}
	for i := range a.NameRows {
		a.Names[a.NameRows[i].Key] = &a.NameRows[i].Row
	}
	out.Merge(a)
	return out
}
