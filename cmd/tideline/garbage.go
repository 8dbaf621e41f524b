package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// A scan holds 10 to 60 MiB, and is to take no more than 96 with the pages of
// the program itself, which are about 16. So what Go manages (garbage that may
// be collected later, what lies idle between objects, stacks) is kept below
// wholeMemory: with little alive garbage has much room, and collections are
// rare. Where more is alive, garbage may come to a tenth of it, lest collecting
// takes more of the CPU than it is worth: without that, eight copies of three logs
// took twice as much CPU for each as one.
const (
	wholeMemory = 77 << 20 // bytes
	leastRoom   = 10       // garbage, in per cent of what is alive
	manyRoom    = 25       // the same, where many workers are at work: see roomFor
	manyWorkers = 3
	mostRoom    = 200             // the same, as GOGC means it
	firstRoom   = 800             // until the first collection; of 4 MiB: those that only load rules need none
	muchAlive   = wholeMemory / 3 // bytes alive above which garbage has less room than mostRoom
	heapLive    = "/gc/heap/live:bytes"
	heapGoal    = "/gc/heap/goal:bytes"
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
		sample := []metrics.Sample{{Name: heapLive}, {Name: heapGoal}}
		metrics.Read(sample)
		if live, goal := sample[0].Value, sample[1].Value; live.Kind() == metrics.KindUint64 && goal.Kind() == metrics.KindUint64 {
			if live.Uint64() > muchAlive {
				smallPages()
			}
			if now := limitFor(limit, int64(live.Uint64()), int64(goal.Uint64()), room.Load()); now != limit {
				limit = now
				debug.SetMemoryLimit(now)
			}
		}
		watchCollections(limit, false)
	})
}

// room is what garbage may come to at least, in per cent of what is alive: see roomFor.
var room atomic.Int64

func init() {
	room.Store(leastRoom)
	runtime.MemProfileRate = 0 // nobody asks for a profile of it, and its table takes more than a MiB
}

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

// limitFor is the limit of what Go manages after a collection that left so many bytes
// alive, and behind which the heap may grow to goal before the next. What lies between
// the two is the room that garbage has under the limit that holds now. How much lies idle
// changes from one collection to the next, so a part of what is missing is added each time.
func limitFor(limit, live, goal, room int64) int64 {
	need := live * room / 100
	return max(wholeMemory, live+need, limit+(live+need-goal)/4)
}
