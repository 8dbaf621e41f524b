package source

import (
	"encoding/binary"
	"io"
	"math/bits"

	"tideline/scanner/source/lzma"
)

// LZMA alone, the .lzma files of before xz: properties, the length of the text
// or -1, and the data. It has no magic number, so as with xz itself only
// headers are believed that programs write; a trial decode proves them.
var lzmaKind = &codecKind{
	name: "lzma", match: isLZMA,
	make: func() codec { return new(lzmaCodec) },
}

const lzmaHead = 13

func isLZMA(p []byte) bool {
	if len(p) <= lzmaHead || p[0] >= 9*5*5 || p[lzmaHead] != 0 {
		return false
	}
	dict := binary.LittleEndian.Uint32(p[1:])
	size := int64(binary.LittleEndian.Uint64(p[5:]))
	// 2^n, or 2^n + 2^(n-1), as xz holds it.
	round := bits.OnesCount32(dict) == 1 || bits.OnesCount32(dict) == 2 && bits.OnesCount32(dict&(dict>>1)) == 1
	return dict >= 1<<12 && round && size >= -1 && size < 1<<38
}

// beginsAsLZMA is the trial: the header is hardly one by chance, so what is
// damaged further on is damaged LZMA.
func beginsAsLZMA(c codec, _ *tape) bool {
	text := make([]byte, 1<<10)
	n, _ := io.ReadFull(c, text) // an error shows in n
	return n == len(text) || n > 0 && looksText(text[:n])
}

type lzmaCodec struct {
	t    *tape
	z    lzma.Decoder
	dict uint64
}

func (c *lzmaCodec) open(t *tape) error {
	c.t = t
	var head [lzmaHead]byte
	if _, err := io.ReadFull(t, head[:]); err != nil {
		return io.ErrUnexpectedEOF
	}
	size := int64(binary.LittleEndian.Uint64(head[5:]))
	c.dict = uint64(binary.LittleEndian.Uint32(head[1:]))
	if size >= 0 {
		c.dict = min(c.dict, uint64(size))
	}
	if c.dict > maxWindow {
		return &errWindow{c.dict, maxWindow}
	}
	c.z.ResetAlone(t, [5]byte(head[:5]), size)
	return nil
}

func (c *lzmaCodec) Read(p []byte) (int, error) { return c.z.Read(p) }
func (c *lzmaCodec) settle()                    { c.t.rewind(c.t.offset() - int64(c.z.Unused())) }
func (c *lzmaCodec) free()                      {}
func (c *lzmaCodec) window() uint64             { return c.dict }
