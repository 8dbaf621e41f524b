package inflate

import "encoding/binary"

// Slack that the fast loop wants: one round refills twice at most, with eight
// bytes, and writes three literals, or two and a match. A match is copied in
// pieces of copyStep; a mask on its length, which changes none, spares checks of bounds.
const (
	copyStep  = 32
	copyMask  = 1<<9 - 1 // no match is longer than 258 bytes
	copySlack = copyMask + 1 + copyStep
	inSlack   = 2 * 8
	outSlack  = 3 + copySlack
)

// refill makes bits 56 or more. Those above nbits may already be there: they are
// the same as come again.
func refill(in []byte, r int, bits uint64, nbits uint) (int, uint64, uint) {
	return r + int((63-nbits)>>3), bits | load64(in[r:])<<(nbits&63), nbits | 56
}

// fast decodes codes while input and p are not near their ends, and returns
// the new number of bytes in p.
//
// The entry of the next code is looked up before a match is copied: the end of
// the copy is hard to foresee, and the processor would wait for it.
func (d *Decoder) fast(p []byte, n int) int {
	in := d.in[:d.w]
	r, bits, nbits := d.r, d.bits, d.nbits
	lit, dist := &d.lit, &d.dist
	if n > len(p)-outSlack || r > len(in)-inSlack {
		return n
	}
	r, bits, nbits = refill(in, r, bits, nbits)
	e := lit[bits&(1<<litBits-1)]
	for n <= len(p)-outSlack && r <= len(in)-inSlack {
		if e&flagLiteral != 0 {
			bits >>= e & takeMask
			nbits -= uint(e & takeMask)
			p[n] = byte(e >> 16)
			n++
			if e = lit[bits&(1<<litBits-1)]; e&flagLiteral != 0 {
				bits >>= e & takeMask
				nbits -= uint(e & takeMask)
				p[n] = byte(e >> 16)
				n++
				if e = lit[bits&(1<<litBits-1)]; e&flagLiteral != 0 {
					bits >>= e & takeMask
					nbits -= uint(e & takeMask)
					p[n] = byte(e >> 16)
					n++
					r, bits, nbits = refill(in, r, bits, nbits)
					e = lit[bits&(1<<litBits-1)]
					continue
				}
			}
		}
		r, bits, nbits = refill(in, r, bits, nbits)
		if e&flagOther != 0 {
			if e&flagTable != 0 {
				e = lit[int(e>>16)+int(bits>>litBits&(1<<(e&takeMask)-1))]
			}
			if e&flagLiteral != 0 {
				bits >>= e & takeMask
				nbits -= uint(e & takeMask)
				p[n] = byte(e >> 16)
				n++
				e = lit[bits&(1<<litBits-1)]
				continue
			}
			if e&flagEnd != 0 {
				bits >>= e & takeMask
				nbits -= uint(e & takeMask)
				d.stage = atBlock
				break
			}
			if e&flagOther != 0 {
				d.err = errCode
				break
			}
		}
		length := int(e>>16) + int(bits&(1<<(e&takeMask)-1)>>(e>>8&15))
		bits >>= e & takeMask
		nbits -= uint(e & takeMask)

		e = dist[bits&(1<<distBits-1)]
		if e&flagOther != 0 {
			if e&flagTable != 0 {
				e = dist[int(e>>16&0xfff)+int(bits>>distBits&(1<<(e&takeMask)-1))]
			}
			if e&flagOther != 0 {
				d.err = errCode
				break
			}
		}
		back := int(e>>16) + int(bits&(1<<(e&takeMask)-1)>>(e>>8&15))
		bits >>= e & takeMask
		nbits -= uint(e & takeMask)
		r, bits, nbits = refill(in, r, bits, nbits)
		e = lit[bits&(1<<litBits-1)]

		from := n - back
		if from < 0 {
			if -from > d.kept {
				d.err = errFar
				break
			}
			d.match, d.back = length, back
			n = d.rest(p, n)
			continue
		}
		length &= copyMask
		dst, src := (*[copySlack]byte)(p[n:]), (*[copySlack]byte)(p[from:])
		n += length
		switch {
		case back >= 16:
			for i := 0; i < length; i += copyStep {
				at := i & copyMask
				*(*[16]byte)(dst[at:]) = *(*[16]byte)(src[at:])
				*(*[16]byte)(dst[at+16:]) = *(*[16]byte)(src[at+16:])
			}
		case back >= 8:
			for i := 0; i < length; i += 8 {
				at := i & copyMask
				*(*[8]byte)(dst[at:]) = *(*[8]byte)(src[at:])
			}
		case back == 1:
			run := uint64(src[0]) * 0x0101010101010101
			for i := 0; i < length; i += 8 {
				binary.LittleEndian.PutUint64(dst[i&copyMask:], run)
			}
		default:
			for i := 0; i < length; i++ {
				dst[i] = src[i]
			}
		}
	}
	d.r, d.bits, d.nbits = r, bits&(1<<(nbits&63)-1), nbits
	return n
}
