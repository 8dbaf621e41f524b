package dockerevents

import (
	"encoding/binary"
	"math/bits"
	"time"
)

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

// probeKey hashes container and command, eight bytes at a time: byte by byte it
// was a twentieth of reading a log of health checks. The same bytes give the
// same key in every run, and never zero.
func probeKey(id, command []byte) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, part := range [2][]byte{id, command} {
		h = mix(h, uint64(len(part)))
		for ; len(part) >= 8; part = part[8:] {
			h = mix(h, binary.LittleEndian.Uint64(part))
		}
		var rest [8]byte
		copy(rest[:], part)
		h = mix(h, binary.LittleEndian.Uint64(rest[:]))
	}
	return max(h, 1)
}

// mix folds the product of 128 bits.
func mix(h, word uint64) uint64 {
	high, low := bits.Mul64(h^word, 0xd6e8feb86659fd93)
	return high ^ low ^ h
}
