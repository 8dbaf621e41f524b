package baseline

import (
	"maps"
	"slices"
	"time"

	"tideline/scanner/finding"
)

// maxHabits bounds a baseline; what does not fit is counted in Overflow.
const maxHabits = 500_000

// A Use says how often and when.
type Use struct {
	Count int64        `json:"count"`
	First finding.Time `json:"first"`
	Last  finding.Time `json:"last"`
}

func (u *Use) add(o Use) {
	u.Count += o.Count
	if u.First.IsZero() || !o.First.IsZero() && o.First.Before(u.First.Time) {
		u.First = o.First
	}
	if o.Last.After(u.Last.Time) {
		u.Last = o.Last
	}
}

// A Baseline is a set of habits and of the images that containers ran. It is
// used by one goroutine.
type Baseline struct {
	habits   map[Habit]*Use
	images   map[string]*Use // by repository, without tag and digest
	nameless map[string]bool // hosts that only the place of their logs named
	Overflow int64           // uses that did not fit
}

// New returns an empty one.
func New() *Baseline {
	return &Baseline{habits: map[Habit]*Use{}, images: map[string]*Use{}, nameless: map[string]bool{}}
}

// Add counts a use of a habit.
func (b *Baseline) Add(h Habit, u Use) { b.Overflow += enter(b.habits, h, u) }

// AddNameless says that a host, as ids of actors have it, is one that no record
// names: it is called after the place where its logs lay, which is chance.
func (b *Baseline) AddNameless(host string) { b.nameless[host] = true }

// AddImage counts a use of an image.
func (b *Baseline) AddImage(image string, u Use) {
	if r := Repository(image); r != "" {
		b.Overflow += enter(b.images, r, u)
	}
}

// enter returns how many uses did not fit.
func enter[K comparable](m map[K]*Use, k K, u Use) int64 {
	have := m[k]
	if have == nil {
		if len(m) >= maxHabits {
			return u.Count
		}
		have = &Use{}
		m[k] = have
	}
	have.add(u)
	return 0
}

// Merge adds o to b; o stays as it is.
func (b *Baseline) Merge(o *Baseline) {
	for h, u := range o.habits {
		b.Add(h, *u)
	}
	for r, u := range o.images {
		b.AddImage(r, *u)
	}
	for host := range o.nameless {
		b.AddNameless(host)
	}
	b.Overflow += o.Overflow
}

// Len is the number of habits.
func (b *Baseline) Len() int { return len(b.habits) }

// Span is the time from the first to the last use.
func (b *Baseline) Span() (first, last time.Time) {
	var all Use
	for _, u := range b.habits {
		all.add(*u)
	}
	return all.First.Time, all.Last.Time
}

// Repository is an image without tag and digest, but with its registry.
func Repository(image string) string {
	for i := 0; i < len(image); i++ {
		if image[i] == '@' {
			image = image[:i]
			break
		}
	}
	for i := len(image) - 1; i >= 0 && image[i] != '/'; i-- {
		if image[i] == ':' {
			return capped(image[:i])
		}
	}
	return capped(image)
}

func sortedHabits(m map[Habit]*Use) []Habit { return slices.SortedFunc(maps.Keys(m), Habit.compare) }
