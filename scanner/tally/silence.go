package tally

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"tideline/scanner/finding"
)

const (
	// minActive is how many minutes a log must have events in before its
	// silence means anything.
	minActive = 60
	// quietFactor is how many times longer than usual a log must be silent,
	// and quietLeast the least silence that is told, in minutes.
	quietFactor, quietLeast = 20, 10
	// maxQuiet bounds the silences told of one log; a log that is silent more
	// often does so every night.
	maxQuiet = 5
	// maxUsual is the longest usual pause of a log with a rhythm, in minutes.
	maxUsual = 60
)

// Silences are the spans in which a log had no events though there should have
// been some. The rule is conservative, for silence is normal: a log counts if
// it had events in an hour's worth of minutes, a silence if it is twenty times
// as long as the pause that nine in ten pauses do not exceed, and no log is silent
// more than a few times: one that is has pauses, not silences. What is silent for
// half of its time or more is two logs.
func (a *Aggregates) Silences() []finding.Silence {
	out := []finding.Silence{}
	for _, log := range slices.Sorted(maps.Keys(a.Active)) {
		format, host, folder := splitLog(log)
		if host = cmp.Or(host, folder); host != "" {
			format += " on " + host
		}
		out = append(out, silencesOf(format, a.Active[log].minutes())...)
	}
	slices.SortStableFunc(out, func(a, b finding.Silence) int { return a.From.Compare(b.From.Time) })
	return out
}

// silencesOf are the silences of a log, of which minutes are those with events, in order.
func silencesOf(log string, minutes []int64) []finding.Silence {
	if len(minutes) < minActive {
		return nil
	}
	gaps := make([]int64, len(minutes)-1)
	for i := range gaps {
		gaps[i] = minutes[i+1] - minutes[i]
	}
	sorted := slices.Clone(gaps)
	slices.Sort(sorted)
	usual := sorted[len(sorted)*9/10]
	if usual > maxUsual {
		return nil
	}
	limit, all := max(quietFactor*usual, quietLeast), minutes[len(minutes)-1]-minutes[0]
	var out []finding.Silence
	for i, g := range gaps {
		if g > limit && 2*g < all {
			out = append(out, finding.Silence{Path: log, From: minute(minutes[i] + 1), To: minute(minutes[i+1]),
				Reason: fmt.Sprintf("no events of %s for %d minutes, where nine in ten pauses last %s at most", log, g-1, pause(usual))})
		}
	}
	if len(out) > maxQuiet {
		return nil
	}
	return out
}

func minute(n int64) finding.Time { return finding.Time{Time: time.Unix(n*60, 0).UTC()} }

func pause(minutes int64) string {
	if minutes == 1 {
		return "a minute"
	}
	return fmt.Sprintf("%d minutes", minutes)
}
