package dockerevents

import "time"

// A health check runs its command through the same exec as a person does, and
// leaves the same events. What tells it is its rhythm: the same command in the
// same container, again and again after the same time. The first two cannot be
// told and pass for a person's; so would an attacker's first two.
const (
	shortestInterval = time.Second
	longestInterval  = time.Hour
	// probesNeeded is after how many events of one rhythm it is a rhythm.
	probesNeeded = 3
	// maxProbes is how many commands are followed before all are forgotten.
	maxProbes = 4096
)

// A probe is the latest of the executions of one command in one container.
type probe struct {
	last  time.Time
	every time.Duration
	times int
}

// probes are keyed by a hash of container and command.
type probes map[uint64]probe

// add takes note of an execution and reports whether it is a health check.
func (p probes) add(key uint64, at time.Time) bool {
	old, known := p[key]
	if at.IsZero() {
		return false
	}
	if !known && len(p) >= maxProbes {
		clear(p)
	}
	now := probe{last: at, times: 1}
	if known {
		now.every = at.Sub(old.last)
		switch {
		case now.every < shortestInterval || now.every > longestInterval:
			now.every = 0
		case old.times == 1 || similar(old.every, now.every):
			now.times = old.times + 1
		default:
			now.times = 2
		}
	}
	p[key] = now
	return now.times >= probesNeeded
}

// is reports whether the latest execution was a health check.
func (p probes) is(key uint64) bool { return p[key].times >= probesNeeded }

// similar allows for the time the command itself takes.
func similar(a, b time.Duration) bool {
	return (a - b).Abs() <= max(2*time.Second, a/5)
}

// probeKey hashes container and command with 64-bit FNV-1a.
func probeKey(id, command []byte) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for _, part := range [2][]byte{id, command} {
		for _, c := range part {
			h = (h ^ uint64(c)) * prime
		}
		h *= prime
	}
	return h
}
