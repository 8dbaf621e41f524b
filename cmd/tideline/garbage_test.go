package main

import "testing"

func TestRoomForGarbageShrinksAsMemoryFills(t *testing.T) {
	for live, want := range map[int64]int{0: 200, 4 << 20: 200, 18 << 20: 200, 27 << 20: 100, 36 << 20: 50, 50 << 20: 20, 1 << 30: 20} {
		if got := roomFor(live); got != want {
			t.Errorf("%d MiB live: %d %%, want %d %%", live>>20, got, want)
		}
	}
}
