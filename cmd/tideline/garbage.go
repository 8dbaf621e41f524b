package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// A scan holds 10 to 50 MiB, and is to take no more than 96 with the pages of
// the program itself, which are about 18. So what Go manages (garbage that may
// be collected later, what lies idle between objects, stacks) is kept below
// wholeMemory: with little alive garbage has much room, and collections are
// rare. Where more is alive, garbage may come to a tenth of it, lest collecting
// takes more of the CPU than it is worth.
const (
	wholeMemory = 77 << 20 // bytes
	idleMemory  = 16 << 20 // of that, what is neither alive nor garbage
	leastRoom   = 10       // garbage, in per cent of what is alive
	manyRoom    = 25       // the same, where many workers are at work: see roomFor
	manyWorkers = 3
	mostRoom    = 200 // the same, as GOGC means it
	firstRoom   = 800 // until the first collection; of 4 MiB: those that only load rules need none
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
			if now := limitFor(int64(sample[0].Value.Uint64()), room.Load()); now != limit {
				limit = now
				debug.SetMemoryLimit(now)
			}
		}
		watchCollections(limit, false)
	})
}

// room is what garbage may come to at least, in per cent of what is alive: see roomFor.
var room atomic.Int64

func init() { room.Store(leastRoom) }

// roomFor is the room where so many inputs are read at a time, 0 standing for as many as
// there are processors. Each worker holds some MiB, so that the heap of three is larger
// than wholeMemory has room for; and what they hold is looked through at each collection.
// With 10 per cent eight workers took half as much CPU again as with 25, and so did four,
// for a tenth less memory.
func roomFor(workers int) int64 {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if workers >= manyWorkers {
		return manyRoom
	}
	return leastRoom
}

// limitFor is how many bytes may be used while so many are alive.
func limitFor(live, room int64) int64 {
	return max(wholeMemory, live+live*room/100+idleMemory)
}
