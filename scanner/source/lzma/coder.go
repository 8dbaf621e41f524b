package lzma

import "io"

// A coder is the range decoder. It reads from buf, and where more can be had,
// from src.
type coder struct {
	buf   []byte
	at    int
	src   io.Reader // Optional: where buf is filled from when it is used up
	err   error     // why no more could be had
	short bool      // a byte was wanted that is not there: what came since is not certain

	width uint32
	code  uint32
}

const top = 1 << 24

// next is the next byte of the input.
func (c *coder) next() uint32 {
	if c.at == len(c.buf) && !c.more() {
		c.short = true
		return 0
	}
	b := c.buf[c.at]
	c.at++
	return uint32(b)
}

func (c *coder) more() bool {
	if c.src == nil || c.err != nil {
		return false
	}
	for range 100 {
		n, err := c.src.Read(c.buf[:cap(c.buf)])
		c.buf, c.at, c.err = c.buf[:n], 0, err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	c.err = io.ErrNoProgress
	return false
}

// begin reads what the encoder begins with, and reports whether it can be.
func (c *coder) begin() bool {
	zero := c.next()
	c.width, c.code = 1<<32-1, 0
	for range 4 {
		c.code = c.code<<8 | c.next()
	}
	return c.short || zero == 0 && c.code != c.width
}

// finished reports whether the encoder has nothing more to say.
func (c *coder) finished() bool {
	if c.width < top {
		c.width <<= 8
		c.code = c.code<<8 | c.next()
	}
	return c.code == 0 && !c.short
}

// bit reads one bit. The input is read when it is needed and not before: of data
// that are cut, all is used.
func (c *coder) bit(p *prob) uint32 {
	if c.width < top {
		c.width <<= 8
		c.code = c.code<<8 | c.next()
	}
	bound := c.width >> 11 * uint32(*p)
	var bit uint32
	if c.code < bound {
		c.width = bound
		*p += (1<<11 - *p) >> 5
	} else {
		c.width -= bound
		c.code -= bound
		*p -= *p >> 5
		bit = 1
	}
	return bit
}

// direct reads n bits that are not modelled.
func (c *coder) direct(n uint32) uint32 {
	var v uint32
	for range n {
		if c.width < top {
			c.width <<= 8
			c.code = c.code<<8 | c.next()
		}
		c.width >>= 1
		c.code -= c.width
		under := 0 - c.code>>31 // all ones if code was less than width
		c.code += c.width & under
		v = v<<1 + under + 1
	}
	return v
}

// tree reads a number of as many bits as the tree is deep, the highest first.
func (c *coder) tree(tree []prob) uint32 {
	m := uint32(1)
	for m < uint32(len(tree)) {
		m = m<<1 | c.bit(&tree[m])
	}
	return m - uint32(len(tree))
}

// reverse reads a number of n bits, the lowest first.
func (c *coder) reverse(tree []prob, n uint32) uint32 {
	var v uint32
	m := uint32(1)
	for i := range n {
		b := c.bit(&tree[m])
		m = m<<1 | b
		v |= b << i
	}
	return v
}

func (c *coder) length(l *lengths, posState uint32) uint32 {
	switch {
	case c.bit(&l.choice[0]) == 0:
		return c.tree(l.low[posState][:])
	case c.bit(&l.choice[1]) == 0:
		return 8 + c.tree(l.mid[posState][:])
	}
	return 16 + c.tree(l.high[:])
}
