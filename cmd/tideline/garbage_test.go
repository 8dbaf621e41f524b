package main

import "testing"

func TestMemoryIsLimitedUnlessMoreIsAlive(t *testing.T) {
	for live, want := range map[int64]int64{0: 77, 10: 77, 50: 77, 60: 82, 1000: 1116} {
		if got := limitFor(live<<20, leastRoom); got != want<<20 {
			t.Errorf("%d MiB live: %d MiB, want %d", live, got>>20, want)
		}
	}
}

func TestManyWorkersHaveRoomForGarbage(t *testing.T) {
	few, many := limitFor(100<<20, roomFor(2)), limitFor(100<<20, roomFor(8))
	if few != 126<<20 || many != 141<<20 {
		t.Errorf("100 MiB live: %d MiB for 2 workers, %d for 8", few>>20, many>>20)
	}
}
