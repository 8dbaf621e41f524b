package tally

import (
	"slices"
	"time"

	"tideline/scanner/finding"
)

// maxBuckets bounds the timeline of a report.
const maxBuckets = 480

// steps are the widths a timeline may have, in minutes.
var steps = []int64{1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880, 10080, 43200, 525600}

// stepOf is the width of the steps of a timeline: the narrowest that keeps the
// number of those with something in them bounded. Minutes were joined to spans of
// least already, if that is not 0.
func stepOf(minutes map[int64]Minute, least int64) int64 {
	for _, step := range steps {
		if step >= least && distinct(minutes, step) <= maxBuckets {
			return step
		}
	}
	return steps[len(steps)-1]
}

// Marks count findings by the minute in which a step of a timeline begins: of their
// own minutes there may be as many as findings.
type Marks struct {
	step   int64
	counts map[int64]int64
}

// NewMarks are for findings in the events that a counts.
func (a *Aggregates) NewMarks() *Marks {
	return &Marks{stepOf(a.Minutes, a.Step), map[int64]int64{}}
}

// Add counts a finding.
func (m *Marks) Add(t time.Time) { m.counts[floor(minuteOf(t), m.step)]++ }

// minuteOf is the minute since 1970 that t lies in.
func minuteOf(t time.Time) int64 { return floor(t.Unix(), 60) / 60 }

// Timeline counts events and findings in equal steps of time.
func (a *Aggregates) Timeline(found *Marks) finding.Timeline {
	return buckets(a.Minutes, found.counts, found.step)
}

// distinct counts the steps of a width, in minutes, that have something in them.
func distinct(minutes map[int64]Minute, step int64) int {
	seen := map[int64]bool{}
	for m := range minutes {
		seen[floor(m, step)] = true
	}
	return len(seen)
}

// floor is the largest multiple of step that is not above n, which may be negative.
func floor(n, step int64) int64 {
	if r := n % step; r < 0 {
		return n - r - step
	} else {
		return n - r
	}
}

// buckets joins minutes, and marks by the minute in which their step begins, to a
// timeline of steps of so many minutes, in order. Steps without anything are left out.
func buckets(minutes map[int64]Minute, marks map[int64]int64, step int64) finding.Timeline {
	byStart := map[int64]*finding.Bucket{}
	at := func(minute int64) *finding.Bucket {
		start := floor(minute, step)
		b := byStart[start]
		if b == nil {
			b = &finding.Bucket{Time: finding.Time{Time: time.Unix(start*60, 0).UTC()}, Formats: map[string]int64{}}
			byStart[start] = b
		}
		return b
	}
	for m, rows := range minutes {
		b := at(m)
		for _, row := range rows {
			b.Events += row.Events
			b.Denied += row.Denied
			b.Formats[row.Format] += row.Events
		}
	}
	for m, n := range marks {
		at(m).Findings += n
	}
	t := finding.Timeline{Step: step * 60, Buckets: make([]finding.Bucket, 0, len(byStart))}
	for _, b := range byStart {
		t.Buckets = append(t.Buckets, *b)
	}
	slices.SortFunc(t.Buckets, func(a, b finding.Bucket) int { return a.Time.Compare(b.Time.Time) })
	return t
}
