package deflate64

const (
	endOfBlock  = 256
	maxCode     = 15 // bits of a code
	numLiterals = 288
)

// A table gives the symbol and the length of the code that bits begin with, for as
// many bits as the longest code has. A length of 0 is no code.
type table struct {
	entries [1 << maxCode]uint16 // symbol<<4 | length
	longest uint
}

// build makes the table of the codes with these lengths, 0 standing for a symbol that
// is not used: RFC 1951, section 3.2.2. They are complete, or one of a single bit, or
// none.
func (t *table) build(lens []uint8) error {
	var ofLength [maxCode + 1]int
	t.longest = 0
	for _, n := range lens {
		if n > 0 {
			ofLength[n]++
			t.longest = max(t.longest, uint(n))
		}
	}
	clear(t.entries[:1<<t.longest])
	var next [maxCode + 1]int
	code := 0
	for n := 1; n <= maxCode; n++ {
		next[n] = code
		if code += ofLength[n]; code > 1<<n {
			return corrupt("more codes than there are bits for")
		}
		code <<= 1
	}
	if code != 1<<(maxCode+1) && t.longest > 1 {
		return corrupt("codes that are not complete")
	}
	for symbol, n := range lens {
		if n == 0 {
			continue
		}
		first := reversed(next[n], uint(n))
		next[n]++
		for i := first; i < 1<<t.longest; i += 1 << n {
			t.entries[i] = uint16(symbol)<<4 | uint16(n)
		}
	}
	return nil
}

// reversed is the n lowest bits of a code in the order in which they are read.
func reversed(code int, n uint) int {
	out := 0
	for range n {
		out = out<<1 | code&1
		code >>= 1
	}
	return out
}

// symbol decodes one.
func (d *Decoder) symbol(t *table) (int, error) {
	for {
		e := t.entries[d.bits&(1<<t.longest-1)]
		switch n := uint(e & 15); {
		case n > 0 && n <= d.count:
			d.take(n)
			return int(e >> 4), nil
		case n == 0 && d.count >= t.longest:
			return 0, corrupt("bits that are no code")
		}
		if err := d.need(d.count + 1); err != nil { // the bits that are missing were taken for zeros
			return 0, err
		}
	}
}

// A step is where the values of a code begin, and how many further bits it has.
type step struct {
	base int
	bits uint
}

// lengths are those of the codes from 257 on, and distances those of all: RFC 1951,
// section 3.2.5, but for the last ones.
var (
	lengths = []step{
		{3, 0}, {4, 0}, {5, 0}, {6, 0}, {7, 0}, {8, 0}, {9, 0}, {10, 0}, {11, 1}, {13, 1}, {15, 1}, {17, 1}, {19, 2}, {23, 2}, {27, 2},
		{31, 2}, {35, 3}, {43, 3}, {51, 3}, {59, 3}, {67, 4}, {83, 4}, {99, 4}, {115, 4}, {131, 5}, {163, 5}, {195, 5}, {227, 5}, {3, 16},
	}
	distances = []step{
		{1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 1}, {7, 1}, {9, 2}, {13, 2}, {17, 3}, {25, 3}, {33, 4}, {49, 4}, {65, 5}, {97, 5}, {129, 6}, {193, 6},
		{257, 7}, {385, 7}, {513, 8}, {769, 8}, {1025, 9}, {1537, 9}, {2049, 10}, {3073, 10}, {4097, 11}, {6145, 11}, {8193, 12}, {12289, 12},
		{16385, 13}, {24577, 13}, {32769, 14}, {49153, 14},
	}
)

// value is that of a code, with its further bits.
func (d *Decoder) value(steps []step, code int) (int, error) {
	if code >= len(steps) {
		return 0, corrupt("a code without a meaning")
	}
	more, err := d.more(steps[code].bits)
	return steps[code].base + more, err
}

// fixed sets the codes of RFC 1951, section 3.2.6.
func (d *Decoder) fixed() {
	var lens [numLiterals + 32]uint8
	for i := range lens {
		switch {
		case i < 144:
			lens[i] = 8
		case i < 256:
			lens[i] = 9
		case i < 280:
			lens[i] = 7
		case i < numLiterals:
			lens[i] = 8
		default:
			lens[i] = 5
		}
	}
	if err := d.codes(lens[:numLiterals], lens[numLiterals:]); err != nil {
		panic(err) // they are complete
	}
}

func (d *Decoder) codes(literals, distances []uint8) error {
	if err := d.literals.build(literals); err != nil {
		return err
	}
	return d.distances.build(distances)
}

// order is that of the code lengths in the header of a block.
var order = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamic reads the codes of a block: RFC 1951, section 3.2.7.
func (d *Decoder) dynamic() error {
	sizes, err := d.more(14)
	if err != nil {
		return err
	}
	literals, all := sizes&31+257, sizes&31+257+sizes>>5&31+1
	var lens [numLiterals + 32]uint8
	for _, i := range order[:sizes>>10+4] {
		n, err := d.more(3)
		if err != nil {
			return err
		}
		lens[i] = uint8(n)
	}
	if err := d.literals.build(lens[:19]); err != nil {
		return err
	}
	clear(lens[:])
	for i := 0; i < all; {
		n, again, err := d.length(lens[:i])
		if err != nil {
			return err
		}
		if i+again > all {
			return corrupt("more code lengths than were announced")
		}
		for ; again > 0; again-- {
			lens[i] = n
			i++
		}
	}
	return d.codes(lens[:literals], lens[literals:all])
}

// length reads a code length, and how many follow that have it.
func (d *Decoder) length(before []uint8) (n uint8, again int, err error) {
	code, err := d.symbol(&d.literals)
	if err != nil {
		return 0, 0, err
	}
	switch code {
	case 16:
		if len(before) == 0 {
			return 0, 0, corrupt("the first code length is to be that of the one before")
		}
		again, err = d.more(2)
		return before[len(before)-1], again + 3, err
	case 17:
		again, err = d.more(3)
		return 0, again + 3, err
	case 18:
		again, err = d.more(7)
		return 0, again + 11, err
	}
	return uint8(code), 1, nil
}
