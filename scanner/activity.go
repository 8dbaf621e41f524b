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

// namelessPlace names a log of a host that no record names, by where the log
// lies: see source.Place.
func namelessPlace(format, folder string) string { return placeOf(format, "\x00"+folder) }

// splitPlace is the inverse of placeOf and of namelessPlace: one of host and
// folder is empty.
func splitPlace(place string) (format, host, folder string) {
	format, host, _ = strings.Cut(place, "\x00")
	if rest, ok := strings.CutPrefix(host, "\x00"); ok {
		return format, "", rest
	}
	return format, host, ""
}

// nameless are the hosts that no record names, only the place of their logs.
func (a *Aggregates) nameless() map[string]bool {
	out := map[string]bool{}
	for place := range a.Active {
		if _, _, folder := splitPlace(place); folder != "" {
			out[folder] = true
		}
	}
	for place := range a.Active {
		if _, host, _ := splitPlace(place); host != "" {
			delete(out, host)
		}
	}
	return out
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
