package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A scan holds 10 to 50 MiB, and is to take no more than 96 with the program
// itself, what the allocator cannot use, and stacks. So garbage may fill the room
// up to wholeHeap before it is collected; where that is less than leastRoom,
// collecting would take more of the CPU than it is worth.
const (
	wholeHeap  = 54 << 20 // bytes
	leastRoom  = 20       // per cent of what lives, as GOGC means it
	mostRoom   = 200
	heapLive   = "/gc/heap/live:bytes"
	gcSettings = "GOGC"
)

// tuneGarbage sets the room for garbage anew after every collection, unless
// the user has set it.
func tuneGarbage() {
	if os.Getenv(gcSettings) != "" {
		return
	}
	debug.SetGCPercent(mostRoom)
	watchCollections(mostRoom)
}

// watchCollections waits for the next collection: a finalizer runs then.
func watchCollections(percent int) {
	mark := new([16]byte)
	runtime.SetFinalizer(mark, func(*[16]byte) {
		sample := []metrics.Sample{{Name: heapLive}}
		metrics.Read(sample)
		if sample[0].Value.Kind() == metrics.KindUint64 {
			if now := roomFor(int64(sample[0].Value.Uint64())); now != percent {
				percent = now
				debug.SetGCPercent(now)
			}
		}
		watchCollections(percent)
	})
}

// roomFor is the per cent of garbage that may come on top of live bytes.
func roomFor(live int64) int {
	if live <= 0 {
		return mostRoom
	}
	return int(min(mostRoom, max(leastRoom, 100*(wholeHeap-live)/live)))
}
