package inflate

// order is that of the code lengths in the header of a block.
var order = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// fixed prepares the codes of RFC 1951 section 3.2.6.
func (d *Decoder) fixed() {
	l := d.lengths[:288]
	for i := range l {
		switch {
		case i < 144:
			l[i] = 8
		case i < 256:
			l[i] = 9
		case i < 280:
			l[i] = 7
		default:
			l[i] = 8
		}
	}
	build(d.lit[:], litBits, l, litSymbols)
	l = d.lengths[:32]
	for i := range l {
		l[i] = 5
	}
	build(d.dist[:], distBits, l, distSymbols)
}

// dynamic reads the codes of a block.
func (d *Decoder) dynamic() error {
	if err := d.need(14); err != nil {
		return err
	}
	lits, dists, codes := int(d.take(5))+257, int(d.take(5))+1, int(d.take(4))+4
	if lits > 286 || dists > 30 {
		return corrupt("%d literal and %d distance codes; 286 and 30 are the most", lits, dists)
	}
	var small [19]uint8
	for _, symbol := range order[:codes] {
		if err := d.need(3); err != nil {
			return err
		}
		small[symbol] = uint8(d.take(3))
	}
	table := d.dist[:] // free until the distances are known
	if !build(table, distBits, small[:], codeSymbols) {
		return corrupt("the code of the code lengths is not complete")
	}
	if err := d.readLengths(d.lengths[:lits+dists], table); err != nil {
		return err
	}
	if !build(d.lit[:], litBits, d.lengths[:lits], litSymbols) || !build(d.dist[:], distBits, d.lengths[lits:lits+dists], distSymbols) {
		return corrupt("the code of a block is not complete")
	}
	return nil
}

// readLengths reads code lengths, runs of them written shortly.
func (d *Decoder) readLengths(lengths []uint8, table []uint32) error {
	for i := 0; i < len(lengths); {
		e, err := d.symbol(table, distBits)
		if err != nil {
			return err
		}
		d.take(uint(e & takeMask))
		symbol := e >> 16
		if symbol < 16 {
			lengths[i] = uint8(symbol)
			i++
			continue
		}
		run := runs[symbol-16]
		if symbol == 16 && i == 0 {
			return corrupt("a repeated code length without one before it")
		}
		if err := d.need(run.extra); err != nil {
			return err
		}
		n := run.base + int(d.take(run.extra))
		if n > len(lengths)-i {
			return corrupt("more code lengths than there are codes")
		}
		value := uint8(0)
		if symbol == 16 {
			value = lengths[i-1]
		}
		for range n {
			lengths[i] = value
			i++
		}
	}
	return nil
}

// runs are the symbols 16 to 18 of the code of code lengths.
var runs = [3]struct {
	base  int
	extra uint
}{{3, 2}, {3, 3}, {11, 7}}
