package main

import "testing"

func TestMemoryIsLimitedUnlessMoreIsAlive(t *testing.T) {
	for live, want := range map[int64]int64{0: 78, 10: 78, 50: 78, 60: 82, 1000: 1116} {
		if got := limitFor(live << 20); got != want<<20 {
			t.Errorf("%d MiB live: %d MiB, want %d", live, got>>20, want)
		}
	}
}
