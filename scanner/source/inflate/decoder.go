package inflate

import (
	"encoding/binary"
	"fmt"
	"io"
)

// A CorruptError says that data are not deflate or gzip data.
type CorruptError struct{ Reason string }

func (e *CorruptError) Error() string { return "inflate: " + e.Reason }

func corrupt(format string, args ...any) error { return &CorruptError{fmt.Sprintf(format, args...)} }

// Sizes in bytes.
const (
	inputSize  = 32 << 10
	windowSize = 32 << 10 // the farthest that a match may reach back
)

// A stage is what a Decoder expects next.
type stage uint8

const (
	atBlock  stage = iota
	inStored       // left bytes of it are to come
	inCodes        // of a compressed block
	atEnd
)

// A Decoder decodes a deflate stream. The zero value must be Reset. It is not
// for concurrent use.
type Decoder struct {
	src   io.Reader
	in    []byte
	r, w  int    // unread input is in[r:w]
	bits  uint64 // bits taken from the input and not used, lowest first
	nbits uint
	err   error // sticky

	stage stage
	last  bool // the block at hand is the last one
	left  int  // of a stored block
	match int  // bytes of a match that did not fit
	back  int  // its distance

	history [windowSize]byte // what was delivered last, its end at the end
	kept    int              // bytes of history that are

	lit     [litSize]uint32
	dist    [distSize]uint32
	lengths [288 + 32]uint8 // of the codes of a block; longer than any
}

// Reset begins a stream. What is left in the input buffer is forgotten.
func (d *Decoder) Reset(src io.Reader) {
	if d.in == nil {
		d.in = make([]byte, inputSize)
	}
	d.src, d.r, d.w, d.bits, d.nbits, d.err = src, 0, 0, 0, 0, nil
	d.begin()
}

// begin begins a stream at the input's position; the bits at hand are its first.
func (d *Decoder) begin() {
	d.stage, d.last, d.left, d.match, d.kept = atBlock, false, 0, 0, 0
}

// Buffered is the number of bytes that were read from the source and are not
// part of what was decoded. It is meant for after the end, or an error.
func (d *Decoder) Buffered() int { return d.w - d.r + int(d.nbits>>3) }

// Read decodes into p, of which bytes behind those that it returns may be
// overwritten. io.EOF is the end of the stream.
func (d *Decoder) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n := 0
	for d.err == nil && n < len(p) {
		n = d.step(p, n)
	}
	d.keep(p[:n])
	if n > 0 && d.err != nil && d.stage == atEnd {
		return n, nil // the end is told on its own
	}
	return n, d.err
}

// step goes on with the stream and returns the new number of bytes in p.
func (d *Decoder) step(p []byte, n int) int {
	switch d.stage {
	case atBlock:
		d.err = d.block()
	case inStored:
		return d.stored(p, n)
	case inCodes:
		if d.match > 0 {
			return d.rest(p, n)
		}
		if n = d.fast(p, n); d.stage == inCodes && d.err == nil && n < len(p) {
			n = d.slow(p, n)
		}
	case atEnd:
		d.err = io.EOF
	}
	return n
}

// keep adds out to the history.
func (d *Decoder) keep(out []byte) {
	if len(out) >= windowSize {
		copy(d.history[:], out[len(out)-windowSize:])
		d.kept = windowSize
		return
	}
	if len(out) > 0 {
		copy(d.history[:], d.history[len(out):])
		copy(d.history[windowSize-len(out):], out)
		d.kept = min(windowSize, d.kept+len(out))
	}
}

// more reads input; there is none left in the buffer.
func (d *Decoder) more() error {
	for range 100 {
		n, err := d.src.Read(d.in)
		d.r, d.w = 0, n
		if n > 0 {
			return nil
		}
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// need makes sure of n bits, at most 48.
func (d *Decoder) need(n uint) error {
	if d.nbits < n && d.r <= d.w-8 {
		d.r, d.bits, d.nbits = refill(d.in, d.r, d.bits, d.nbits)
		d.bits &= 1<<(d.nbits&63) - 1
	}
	for d.nbits < n {
		if d.r == d.w {
			if err := d.more(); err != nil {
				return err
			}
		}
		d.bits |= uint64(d.in[d.r]) << (d.nbits & 63)
		d.r++
		d.nbits += 8
	}
	return nil
}

// take removes n bits, which are there, and returns them.
func (d *Decoder) take(n uint) uint {
	v := uint(d.bits) & (1<<n - 1)
	d.bits >>= n
	d.nbits -= n
	return v
}

// block reads the header of a block.
func (d *Decoder) block() error {
	if d.last {
		d.stage = atEnd
		return nil
	}
	if err := d.need(3); err != nil {
		return err
	}
	d.last = d.take(1) == 1
	switch d.take(2) {
	case 0:
		return d.storedHeader()
	case 1:
		d.fixed()
	case 2:
		if err := d.dynamic(); err != nil {
			return err
		}
	default:
		return corrupt("a block of the reserved type")
	}
	d.stage = inCodes
	return nil
}

// storedHeader reads the length of a stored block.
func (d *Decoder) storedHeader() error {
	d.take(d.nbits & 7)
	if err := d.need(32); err != nil {
		return err
	}
	size, check := d.take(16), d.take(16)
	if size != ^check&0xffff {
		return corrupt("the length of a stored block does not match its complement")
	}
	d.left, d.stage = int(size), inStored
	return nil
}

// stored copies from a stored block.
func (d *Decoder) stored(p []byte, n int) int {
	for d.left > 0 && n < len(p) && d.nbits >= 8 {
		p[n] = byte(d.take(8))
		n++
		d.left--
	}
	for d.left > 0 && n < len(p) {
		if d.r == d.w {
			if d.err = d.more(); d.err != nil {
				return n
			}
		}
		m := copy(p[n:min(len(p), n+d.left)], d.in[d.r:d.w])
		n, d.r, d.left = n+m, d.r+m, d.left-m
	}
	if d.left == 0 {
		d.stage = atBlock
	}
	return n
}

// rest delivers what is left of a match.
func (d *Decoder) rest(p []byte, n int) int {
	for d.match > 0 && n < len(p) {
		var from []byte // what is there of it
		if at := n - d.back; at >= 0 {
			from = p[at:n]
		} else {
			from = d.history[windowSize+at:]
		}
		m := copy(p[n:min(len(p), n+d.match)], from)
		n, d.match = n+m, d.match-m
	}
	return n
}

// slow decodes one symbol, near the end of the input or of p.
func (d *Decoder) slow(p []byte, n int) int {
	e, err := d.symbol(d.lit[:], litBits)
	if err != nil {
		d.err = err
		return n
	}
	switch {
	case e&flagLiteral != 0:
		d.take(uint(e & takeMask))
		p[n] = byte(e >> 16)
		return n + 1
	case e&flagOther != 0:
		d.take(uint(e & takeMask))
		d.stage = atBlock
		return n
	}
	length := d.value(e)
	if e, d.err = d.symbol(d.dist[:], distBits); d.err != nil {
		return n
	}
	if d.back = d.value(e); d.back > n+d.kept {
		d.err = errFar
		return n
	}
	d.match = length
	return d.rest(p, n)
}

var (
	errFar  = corrupt("a match reaches back before the beginning")
	errCode = corrupt("bits that are no code")
)

// symbol looks up the next code and makes sure that all of its bits are there.
func (d *Decoder) symbol(table []uint32, primary uint) (uint32, error) {
	for {
		e := table[d.bits&(1<<primary-1)]
		if e&(flagLiteral|flagOther|flagTable) == flagOther|flagTable {
			e = table[uint64(e>>16)+d.bits>>primary&(1<<(e&takeMask)-1)]
		}
		switch {
		case uint(e&takeMask) > d.nbits: // the bits that are missing were taken for zeros
			if err := d.need(d.nbits&^7 + 8); err != nil {
				return 0, err
			}
		case e&(flagLiteral|flagOther|flagEnd) == flagOther:
			return 0, errCode
		default:
			return e, nil
		}
	}
}

// value takes the code of a length or distance with its extra bits.
func (d *Decoder) value(e uint32) int {
	extra := d.bits & (1<<(e&takeMask) - 1) >> (e >> 8 & 15)
	d.take(uint(e & takeMask))
	return int(e>>16) + int(extra)
}

func load64(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }
