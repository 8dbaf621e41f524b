package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A scan holds 10 to 50 MiB, and is to take no more than 96 with the pages of
// the program itself, which are about 16. So what Go manages (garbage that may
// be collected later, what lies idle between objects, stacks) is kept below
// wholeMemory: with little alive garbage has much room, and collections are
// rare. Where more is alive, garbage may come to a tenth of it, lest collecting
// takes more of the CPU than it is worth.
const (
	wholeMemory = 78 << 20 // bytes
	idleMemory  = 16 << 20 // of that, what is neither alive nor garbage
	leastRoom   = 10       // garbage, in per cent of what is alive
	mostRoom    = 200      // the same, as GOGC means it
	firstRoom   = 800      // until the first collection; of 4 MiB: those that only load rules need none
	heapLive    = "/gc/heap/live:bytes"
)

// tuneGarbage sets how much memory may be used anew after every collection,
// unless the user has set it.
func tuneGarbage() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(firstRoom)
	debug.SetMemoryLimit(wholeMemory)
	watchCollections(wholeMemory, true)
}

// watchCollections waits for the next collection: a finalizer runs then. The first
// finds the room for garbage as it is at the start.
func watchCollections(limit int64, first bool) {
	mark := new([16]byte)
	runtime.SetFinalizer(mark, func(*[16]byte) {
		if first {
			debug.SetGCPercent(mostRoom)
		}
		sample := []metrics.Sample{{Name: heapLive}}
		metrics.Read(sample)
		if sample[0].Value.Kind() == metrics.KindUint64 {
			if now := limitFor(int64(sample[0].Value.Uint64())); now != limit {
				limit = now
				debug.SetMemoryLimit(now)
			}
		}
		watchCollections(limit, false)
	})
}

// limitFor is how many bytes may be used while so many are alive.
func limitFor(live int64) int64 {
	return max(wholeMemory, live+live*leastRoom/100+idleMemory)
}
