package scanner

import "runtime/metrics"

// shortMemory is how many bytes of the heap may be alive before what can be put
// on disk is: with as much again of garbage and of what does not count as heap, a
// process stays below 96 MiB.
const shortMemory = 46 << 20

// memoryIsShort reports whether more was alive when garbage was collected last.
func memoryIsShort() bool {
	sample := [...]metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample[:])
	return sample[0].Value.Kind() == metrics.KindUint64 && sample[0].Value.Uint64() > shortMemory
}
