package main

import "testing"

func TestRoomForGarbageShrinksAsMemoryFills(t *testing.T) {
	for live, want := range map[int64]int{0: 200, 4 << 20: 200, 12 << 20: 100, 34 << 20: 50, 1 << 30: 50} {
		if got := roomFor(live); got != want {
			t.Errorf("%d MiB live: %d %%, want %d %%", live>>20, got, want)
		}
	}
}
