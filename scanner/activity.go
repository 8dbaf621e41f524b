package scanner

import (
	"math/bits"
	"slices"
	"strings"
	"time"
)

// An Activity says in which minutes a log had events: hours since 1970, each
// with a bit for every minute. A year of it takes 140 kB.
type Activity map[int64]uint64

// placeOf names a log: a format, and the host that wrote it if it is known.
func placeOf(format, host string) string { return format + "\x00" + host }

// splitPlace is the inverse of placeOf.
func splitPlace(place string) (format, host string) {
	format, host, _ = strings.Cut(place, "\x00")
	return format, host
}

func (a Activity) see(t time.Time) {
	minute := floor(t.Unix(), 60) / 60
	hour := floor(minute, 60) / 60
	a[hour] |= 1 << uint(minute-hour*60)
}

func (a Activity) merge(o Activity) {
	for hour, minutes := range o {
		a[hour] |= minutes
	}
}

// minutes lists the minutes with events, in order.
func (a Activity) minutes() []int64 {
	var out []int64
	for _, hour := range sortedHours(a) {
		for m := a[hour]; m != 0; m &= m - 1 {
			out = append(out, hour*60+int64(bits.TrailingZeros64(m)))
		}
	}
	return out
}

// activity returns the activity of a place, a new one if need be.
func (a *Aggregates) activity(place string) Activity {
	out := a.Active[place]
	if out == nil {
		out = Activity{}
		a.Active[place] = out
	}
	return out
}

func sortedHours(a Activity) []int64 {
	out := make([]int64, 0, len(a))
	for hour := range a {
		out = append(out, hour)
	}
	slices.Sort(out)
	return out
}
