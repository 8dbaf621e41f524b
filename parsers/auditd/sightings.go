package auditd

import "slices"

// sightings say what was met before, and bound what is remembered of it.
type sightings struct {
	seen   []uint64 // hashes, the lowest bits of which are how often they were met
	budget int      // what may still be remembered
	ticks  int
}

const (
	sightFew    = 1 << 10 // slots of a short stream
	sightMany   = 1 << 14
	worthSight  = 1 // earlier meetings
	worthOwn    = 3 // of what fits a loose stencil
	sightMask   = 3
	sightBudget = 8192 // at first, and one more for every sightEvery records
	sightEvery  = 1024
)

func (s *sightings) tick() {
	if s.ticks++; s.ticks%sightEvery == 0 {
		s.budget++
	}
}

// again reports whether what has a hash was met often enough lately, and may be
// remembered. What comes again and again holds its place against what does not.
func (s *sightings) again(hash uint64) bool { return s.times(hash, worthSight) }

// times is again for what is to be met more often before.
func (s *sightings) times(hash, worth uint64) bool {
	if s.seen == nil {
		s.seen = make([]uint64, sightFew)
	} else if len(s.seen) == sightFew && s.ticks > 8*sightFew {
		s.seen = make([]uint64, sightMany)
	}
	at := &s.seen[hash>>16%uint64(len(s.seen))]
	times := *at & sightMask
	switch {
	case *at&^sightMask == hash&^sightMask:
		if times >= worth {
			return s.budget > 0
		}
		*at++
	case times > 0:
		*at--
	default:
		*at = hash &^ sightMask
	}
	return false
}

// freeWay is a place of a set that is empty, or whose owner was not used lately.
func freeWay[T any](set []*T, used func(*T) *bool) int {
	at := slices.IndexFunc(set, func(t *T) bool { return t == nil || !*used(t) })
	if at >= 0 {
		return at
	}
	for _, t := range set {
		*used(t) = false
	}
	return 0
}
