package lzma

import (
	"errors"
	"io"
)

// ErrCorrupt says that the data are no LZMA, or were damaged.
var ErrCorrupt = errors.New("lzma: damaged data")

// A Decoder decodes one stream after another, of LZMA or of LZMA2. The zero
// value is to be Reset.
type Decoder struct {
	src io.Reader
	err error

	coder
	model
	literal []prob
	lc      uint32 // how many bits of the byte before choose a literal's model
	lpMask  uint64 // which bits of the position do
	pbMask  uint64 // which bits of the position choose the other models
	state   uint32
	reps    [4]uint32 // the last distances, less one
	copying uint32    // bytes of a match that are still to be copied

	window []byte
	w      int    // where the next byte goes in window
	dict   int    // what window may grow to
	pos    uint64 // bytes since the history was forgotten

	left     int64 // bytes of the chunk, or of the stream, to come; -1: until the end mark
	chunks   bool  // LZMA2
	stored   bool  // the chunk is not compressed
	first    bool  // no chunk has begun the history yet
	untaught bool  // no chunk has set the properties yet
	head     [6]byte
	packed   []byte
}

const (
	minWindow = 1 << 16
	minDict   = 1 << 12
	maxChunk  = 1 << 16 // packed bytes of a chunk of LZMA2
)

// Reset makes d decode LZMA2 from src, with a history of dict bytes.
func (d *Decoder) Reset(src io.Reader, dict uint64) {
	d.begin(src, dict)
	d.chunks, d.first, d.untaught, d.left = true, true, true, 0
}

// ResetAlone makes d decode LZMA from src, with the five bytes of properties
// that stand before it. It ends after size bytes; if that is -1, with its end
// mark.
func (d *Decoder) ResetAlone(src io.Reader, properties [5]byte, size int64) {
	dict := uint64(properties[1]) | uint64(properties[2])<<8 | uint64(properties[3])<<16 | uint64(properties[4])<<24
	d.begin(src, dict)
	d.left = size
	if !d.teach(properties[0]) {
		d.err = ErrCorrupt
		return
	}
	d.relearn()
	if d.packed == nil {
		d.packed = make([]byte, maxChunk)
	}
	d.coder = coder{buf: d.packed[:0], src: src}
	if !d.coder.begin() {
		d.err = ErrCorrupt
	}
}

func (d *Decoder) begin(src io.Reader, dict uint64) {
	*d = Decoder{src: src, window: d.window, packed: d.packed, literal: d.literal, dict: int(max(dict, minDict))}
	d.window = d.window[:min(len(d.window), d.dict)]
}

// teach takes the properties lc, lp and pb out of one byte.
func (d *Decoder) teach(b byte) bool {
	if b >= 9*5*5 {
		return false
	}
	lc, lp, pb := uint32(b%9), uint32(b/9%5), uint32(b/45)
	d.lc, d.lpMask, d.pbMask = lc, 1<<lp-1, 1<<pb-1
	if n := 0x300 << (lc + lp); cap(d.literal) < n {
		d.literal = make([]prob, n)
	} else {
		d.literal = d.literal[:n]
	}
	return true
}

// relearn forgets what was learned.
func (d *Decoder) relearn() {
	d.model.reset()
	even(d.literal)
	d.state, d.reps, d.copying = 0, [4]uint32{}, 0
}

// Unused is how many bytes were read from the source and not decoded.
func (d *Decoder) Unused() int {
	if d.stored {
		return 0
	}
	return len(d.buf) - d.at
}

// Read delivers what was decoded, and with the last of it, or after it, why
// there is no more. io.EOF is a sound end.
func (d *Decoder) Read(p []byte) (n int, err error) {
	for n < len(p) && d.err == nil {
		if d.left == 0 {
			d.err = d.next()
			continue
		}
		got := d.some(len(p) - n)
		copy(p[n:], d.window[d.w-got:d.w])
		n += got
		if d.left > 0 {
			d.left -= int64(got)
		}
	}
	if n > 0 {
		return n, nil
	}
	return 0, d.err
}

// some puts up to n bytes into the window, in one piece, and returns how many.
func (d *Decoder) some(n int) (got int) {
	room := d.room()
	n = min(n, len(room))
	if d.left >= 0 {
		n = min(n, int(d.left))
	}
	if !d.stored {
		got, d.err = d.decode(n)
		return got
	}
	got, d.err = d.src.Read(room[:n])
	switch {
	case int64(got) == d.left:
		d.err = nil
	case d.err == io.EOF:
		d.err = io.ErrUnexpectedEOF
	}
	d.w += got
	d.pos += uint64(got)
	return got
}

// room is where the next bytes go.
func (d *Decoder) room() []byte {
	if d.w == len(d.window) {
		if len(d.window) < d.dict {
			d.grow()
		} else {
			d.w = 0
		}
	}
	return d.window[d.w:]
}

func (d *Decoder) grow() {
	n := min(d.dict, max(minWindow, 2*len(d.window)))
	if n <= cap(d.window) {
		d.window = d.window[:n]
		return
	}
	window := make([]byte, n)
	copy(window, d.window)
	d.window = window
}

// decode makes n bytes, which are in one piece in the window. It returns how
// many there are for certain.
func (d *Decoder) decode(n int) (int, error) {
	start, end := d.w, d.w+n
	for d.w < end {
		if d.copying > 0 {
			d.copy(end)
			continue
		}
		if err := d.symbol(); err != nil {
			return d.w - start, err
		}
	}
	return n, nil
}

// copy goes on with a match.
func (d *Decoder) copy(end int) {
	n := min(int(d.copying), end-d.w)
	distance := int(d.reps[0]) + 1
	from := d.w - distance
	if from < 0 {
		from += len(d.window)
	}
	if k := len(d.window) - from; n > k {
		n = k // the rest of it is at the beginning
	}
	if from < d.w && distance < n {
		for i := range n { // what is copied is made meanwhile
			d.window[d.w+i] = d.window[from+i]
		}
	} else {
		copy(d.window[d.w:d.w+n], d.window[from:from+n])
	}
	d.w += n
	d.pos += uint64(n)
	d.copying -= uint32(n)
}

// behind is the byte that is so far behind, less one.
func (d *Decoder) behind(distance uint32) byte {
	i := d.w - 1 - int(distance)
	if i < 0 {
		i += len(d.window)
	}
	return d.window[i]
}

// reaches reports whether so much is known of what was decoded.
func (d *Decoder) reaches(distance uint32) bool {
	return uint64(distance) < d.pos && int64(distance) < int64(len(d.window))
}

// symbol decodes a literal, or where a match is and how long.
func (d *Decoder) symbol() error {
	posState := uint32(d.pos & d.pbMask)
	state := d.state
	if d.bit(&d.isMatch[state][posState]) == 0 {
		b := d.byte()
		if d.short {
			return d.lack()
		}
		d.window[d.w] = b
		d.w++
		d.pos++
		d.state = [states]uint32{0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 4, 5}[state]
		return nil
	}
	n := uint32(0)
	if d.bit(&d.isRep[state]) == 0 {
		d.reps[3], d.reps[2], d.reps[1] = d.reps[2], d.reps[1], d.reps[0]
		n = minMatch + d.length(&d.match, posState)
		d.reps[0] = d.distance(min(n-minMatch, lengthSlots-1))
		d.state = after(state, 7, 10)
	} else {
		n = d.again(state, posState)
	}
	switch {
	case d.short:
		return d.lack()
	case d.reps[0] == endMark:
		return d.end()
	case !d.reaches(d.reps[0]):
		return ErrCorrupt
	}
	d.copying = n
	return nil
}

// end is what the end mark is: LZMA2 has none.
func (d *Decoder) end() error {
	if d.chunks || !d.finished() {
		return ErrCorrupt
	}
	return io.EOF
}

func after(state, literal, other uint32) uint32 {
	if state < literalNext {
		return literal
	}
	return other
}

// again decodes a match at a distance that was used before, and its length.
func (d *Decoder) again(state, posState uint32) uint32 {
	if d.bit(&d.isRepG[0][state]) == 0 {
		if d.bit(&d.isRep0Long[state][posState]) == 0 {
			d.state = after(state, 9, 11)
			return 1
		}
	} else {
		which := 1
		for which < 3 && d.bit(&d.isRepG[which][state]) == 1 {
			which++
		}
		distance := d.reps[which]
		copy(d.reps[1:which+1], d.reps[:which])
		d.reps[0] = distance
	}
	d.state = after(state, 8, 11)
	return minMatch + d.length(&d.rep, posState)
}

// byte decodes a literal. After a match, the byte that would have gone on with
// it is one that this is not.
func (d *Decoder) byte() byte {
	var before uint32
	if d.pos > 0 {
		before = uint32(d.behind(0))
	}
	which := uint32(d.pos&d.lpMask)<<d.lc + before>>(8-d.lc)
	probs := d.literal[which*0x300:][:0x300]
	symbol := uint32(1)
	if d.state >= literalNext && d.reaches(d.reps[0]) {
		other := uint32(d.behind(d.reps[0]))
		for symbol < 0x100 {
			other <<= 1
			want := other >> 8 & 1
			bit := d.bit(&probs[(1+want)<<8+symbol])
			symbol = symbol<<1 | bit
			if bit != want {
				break
			}
		}
	}
	for symbol < 0x100 {
		symbol = symbol<<1 | d.bit(&probs[symbol])
	}
	return byte(symbol)
}

// distance decodes how far behind a match is, less one.
func (d *Decoder) distance(lengthSlot uint32) uint32 {
	slot := d.tree(d.slot[lengthSlot][:])
	if slot < firstCoded {
		return slot
	}
	bits := slot>>1 - 1
	v := (2 | slot&1) << bits
	if slot < firstDirect {
		return v + d.reverse(d.special[v-slot:], bits)
	}
	v += d.direct(bits-alignBits) << alignBits
	return v + d.reverse(d.align[:], alignBits)
}

// lack is the error for a byte that is not there.
func (d *Decoder) lack() error {
	if d.coder.err == nil || d.coder.err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return d.coder.err
}
