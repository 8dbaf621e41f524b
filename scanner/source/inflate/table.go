package inflate

import "math/bits"

// Bits of the codes that are looked up at once.
const (
	litBits  = 11
	distBits = 8
	maxCode  = 15 // the longest code
)

// Sizes of the tables: primary entries, and the most that all subtables of a
// complete code can take (286 literals and lengths, 30 distances).
const (
	litSize  = 1<<litBits + 512
	distSize = 1<<distBits + 256
)

// An entry tells what a code stands for:
//
//	literal    1 | byte in bits 16-23           | bits to take
//	length     base in bits 16-24 | bits of the code in 8-11 | bits to take
//	distance   base in bits 16-30 | bits of the code in 8-11 | bits to take
//	other      flagOther, with flagTable or flagEnd
//
// The bits to take, in bits 0-5, are the code and its extra bits.
const (
	flagLiteral = 1 << 31
	flagOther   = 1 << 15 // none of the above: a subtable, the end, or no code
	flagTable   = 1 << 14 // first entry in bits 16-27, bits of its index in 0-5
	flagEnd     = 1 << 13 // of the block
	takeMask    = 63
)

// lengthBase and its neighbour are the tables of RFC 1951 section 3.2.5.
var (
	lengthBase  = [29]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthExtra = [29]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
)

// litEntry is the entry of a literal or length whose code has n bits.
func litEntry(symbol int, n uint) uint32 {
	switch {
	case symbol < 256:
		return flagLiteral | uint32(symbol)<<16 | uint32(n)
	case symbol == 256:
		return flagOther | flagEnd | uint32(n)
	case symbol-257 < len(lengthBase):
		i := symbol - 257
		return uint32(lengthBase[i])<<16 | uint32(n)<<8 | uint32(n) + uint32(lengthExtra[i])
	}
	return flagOther | uint32(n)
}

// distEntry is the entry of a distance whose code has n bits.
func distEntry(symbol int, n uint) uint32 {
	if symbol >= 30 {
		return flagOther | uint32(n)
	}
	base, extra := uint32(symbol)+1, uint32(0)
	if symbol >= 4 {
		extra = uint32(symbol)/2 - 1
		base = (2+uint32(symbol)&1)<<extra + 1
	}
	return base<<16 | uint32(n)<<8 | uint32(n) + extra
}

// codeEntry is the entry of a code length, for the code that codes are
// written in.
func codeEntry(symbol int, n uint) uint32 { return uint32(symbol)<<16 | uint32(n) }

// build fills a table for the code whose lengths are given, by symbol. It
// reports whether they are a code: complete, or of a single symbol of one bit,
// or empty, which is an error only when it is used.
func build(table []uint32, primary uint, lengths []uint8, entry func(symbol int, n uint) uint32) bool {
	var count [maxCode + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	var next [maxCode + 2]int
	longest := uint(0)
	for n := uint(1); n <= maxCode; n++ {
		next[n+1] = (next[n] + count[n]) << 1
		if count[n] > 0 {
			longest = n
		}
		if next[n]+count[n] > 1<<n {
			return false
		}
	}
	if whole := longest > 0 && next[longest]+count[longest] == 1<<longest; !whole {
		if longest > 1 {
			return false
		}
		for i := range table[:1<<primary] {
			table[i] = flagOther | uint32(longest)
		}
	}
	b := builder{table: table, primary: primary, free: 1 << primary}
	if longest > primary {
		b.subtables(&count, &next, longest)
	}
	for symbol, n := range lengths {
		if n > 0 {
			b.fill(next[n], uint(n), entry(symbol, uint(n)))
			next[n]++
		}
	}
	return true
}

// A builder writes the entries of one code.
type builder struct {
	table   []uint32
	primary uint
	free    int // first entry that belongs to no subtable
}

// reversed is a code as it comes out of the stream, lowest bit first.
func reversed(code int, n uint) int { return int(bits.Reverse16(uint16(code)) >> (16 - n)) }

// subtables lays out a table for every group of long codes that begin alike.
// Codes are ascending, so that the last of a group is the longest.
func (b *builder) subtables(count *[maxCode + 1]int, next *[maxCode + 2]int, longest uint) {
	var deepest [1 << litBits]uint8 // by first bits
	lowest := 1 << b.primary
	for n := b.primary + 1; n <= longest; n++ {
		if count[n] == 0 {
			continue
		}
		first, last := next[n]>>(n-b.primary), (next[n]+count[n]-1)>>(n-b.primary)
		lowest = min(lowest, first)
		for head := first; head <= last; head++ {
			deepest[head] = uint8(n - b.primary)
		}
	}
	for head := lowest; head < 1<<b.primary; head++ {
		size := uint(deepest[head])
		b.table[reversed(head, b.primary)] = flagOther | flagTable | uint32(b.free)<<16 | uint32(size)
		b.free += 1 << size
	}
}

// fill writes the entries of a code of n bits.
func (b *builder) fill(code int, n uint, e uint32) {
	r := reversed(code, n)
	if n <= b.primary {
		for i := r; i < 1<<b.primary; i += 1 << n {
			b.table[i] = e
		}
		return
	}
	sub := b.table[r&(1<<b.primary-1)]
	start, size := int(sub>>16), 1<<(sub&takeMask)
	for i := r >> b.primary; i < size; i += 1 << (n - b.primary) {
		b.table[start+i] = e
	}
}
