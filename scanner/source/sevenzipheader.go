package source

import "encoding/binary"

// A header7z walks a header. After the first thing wrong, err is set and
// everything it returns is 0.
type header7z struct {
	p   []byte
	at  int
	err error

	packAt, packSize uint64 // of the first stream

	// Of the first folder:
	coders []coder7z
	bound  [2]uint64 // the input that an output is bound to, and the output, if there are two coders
	sum    []byte    // of what it unpacks to, CRC-32, lowest byte first; nil if it is not there
}

type coder7z struct {
	id    string
	props []byte
	in    uint64
	out   uint64
	size  uint64 // of what it unpacks to, if it has one output
}

func (h *header7z) fail() uint64 {
	if h.err == nil {
		h.err = err7zHeader
	}
	h.at = len(h.p)
	return 0
}

func (h *header7z) bytes(n uint64) []byte {
	if n > uint64(len(h.p)-h.at) {
		h.fail()
		return nil
	}
	h.at += int(n)
	return h.p[h.at-int(n) : h.at]
}

func (h *header7z) byte() byte {
	if p := h.bytes(1); len(p) == 1 {
		return p[0]
	}
	return 0
}

// number reads a number: the leading ones of the first byte are how many more
// bytes there are, its other bits the highest of the number.
func (h *header7z) number() uint64 {
	first := h.byte()
	var v uint64
	for i := range 8 {
		mask := byte(0x80) >> i
		if first&mask == 0 {
			return v | uint64(first&(mask-1))<<(8*i)
		}
		v |= uint64(h.byte()) << (8 * i)
	}
	return v
}

// count reads a number of things that take a byte of the header each at least.
func (h *header7z) count() uint64 {
	n := h.number()
	if n > uint64(len(h.p)) {
		return h.fail()
	}
	return n
}

func (h *header7z) header() {
	if h.byte() != id7zHeader {
		h.fail()
	}
	id := h.byte()
	if id == id7zProperties {
		for h.byte() != id7zEnd && h.err == nil {
			h.bytes(h.number())
		}
		id = h.byte()
	}
	for id == id7zAdditional || id == id7zMain {
		h.streams()
		id = h.byte()
	}
	if id == id7zFiles {
		h.count()
	}
}

func (h *header7z) streams() {
	var folders []uint64 // unpack streams of each: 1 unless said otherwise
	var summed []bool
	for h.err == nil {
		switch h.byte() {
		case id7zEnd:
			return
		case id7zPack:
			h.pack()
		case id7zUnpack:
			folders, summed = h.unpackInfo()
		case id7zSub:
			h.substreams(folders, summed)
		default:
			h.fail()
		}
	}
}

func (h *header7z) pack() {
	h.packAt = h.number()
	n := h.count()
	for h.err == nil {
		switch h.byte() {
		case id7zEnd:
			return
		case id7zSize:
			for i := range n {
				if size := h.number(); i == 0 {
					h.packSize = size
				}
			}
		case id7zCRC:
			h.digests(n)
		default:
			h.fail()
		}
	}
}

// digests reads n checksums of which some may be missing; first is the first, if it is there.
func (h *header7z) digests(n uint64) (defined []bool, first []byte) {
	if n > 8*uint64(len(h.p)) {
		h.fail()
		return nil, nil
	}
	defined = make([]bool, n)
	all := h.byte() != 0
	var bits []byte
	if !all {
		bits = h.bytes((n + 7) / 8)
	}
	for i := range defined {
		if defined[i] = all || len(bits) > i/8 && bits[i/8]&(0x80>>(i%8)) != 0; defined[i] {
			sum := h.bytes(4)
			if i == 0 {
				first = sum
			}
		}
	}
	return defined, first
}

func (h *header7z) unpackInfo() (folders []uint64, summed []bool) {
	if h.byte() != id7zFolder {
		h.fail()
	}
	n := h.count()
	if h.byte() != 0 { // the folders are elsewhere: nothing writes that
		h.fail()
	}
	outs := uint64(0)
	for i := range n {
		outs += h.folder(i == 0)
	}
	if h.byte() != id7zUnpackSize {
		h.fail()
	}
	for i := uint64(0); i < outs && h.err == nil; i++ {
		if size := h.number(); i < uint64(len(h.coders)) {
			h.coders[i].size = size
		}
	}
	summed = make([]bool, n)
	for h.err == nil {
		switch h.byte() {
		case id7zEnd:
			folders = make([]uint64, n)
			for i := range folders {
				folders[i] = 1
			}
			return folders, summed
		case id7zCRC:
			summed, h.sum = h.digests(n)
		default:
			h.fail()
		}
	}
	return nil, nil
}

// folder reads one folder and returns the number of its unpacked streams.
func (h *header7z) folder(first bool) uint64 {
	const most = 32
	var in, out uint64
	n := h.count()
	if n == 0 || n > most {
		return h.fail()
	}
	if first {
		h.coders = nil
	}
	for range n {
		c := h.coder()
		in, out = in+c.in, out+c.out
		if first {
			h.coders = append(h.coders, c)
		}
	}
	if in > most || out > most || out == 0 || in+1 < out {
		return h.fail()
	}
	for range out - 1 {
		bound := [2]uint64{h.number(), h.number()}
		if first {
			h.bound = bound
		}
	}
	if packed := in - (out - 1); packed > 1 {
		for range packed {
			h.number()
		}
	}
	return out
}

func (h *header7z) coder() coder7z {
	flags := h.byte()
	c := coder7z{id: string(h.bytes(uint64(flags & 15))), in: 1, out: 1}
	if flags&0x10 != 0 {
		c.in, c.out = h.count(), h.count()
	}
	if flags&0x20 != 0 {
		c.props = h.bytes(h.count())
	}
	switch need := c.window(); {
	case h.err != nil:
	case need > maxWindow:
		h.err = &errWindow{need, maxWindow}
	case c.id == coder7zAES && len(c.props) > 0 && tooManyCycles(c.props[0]&raw7zKey):
		h.err = err7zRounds
	}
	return c
}

// window is the dictionary that a coder asks for.
func (c *coder7z) window() uint64 {
	switch {
	case c.id == coder7zLZMA && len(c.props) == 5:
		return uint64(binary.LittleEndian.Uint32(c.props[1:]))
	case c.id == coder7zLZMA2 && len(c.props) == 1 && c.props[0] <= 40:
		return uint64(2|c.props[0]&1) << (c.props[0]/2 + 11)
	}
	return 0
}

// substreams reads how the folders are cut into files.
func (h *header7z) substreams(folders []uint64, summed []bool) {
	id := h.byte()
	if id == id7zNumbers {
		var sum uint64
		for i := range folders {
			folders[i] = h.count()
			if sum += folders[i]; sum > uint64(len(h.p)) {
				h.fail()
				return
			}
		}
		id = h.byte()
	}
	var unsummed uint64
	for i, n := range folders {
		if id == id7zSize {
			for range max(n, 1) - 1 {
				h.number()
			}
		}
		if n != 1 || !summed[i] {
			unsummed += n
		}
	}
	if id == id7zSize {
		id = h.byte()
	}
	for id != id7zEnd && h.err == nil {
		if id != id7zCRC {
			h.fail()
		}
		h.digests(unsummed)
		id = h.byte()
	}
}
