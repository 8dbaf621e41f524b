package inflate

import "encoding/binary"

// Slack that the fast loop wants: one round takes at most two times eight bytes
// of input, and writes three literals or a match, rounded up to 16.
const (
	inSlack  = 16
	outSlack = 3 + maxMatch + 16
)

// fast decodes codes while input and p are not near their ends, and returns
// the new number of bytes in p.
func (d *Decoder) fast(p []byte, n int) int {
	in := d.in[:d.w]
	r, bits, nbits := d.r, d.bits, d.nbits
	lit, dist := &d.lit, &d.dist
	for n <= len(p)-outSlack && r <= len(in)-inSlack {
		bits |= load64(in[r:]) << (nbits & 63)
		r += int((63 - nbits) >> 3)
		nbits |= 56
		e := lit[bits&(1<<litBits-1)]
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
					continue
				}
			}
		}
		if e&flagOther != 0 {
			if e&flagTable != 0 {
				e = lit[int(e>>16)+int(bits>>litBits&(1<<(e&takeMask)-1))]
			}
			if e&flagLiteral != 0 {
				bits >>= e & takeMask
				nbits -= uint(e & takeMask)
				p[n] = byte(e >> 16)
				n++
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

		bits |= load64(in[r:]) << (nbits & 63)
		r += int((63 - nbits) >> 3)
		nbits |= 56
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
		end := n + length
		switch {
		case back >= 16:
			for n < end {
				a, b := load64(p[from:]), load64(p[from+8:])
				binary.LittleEndian.PutUint64(p[n:], a)
				binary.LittleEndian.PutUint64(p[n+8:], b)
				n, from = n+16, from+16
			}
		case back >= 8:
			for n < end {
				binary.LittleEndian.PutUint64(p[n:], load64(p[from:]))
				n, from = n+8, from+8
			}
		case back == 1:
			run := uint64(p[from]) * 0x0101010101010101
			for n < end {
				binary.LittleEndian.PutUint64(p[n:], run)
				n += 8
			}
		default:
			for ; n < end; n, from = n+1, from+1 {
				p[n] = p[from]
			}
		}
		n = end
	}
	d.r, d.bits, d.nbits = r, bits&(1<<(nbits&63)-1), nbits
	return n
}
