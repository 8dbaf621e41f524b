package deflate64

import (
	"errors"
	"fmt"
	"io"
)

// ErrCorrupt says that data are not Deflate64 data.
var ErrCorrupt = errors.New("deflate64: damaged data")

func corrupt(reason string) error { return fmt.Errorf("%w: %s", ErrCorrupt, reason) }

const (
	windowSize = 1 << 16 // the farthest that a match may reach back
	inputSize  = 16 << 10
)

// A Decoder decodes one stream. The zero value must be Reset. It is not for
// concurrent use.
type Decoder struct {
	src  io.Reader
	in   []byte // what was read and not used
	room [inputSize]byte

	bits  uint64 // taken from the input and not used, lowest first
	count uint

	window [windowSize]byte // what was decoded last, in a ring
	at     int              // of the next byte
	full   bool             // all of it was decoded

	stage func(*Decoder, []byte) (int, error) // what is read next
	last  bool                                // the block at hand is the last one
	left  int                                 // bytes of a stored block
	match int                                 // bytes of a match that did not fit
	back  int                                 // its distance
	err   error                               // sticky

	literals, distances table
}

// Reset begins a stream.
func (d *Decoder) Reset(src io.Reader) {
	d.src, d.in, d.bits, d.count, d.err = src, nil, 0, 0, nil
	d.at, d.full, d.last, d.left, d.match = 0, false, false, 0, 0
	d.stage = (*Decoder).header
}

// Buffered is the number of bytes that were read from the source and are not part of
// what was decoded. It is meant for after the end, or an error.
func (d *Decoder) Buffered() int { return len(d.in) + int(d.count/8) }

// Read decodes into p. io.EOF is the end of the stream.
func (d *Decoder) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && d.err == nil {
		var m int
		m, d.err = d.stage(d, p[n:])
		n += m
	}
	if n > 0 {
		return n, nil // an error is told on its own
	}
	return n, d.err
}

// need makes sure of n bits, at most 32.
func (d *Decoder) need(n uint) error {
	for d.count < n {
		b, err := d.byte()
		if err != nil {
			return err
		}
		d.bits |= uint64(b) << d.count
		d.count += 8
	}
	return nil
}

// byte is the next one of the input.
func (d *Decoder) byte() (byte, error) {
	for try := 0; len(d.in) == 0; try++ {
		n, err := d.src.Read(d.room[:])
		switch d.in = d.room[:n]; {
		case n > 0:
		case err == io.EOF:
			return 0, io.ErrUnexpectedEOF
		case err != nil:
			return 0, err
		case try == 100:
			return 0, io.ErrNoProgress
		}
	}
	b := d.in[0]
	d.in = d.in[1:]
	return b, nil
}

// take removes n bits, which are there, and returns them.
func (d *Decoder) take(n uint) int {
	v := d.bits & (1<<n - 1)
	d.bits >>= n
	d.count -= n
	return int(v)
}

// more is need and take.
func (d *Decoder) more(n uint) (int, error) {
	if err := d.need(n); err != nil {
		return 0, err
	}
	return d.take(n), nil
}

// put adds a byte to the window.
func (d *Decoder) put(b byte) {
	d.window[d.at] = b
	if d.at++; d.at == windowSize {
		d.at, d.full = 0, true
	}
}

// header reads that of a block, which gives no bytes.
func (d *Decoder) header([]byte) (int, error) {
	if d.last {
		return 0, io.EOF
	}
	h, err := d.more(3)
	if err != nil {
		return 0, err
	}
	d.last = h&1 == 1
	switch h >> 1 {
	case 0:
		return 0, d.storedHeader()
	case 1:
		d.fixed()
	case 2:
		if err := d.dynamic(); err != nil {
			return 0, err
		}
	default:
		return 0, corrupt("a block of the reserved type")
	}
	d.stage = (*Decoder).coded
	return 0, nil
}

func (d *Decoder) storedHeader() error {
	d.take(d.count % 8)
	size, err := d.more(16)
	if err != nil {
		return err
	}
	check, err := d.more(16)
	if err != nil {
		return err
	}
	if size != ^check&0xffff {
		return corrupt("the length of a stored block does not match its complement")
	}
	d.left, d.stage = size, (*Decoder).stored
	return nil
}

// stored copies from a stored block.
func (d *Decoder) stored(p []byte) (int, error) {
	n := 0
	for ; n < len(p) && d.left > 0; n++ {
		b, err := d.more(8)
		if err != nil {
			return n, err
		}
		p[n] = byte(b)
		d.put(p[n])
		d.left--
	}
	if d.left == 0 {
		d.stage = (*Decoder).header
	}
	return n, nil
}

// coded decodes from a compressed block.
func (d *Decoder) coded(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		for ; n < len(p) && d.match > 0; n++ {
			p[n] = d.window[(d.at-d.back)&(windowSize-1)]
			d.put(p[n])
			d.match--
		}
		if n == len(p) {
			break
		}
		code, err := d.symbol(&d.literals)
		switch {
		case err != nil:
			return n, err
		case code < endOfBlock:
			p[n] = byte(code)
			d.put(p[n])
			n++
		case code == endOfBlock:
			d.stage = (*Decoder).header
			return n, nil
		default:
			if err := d.begin(code); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// begin begins the match of a length code.
func (d *Decoder) begin(code int) error {
	length, err := d.value(lengths, code-endOfBlock-1)
	if err != nil {
		return err
	}
	code, err = d.symbol(&d.distances)
	if err != nil {
		return err
	}
	back, err := d.value(distances, code)
	if err != nil {
		return err
	}
	if back > d.at && !d.full {
		return corrupt("a match reaches back before the beginning")
	}
	d.match, d.back = length, back
	return nil
}
