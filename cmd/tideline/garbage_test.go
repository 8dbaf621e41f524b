package main

import "testing"

// settled is the limit that so many MiB alive come to, when so many more lie idle,
// and how much room garbage has under it.
func settled(live, idle, room int64) (limit, free int64) {
	limit = wholeMemory
	for range 40 {
		goal := min(live<<20*(100+mostRoom)/100, max(live<<20, limit-idle<<20))
		limit, free = limitFor(limit, live<<20, goal, room), goal-live<<20
	}
	return limit >> 20, free >> 20
}

func TestMemoryIsLimitedUnlessMoreIsAlive(t *testing.T) {
	for _, c := range []struct{ live, idle, limit, free int64 }{
		{0, 10, 77, 0},
		{10, 10, 77, 20}, // as much as mostRoom allows
		{50, 10, 77, 17},
		{60, 20, 85, 5},
		{60, 5, 77, 12},
		{1000, 50, 1149, 99},
	} {
		if limit, free := settled(c.live, c.idle, leastRoom); limit != c.limit || free != c.free {
			t.Errorf("%d MiB live, %d idle: %d MiB with room for %d, want %d and %d", c.live, c.idle, limit, free, c.limit, c.free)
		}
	}
}

func TestManyWorkersHaveRoomForGarbage(t *testing.T) {
	_, few := settled(100, 20, roomFor(2))
	_, many := settled(100, 20, roomFor(8))
	if few != 9 || many != 24 {
		t.Errorf("100 MiB live: room for %d MiB with 2 workers, %d with 8", few, many)
	}
}

// TestTheLimitGoesBack when less is alive.
func TestTheLimitGoesBack(t *testing.T) {
	limit := int64(120 << 20)
	for range 40 {
		limit = limitFor(limit, 30<<20, min(90<<20, limit-20<<20), leastRoom)
	}
	if limit != wholeMemory {
		t.Errorf("30 MiB live: the limit stays at %d MiB", limit>>20)
	}
}
