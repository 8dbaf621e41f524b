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

// The entries of the symbols of each alphabet, but for the bits of their codes.
var (
	litSymbols  = entries(288, litEntry)
	distSymbols = entries(32, distEntry)
	codeSymbols = entries(19, func(symbol uint32) uint32 { return symbol << 16 })
)

func entries(n uint32, of func(symbol uint32) uint32) []uint32 {
	list := make([]uint32, n)
	for symbol := range n {
		list[symbol] = of(symbol)
	}
	return list
}

// litEntry is the entry of a literal or length, without the bits of its code.
func litEntry(symbol uint32) uint32 {
	switch {
	case symbol < 256:
		return flagLiteral | symbol<<16
	case symbol == 256:
		return flagOther | flagEnd
	case symbol-257 < uint32(len(lengthBase)):
		i := symbol - 257
		return uint32(lengthBase[i])<<16 | uint32(lengthExtra[i])
	}
	return flagOther
}

// distEntry is the entry of a distance, without the bits of its code.
func distEntry(symbol uint32) uint32 {
	if symbol >= 30 {
		return flagOther
	}
	base, extra := symbol+1, uint32(0)
	if symbol >= 4 {
		extra = symbol/2 - 1
		base = (2+symbol&1)<<extra + 1
	}
	return base<<16 | extra
}

// withCode is the entry of a symbol whose code has n bits. Where nobody asks for
// the bits of the code alone, they do no harm.
func withCode(e uint32, n uint) uint32 { return e + uint32(n)<<8 + uint32(n) }

// reversed is a code as it comes out of the stream, lowest bit first.
func reversed(code int, n uint) int { return int(bits.Reverse16(uint16(code)) >> (16 - n)) }

// build fills a table for the code whose lengths are given, by symbol. It
// reports whether they are a code: complete, or of a single symbol of one bit,
// or empty, which is an error only when it is used.
//
// The table of all codes of up to n bits is that of n-1 bits, twice, and then
// the codes of n bits: most of it is written by copying.
func build(table []uint32, primary uint, lengths []uint8, symbols []uint32) bool {
	b := builder{table: table, primary: primary, symbols: symbols}
	if !b.sort(lengths) {
		return false
	}
	table[0] = flagOther // stays where the code is not complete
	code, done := 0, 0
	for n := uint(1); n <= primary; n++ {
		half := 1 << (n - 1)
		copy(table[half:2*half], table[:half])
		code <<= 1
		for _, symbol := range b.sorted[done : done+b.count[n]] {
			table[reversed(code, n)] = withCode(symbols[symbol], n)
			code++
		}
		done += b.count[n]
	}
	if b.longest > primary {
		b.subtables(code, done)
	}
	return true
}

// A builder writes the entries of one code.
type builder struct {
	table   []uint32
	primary uint
	symbols []uint32
	longest uint             // code, in bits
	count   [maxCode + 1]int // of codes, by bits
	sorted  [288]uint16      // symbols that have codes, in the order of these
}

// sort orders the symbols by their codes. It reports whether the lengths are
// those of a code.
func (b *builder) sort(lengths []uint8) bool {
	for _, n := range lengths {
		b.count[n&maxCode]++
	}
	b.count[0] = 0
	var next [maxCode + 2]int // in sorted, by length
	free := 1                 // codes of n bits that no shorter code begins
	for n := 1; n <= maxCode; n++ {
		next[n+1] = next[n] + b.count[n]
		if free = free<<1 - b.count[n]; free < 0 {
			return false
		}
		if b.count[n] > 0 {
			b.longest = uint(n)
		}
	}
	if free > 0 && b.longest > 1 {
		return false
	}
	for symbol, n := range lengths {
		if n > 0 {
			b.sorted[next[n]] = uint16(symbol)
			next[n]++
		}
	}
	return true
}

// subtables writes a table for every group of codes that are longer than primary
// and begin alike. code is the last of the shorter ones and one more, and done
// is how many these are.
func (b *builder) subtables(code, done int) {
	free := 1 << b.primary // first entry that belongs to no subtable
	sub, size := []uint32(nil), uint(0)
	group := -1
	for n := b.primary + 1; n <= b.longest; n++ {
		code <<= 1
		end := code + b.count[n]
		for ; code < end; code++ {
			if head := code >> (n - b.primary); head != group {
				group, size = head, b.groupBits(n, end-code)
				b.table[reversed(head, b.primary)] = flagOther | flagTable | uint32(free)<<16 | uint32(size)
				sub = b.table[free : free+1<<size]
				free += 1 << size
			}
			e := withCode(b.symbols[b.sorted[done]], n)
			for i := reversed(code, n) >> b.primary; i < len(sub); i += 1 << (n - b.primary) {
				sub[i] = e
			}
			done++
		}
	}
}

// groupBits is how many bits behind the primary ones the longest code of a group
// has, whose shortest has n bits: as many codes as fill the group belong to it,
// of which left have n bits.
func (b *builder) groupBits(n uint, left int) uint {
	size := n - b.primary
	for used := left; used < 1<<size; {
		size++
		used = used<<1 + b.count[b.primary+size]
	}
	return size
}
