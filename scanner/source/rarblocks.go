package source

import (
	"encoding/binary"
	"io"
)

// What rarBlocks learns of an archive from its blocks, which the library does not tell.
type rarShape struct {
	end    int64 // behind the block that ends the archive; 0: there is none, or it is enciphered
	rounds uint8 // the most rounds, as a power of two, that a key of it takes to derive
}

// Both formats begin like this, and differ in what follows.
const (
	rar15Magic = "Rar!\x1a\x07\x00"
	rar50Magic = "Rar!\x1a\x07\x01\x00"
)

const (
	// maxRarRounds is how many rounds the key of a password may take: WinRAR takes 2^15,
	// and the format has room for 2^24, which is a minute for every password and member.
	maxRarRounds = 20
	// maxRarBlocks is after how many blocks the end of an archive is not looked for.
	maxRarBlocks = 1 << 20
	// maxRarHeader is how long a header may be: RAR 5.0 archive format, general archive
	// block format.
	maxRarHeader = 2 << 20
)

// rarBlocks goes through the headers of an archive, without a look at what is packed.
//
// Source: RAR 5.0 archive format (rarlab.com/technote.htm); for the one before, technote.txt
// of RAR 4.20.
func rarBlocks(r io.ReaderAt, size int64) (s rarShape) {
	magic := make([]byte, len(rar50Magic))
	_, _ = r.ReadAt(magic, 0) // what is short is none
	next, at := rar15Block, int64(len(rar15Magic))
	if string(magic) == rar50Magic {
		next, at = rar50Block, int64(len(rar50Magic))
	}
	for range maxRarBlocks {
		behind, end := next(&s, r, at)
		if end {
			s.end = behind
		}
		if end || behind <= at || behind >= size {
			break
		}
		at = behind
	}
	return s
}

// rar15Block is where the block at at ends, and whether it is the last one.
func rar15Block(s *rarShape, r io.ReaderAt, at int64) (behind int64, end bool) {
	var h [36]byte
	n, _ := r.ReadAt(h[:], at) // what is short is damaged
	size := int64(binary.LittleEndian.Uint16(h[5:]))
	if n < 7 || size < 7 {
		return at, false
	}
	behind = at + size
	flags := binary.LittleEndian.Uint16(h[3:])
	switch kind := h[2]; {
	case kind == 0x73 && flags&0x80 != 0:
		return at, false // headers are enciphered
	case kind == 0x7b:
		return behind, true
	case flags&0x8000 == 0:
	case n < 11:
		return at, false
	default:
		behind += int64(binary.LittleEndian.Uint32(h[7:]))
		if (kind == 0x74 || kind == 0x7a) && flags&0x100 != 0 {
			behind += int64(binary.LittleEndian.Uint32(h[32:])) << 32
		}
	}
	return behind, false
}

// rar50Block is rar15Block for the format of RAR 5.
func rar50Block(s *rarShape, r io.ReaderAt, at int64) (behind int64, end bool) {
	var sized [4 + 3]byte // the checksum, and the size of the header
	n, _ := r.ReadAt(sized[:], at)
	head := vints(sized[min(n, 4):n])
	size := head.next()
	if head == nil || size == 0 || size > maxRarHeader {
		return at, false
	}
	from := at + int64(n) - int64(len(head))
	b := make([]byte, size)
	if _, err := r.ReadAt(b, from); err != nil && err != io.EOF {
		return at, false
	}
	head = b
	kind, flags := head.next(), head.next()
	var extra, data uint64
	if flags&1 != 0 {
		extra = head.next()
	}
	if flags&2 != 0 {
		data = head.next()
	}
	behind = from + int64(size)
	switch {
	case head == nil || data > 1<<60:
		return at, false
	case kind == 4:
		s.derives(head) // headers are enciphered
		return at, false
	case kind == 5:
		return behind, true
	case (kind == 2 || kind == 3) && extra <= size:
		s.extra(b[size-extra:])
	}
	return behind + int64(data), false
}

// extra reads the records at the end of a header, of which one tells how a member is
// enciphered.
func (s *rarShape) extra(records vints) {
	for len(records) > 0 {
		size := records.next()
		if records == nil || size > uint64(len(records)) {
			return
		}
		record := records[:size]
		records = records[size:]
		if record.next() == 1 {
			s.derives(record)
		}
	}
}

// derives reads how a key is made: the version of the cipher, flags, and the rounds.
func (s *rarShape) derives(record vints) {
	record.next()
	record.next()
	if len(record) > 0 {
		s.rounds = max(s.rounds, record[0])
	}
}

// vints are bytes that begin with numbers of the length that they need: seven bits in a
// byte, the lowest first. Nil: there was none.
type vints []byte

func (v *vints) next() uint64 {
	n, used := binary.Uvarint(*v)
	if used <= 0 {
		*v = nil
		return 0
	}
	*v = (*v)[used:]
	return n
}
