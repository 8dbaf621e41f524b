package spill

import "runtime/metrics"

// shortMemory is how many bytes of the heap may be alive before what can be put
// on disk is. A process is to stay below 96 MiB, with the garbage and with what does
// not count as heap; and the less room garbage has, the more often it is collected:
// with ten MiB more alive, logs of many hits take a fifth more CPU.
const shortMemory = 36 << 20

// MemoryIsShort reports whether more was alive when garbage was collected last.
func MemoryIsShort() bool {
	sample := [...]metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample[:])
	return sample[0].Value.Kind() == metrics.KindUint64 && sample[0].Value.Uint64() > shortMemory
}
