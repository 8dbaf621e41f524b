package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"slices"
)

// An xzIndex remembers the blocks of a stream, or what its index says of them:
// their number, and a digest of their lengths.
type xzIndex struct {
	count uint64
	sum   hash.Hash
}

func (x *xzIndex) reset() { x.count, x.sum = 0, sha256.New() }

func (x *xzIndex) add(unpadded, size uint64) {
	x.count++
	x.sum.Write(binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, unpadded), size))
}

// verify reads the index and the footer, sections 4 and 2.1.2, and compares
// them with the blocks that were read, unless they are known not to be all.
func (x *xzIndex) verify(t *tape, flags [2]byte, partly bool) error {
	r := &xzIndexReader{t: t, start: t.offset()}
	r.byte() // the indicator
	var said xzIndex
	said.reset()
	for count := r.number(); said.count < count && r.err == nil; {
		unpadded, size := r.number(), r.number()
		said.add(unpadded, size)
	}
	for (t.offset()-r.start)&3 != 0 && r.err == nil {
		if r.byte() != 0 {
			r.err = errXzIndex
		}
	}
	if r.err != nil {
		return r.err
	}
	length := t.offset() - r.start + 4
	p := t.peek(4 + xzHead)
	if len(p) < 4+xzHead {
		t.skip(int64(len(p)))
		return io.ErrUnexpectedEOF
	}
	same := said.count == x.count && bytes.Equal(said.sum.Sum(nil), x.sum.Sum(nil))
	if binary.LittleEndian.Uint32(p) != r.crc || !same && !partly {
		return errXzIndex
	}
	p = p[4:]
	le := binary.LittleEndian
	if string(p[10:12]) != "YZ" || [2]byte(p[8:10]) != flags || crc32.ChecksumIEEE(p[4:10]) != le.Uint32(p) ||
		4*(int64(le.Uint32(p[4:]))+1) != length {
		return errXzFooter
	}
	t.skip(4 + xzHead)
	return nil
}

// An xzIndexReader reads numbers. After the first thing wrong, err is set.
type xzIndexReader struct {
	t     *tape
	start int64
	crc   uint32
	err   error
}

func (r *xzIndexReader) byte() byte {
	b, err := r.t.ReadByte()
	if err != nil {
		r.err = early(err)
	}
	r.crc = crc32.Update(r.crc, crc32.IEEETable, []byte{b})
	return b
}

// number reads a number of up to 63 bits, section 1.2.
func (r *xzIndexReader) number() (v uint64) {
	for i := 0; i < 9 && r.err == nil; i++ {
		b := r.byte()
		v |= uint64(b&0x7f) << (7 * i)
		if b&0x80 == 0 {
			return v
		}
	}
	if r.err == nil {
		r.err = errXzIndex
	}
	return 0
}

var crc64Table = crc64.MakeTable(crc64.ECMA)

// xzSum is the checksum that a stream's flags name, section 2.1.1.2, and its
// length. It is nil if there is none, or none that is known.
func xzSum(flag byte) (hash.Hash, int64) {
	const sum32, sum64, sha = 1, 4, 10
	lengths := [16]int64{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}
	n := lengths[flag&15]
	switch flag & 15 {
	case sum32:
		return crc32.NewIEEE(), n
	case sum64:
		return crc64.New(crc64Table), n
	case sha:
		return sha256.New(), n
	}
	return nil, n
}

// xzSumBytes is a checksum as its hash gives it: CRCs stand the other way round.
func xzSumBytes(length int64, p []byte) []byte {
	p = bytes.Clone(p[:length])
	if length <= 8 {
		slices.Reverse(p)
	}
	return p
}
