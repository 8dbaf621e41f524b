package source

import (
	"cmp"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// RotationLess orders the names of files in one folder: by name, and the files
// of one rotation set oldest first, so that an event whose records were parted
// by a rotation is read in order:
//
//	audit.log.2.gz  audit.log.1  audit.log               logrotate, auditd, Docker
//	audit.log-20260301  audit.log-20260302.gz  audit.log logrotate with dateext
//	audit-2026-03-01T10-00-00.000.log  audit.log         lumberjack (API server)
//	0.log.20260301-100000.gz  0.log                      kubelet
//
// It is a strict weak order, and total: names that differ are never equal.
func RotationLess(a, b string) bool { return rotationCompare(a, b) < 0 }

// RotationSet is the name that the newest file of name's set has: what a file
// is called before it is rotated and packed.
func RotationSet(name string) string { return rotationOf(name).set }

func rotationCompare(a, b string) int { return rotationOf(a).compare(rotationOf(b)) }

func (x rotation) compare(y rotation) int {
	return cmp.Or(
		strings.Compare(x.set, y.set),
		cmp.Compare(x.age, y.age),
		strings.Compare(x.stamp, y.stamp),
		cmp.Compare(y.number, x.number),
		strings.Compare(x.name, y.name),
	)
}

// inRotation puts the entries of a folder in that order. What their names say is found
// out once: a folder may have a hundred thousand.
func inRotation(entries []fs.DirEntry) {
	places := make(map[string]rotation, len(entries))
	for _, e := range entries {
		places[e.Name()] = rotationOf(e.Name())
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return places[a.Name()].compare(places[b.Name()]) })
}

// A rotation is what a name says about its place in a set.
type rotation struct {
	name   string
	set    string // the name that the newest file of the set has
	age    rotationAge
	stamp  string // digits of the time, without separators
	number int
}

// Dated files come first, because a set that has both was switched from one to
// the other and its live file is numbered last; the plain name is the newest.
type rotationAge int

const (
	dated rotationAge = iota
	numbered
	live
)

var (
	// numberedName is name.N; more digits than six are a time.
	numberedName = nameLike(".", `^(.+)\.(\d{1,6})$`)
	// datedTail is a date, and perhaps a time, behind the whole name.
	datedTail = nameLike("", `^(.+?)[-._](\d{4}-?\d{2}-?\d{2}(?:[-T_.]?\d{2}(?:[-:]?\d{2}){0,2}(?:\.\d+)?|-\d{9,10})?Z?)$`)
	// datedMiddle is the same before the extension.
	datedMiddle = nameLike("", `^(.+?)[-._](\d{4}-?\d{2}-?\d{2}(?:[-T_.]?\d{2}(?:[-:]?\d{2}){0,2}(?:\.\d+)?)?Z?)(\.[A-Za-z]+)$`)
)

func rotationOf(name string) rotation {
	bare := withoutCodec(name)
	if !strings.ContainsAny(bare, "0123456789") {
		return rotation{name: name, set: bare, age: live}
	}
	if m := datedMiddle.find(bare); m != nil {
		return rotation{name: name, set: m[1] + m[3], age: dated, stamp: digits(m[2])}
	}
	if m := datedTail.find(bare); m != nil {
		return rotation{name: name, set: m[1], age: dated, stamp: digits(m[2])}
	}
	if m := numberedName.find(bare); m != nil {
		if n, err := strconv.Atoi(m[2]); err == nil {
			return rotation{name: name, set: m[1], age: numbered, number: n}
		}
	}
	return rotation{name: name, set: bare, age: live}
}

// withoutCodec is a name without the ending of what packed the file.
func withoutCodec(name string) string {
	for _, ending := range [...]string{".gz", ".xz", ".bz2", ".zst", ".lz4", ".Z"} {
		if bare, ok := strings.CutSuffix(name, ending); ok {
			return bare
		}
	}
	return name
}

// digits are the digits of a time, padded so that a date sorts before the
// times of its day.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
