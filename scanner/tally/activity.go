package tally

import (
	"cmp"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"
)

// An Activity says in which minutes a log had events: hours since 1970, each
// with a bit for every minute. A year of it takes 140 kB.
type Activity map[int64]uint64

// logOf names a log: a format, and the host that wrote it if it is known.
func logOf(format, host string) string { return format + "\x00" + host }

// namelessLog names a log of a host that no record names, by where the log
// lies: see source.Place.
func namelessLog(format, folder string) string { return logOf(format, "\x00"+folder) }

// splitLog is the inverse of logOf and of namelessLog: one of host and
// folder is empty.
func splitLog(log string) (format, host, folder string) {
	format, host, _ = strings.Cut(log, "\x00")
	if rest, ok := strings.CutPrefix(host, "\x00"); ok {
		return format, "", rest
	}
	return format, host, ""
}

// Nameless are the hosts that no record names: the folders that their logs lie in.
func (a *Aggregates) Nameless() map[string]bool {
	out := map[string]bool{}
	for log := range a.Active {
		if _, _, folder := splitLog(log); folder != "" {
			out[folder] = true
		}
	}
	for log := range a.Active {
		if _, host, _ := splitLog(log); host != "" {
			delete(out, host)
		}
	}
	return out
}

func (a Activity) see(t time.Time) {
	minute := minuteOf(t)
	hour := floor(minute, 60) / 60
	a[hour] |= 1 << uint(minute-hour*60)
}

// merge adds o. A log of too many hours becomes scattered, and stays so.
func (a Activity) merge(o Activity) {
	for hour, minutes := range o {
		a[hour] |= minutes
	}
	if len(a) > maxLogHours || a.isScattered() {
		clear(a)
		a[scattered] = 1
	}
}

// maxLogHours is from how many hours with events on, fifteen years of them, a log is
// scattered: who writes one can write any times, and of its silences nothing is told.
const maxLogHours = 1 << 17

// scattered is the one hour of such a log.
const scattered = math.MinInt64

func (a Activity) isScattered() bool { return a[scattered] != 0 }

// hours is the room that a takes, which never shrinks.
func (a Activity) hours() int {
	if a.isScattered() {
		return maxLogHours
	}
	return len(a)
}

// maxHours bounds the hours of all logs together: a hundred hosts for a year.
const maxHours = 1 << 20

// boundHours drops the logs of lowest standing while all together have too many
// hours, and remembers the first that it dropped: of a log that others have dropped,
// what is left is no whole. Like standing, this depends on neither order nor grouping.
func (a *Aggregates) boundHours() {
	sum := 0
	for log, active := range a.Active {
		if a.isDropped(log) {
			delete(a.Active, log)
		} else {
			sum += active.hours()
		}
	}
	if sum <= maxHours {
		return
	}
	logs := slices.SortedFunc(maps.Keys(a.Active), func(x, y string) int {
		return cmp.Or(standingOfLog(&x).compare(standingOfLog(&y)), strings.Compare(x, y))
	})
	sum = 0
	for _, log := range logs {
		if sum += a.Active[log].hours(); sum > maxHours {
			a.drop(log)
			break
		}
	}
	maps.DeleteFunc(a.Active, func(log string, _ Activity) bool { return a.isDropped(log) })
}

// drop gives up a log and those of no higher standing.
func (a *Aggregates) drop(log string) {
	if log != "" && !a.isDropped(log) {
		a.Dropped = log
	}
}

func (a *Aggregates) isDropped(log string) bool {
	return a.Dropped != "" && standingOfLog(&log).compare(standingOfLog(&a.Dropped)) >= 0
}

// minutes lists the minutes with events, in order.
func (a Activity) minutes() []int64 {
	if a.isScattered() {
		return nil
	}
	var out []int64
	for _, hour := range sortedHours(a) {
		for m := a[hour]; m != 0; m &= m - 1 {
			out = append(out, hour*60+int64(bits.TrailingZeros64(m)))
		}
	}
	return out
}

// activity returns the activity of a log, a new one if need be.
func (a *Aggregates) activity(log string) Activity {
	out := a.Active[log]
	if out == nil {
		out = Activity{}
		a.Active[log] = out
	}
	return out
}

func sortedHours(a Activity) []int64 { return slices.Sorted(maps.Keys(a)) }
