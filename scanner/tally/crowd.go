package tally

import (
	"encoding/binary"
	"slices"
	"strings"
)

// What Aggregates keep at most. The evidence of a busy cluster names new
// principals and addresses for as long as it goes on, and memory may not.
const (
	// maxPrincipals is how many rows of principals, and maxNames how many names
	// are kept; what the others did is counted in Overflow.
	maxPrincipals = 20_000
	maxNames      = 20_000
	// maxLogs is of how many logs it is known when they had events: of the others
	// no silence is told.
	maxLogs = 10_000
	// maxLevels is of how many kinds of object the audit levels are known. A
	// cluster has some hundreds of them.
	maxLevels = 4096
	// maxMinutes is how many minutes are told apart. Where there are more there are
	// more than maxBuckets hours too, so a timeline has wider steps than hours, and
	// whole hours lose nothing; with more hours than that, whole days; then years.
	maxMinutes = maxBuckets * 60
)

// minuteSteps are the widths that minutes are joined to where there are too many, in minutes.
var minuteSteps = [...]int64{60, 1440, 525600}

// A standing is the place of a row in the order in which rows are kept. It
// depends on nothing but the row's key, so the rows that are kept of a union
// are among those kept of each part: whoever counts what in which order, the
// same rows stay, with the same counts, and the same number of events is told
// as not fitting.
type standing struct {
	class uint8 // lower ones stay
	hash  uint64
}

func (s standing) compare(o standing) int {
	switch {
	case s.class != o.class:
		return int(s.class) - int(o.class)
	case s.hash < o.hash:
		return -1
	case s.hash > o.hash:
		return 1
	}
	return 0
}

// standingOf puts people first, then what the cluster itself runs, and then
// processes of containers: each container brings new ones.
func standingOf(k *PrincipalKey) standing {
	s := standing{hash: hashOf(k.Actor, k.Address, k.Agent, k.Action, k.Kind)}
	switch {
	case strings.HasPrefix(k.Actor, "container:"):
		s.class = 2
	case strings.HasPrefix(k.Actor, "k8s:system:"):
		s.class = 1
	}
	return s
}

func standingOfName(k *NameKey) standing {
	return standing{hash: hashOf(k.Kind, k.Namespace, k.Name)}
}

// standingOfLog puts logs first that are known by their folder: of those there are
// no more than files.
func standingOfLog(log *string) standing {
	s := standing{hash: hashOf(*log)}
	if _, host, _ := splitLog(*log); host != "" {
		s.class = 1
	}
	return s
}

// standingOfLevel puts Secrets first: whether there are any is asked.
func standingOfLevel(key *string) standing {
	s := standing{hash: hashOf(*key)}
	if !strings.HasPrefix(*key, "secrets ") {
		s.class = 1
	}
	return s
}

// hashOf mixes texts word by word. Partial results of different machines are thinned
// by it, so it has no seed.
func hashOf(parts ...string) uint64 {
	const odd = 0x9e3779b97f4a7c15
	h := uint64(0)
	for _, p := range parts {
		h = (h ^ uint64(len(p))) * odd
		for ; len(p) >= 8; p = p[8:] {
			h = (h ^ (h >> 32) ^ word(p)) * odd
		}
		var last [8]byte
		copy(last[:], p)
		h = (h ^ (h >> 32) ^ binary.LittleEndian.Uint64(last[:])) * odd
	}
	return h ^ h>>32
}

// word is the first eight bytes of s.
func word(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// thin leaves the most rows of highest standing in rows. It returns the lowest
// standing that stayed, nil if there was room for all, and how many events those
// rows counted that did not stay.
func thin[K comparable, R any](rows map[K]R, most int, rank func(*K) standing, events func(R) int64) (bar *standing, lost int64) {
	if len(rows) <= most {
		return nil, 0
	}
	all, key := make([]standing, 0, len(rows)), new(K) // one for all: what rank is given lies in memory
	for *key = range rows {
		all = append(all, rank(key))
	}
	slices.SortFunc(all, standing.compare)
	last := all[most-1]
	for k, row := range rows {
		if *key = k; rank(key).compare(last) > 0 { // those that are equal stay, all of them
			lost += events(row)
			delete(rows, k)
		}
	}
	return &last, lost
}

// slack is how many rows beyond its limits an Aggregates may have while many are
// added to it one after the other: to bring it down takes a look at every row.
const slack = 5000

// gather is Merge for one of many parts. When all are gathered, Bound must follow:
// the rows that stay are the same as if each had been merged.
func (a *Aggregates) gather(o *Aggregates) {
	a.add(o)
	crowded := len(a.Principals) > maxPrincipals+slack || len(a.Names) > maxNames+slack || len(a.Minutes) > maxMinutes || len(a.Active) > maxLogs
	for _, f := range a.Formats {
		crowded = crowded || len(f.Levels) > maxLevels
	}
	if crowded {
		a.Bound()
	}
}

// LogsAreMissing reports whether there may be logs of which a does not know when they
// had events.
func (a *Aggregates) LogsAreMissing() bool { return len(a.Active) >= maxLogs || a.Dropped != "" }

// Bound brings a down to its limits.
func (a *Aggregates) Bound() {
	if bar, lost := thin(a.Principals, maxPrincipals, standingOf, (*PrincipalRow).events); bar != nil {
		a.bar, a.Overflow = bar, a.Overflow+lost
	}
	if bar, lost := thin(a.Names, maxNames, standingOfName, func(r *NameRow) int64 { return r.Count }); bar != nil {
		a.nameBar, a.Overflow = bar, a.Overflow+lost
	}
	for _, f := range a.Formats {
		thin(f.Levels, maxLevels, standingOfLevel, func(n int64) int64 { return n })
	}
	thin(a.Active, maxLogs, standingOfLog, func(Activity) int64 { return 0 })
	a.boundHours()
	for _, step := range minuteSteps {
		if len(a.Minutes) > maxMinutes && step > a.Step {
			a.widen(step)
		}
	}
}
