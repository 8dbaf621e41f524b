package parsers

import "hash/maphash"

// A TextKey stands for a text where the text itself would take too much room: as
// the key of a map, or out of the reach of the processor's caches. It is 128 bits
// of hash. Its seeds are drawn anew by each process, so nobody who writes a log can
// make two texts that share a key, and no two that are ever met share one by chance.
// For the same reason a TextKey means nothing outside the process: it must never be
// written, and never decide an order.
type TextKey [2]uint64

var textSeeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

// TextKeyOf is the key of text. It may be called from many goroutines.
func TextKeyOf(text []byte) TextKey {
	return TextKey{maphash.Bytes(textSeeds[0], text), maphash.Bytes(textSeeds[1], text)}
}
