package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"tideline/scanner/source/lzma"
)

// Compression methods that are read, APPNOTE.TXT section 4.4.5.
const (
	zipStored    = 0
	zipDeflate   = 8
	zipDeflate64 = 9
	zipBzip2     = 12
	zipLZMA      = 14
	zipZstd20    = 20 // what 93 was called for a while
	zipZstd      = 93
	zipXz        = 95
	zipAESMark   = 99 // the method is in the extra field
)

var zipKinds = map[uint16]*codecKind{
	zipDeflate: deflateKind, zipDeflate64: deflate64Kind, zipBzip2: bzip2Kind, zipLZMA: zipLZMAKind,
	zipZstd20: zstdKind, zipZstd: zstdKind, zipXz: xzKind,
}

func newCRC() hash.Hash32 { return crc32.NewIEEE() }

// A zipMember is the unpacked view of a member.
type zipMember struct {
	n     *node
	r     io.Reader
	layer *layer // nil when stored
	seal  *zipSeal
	tape  *tape // between decryption and decompression; nil if there is none
	sum   hash.Hash32
	got   int64
}

// openZip makes a member readable. It returns nil, with a remark on n, if it
// cannot be: encrypted without a fitting password, or an unknown method.
func (w *walk) openZip(n *node, e *zipEntry, raw *tape, packed int64) *zipMember {
	m := &zipMember{n: n, r: raw, sum: newCRC()}
	method := e.method
	if e.encrypted() || method == zipAESMark {
		r, seal, plain, err := w.decrypt(e, raw, packed)
		if err != nil {
			n.note(Remark{Code: CodeEncrypted, Gap: true, Bytes: max(0, packed), Reason: err.Error(), Lift: "scan again with --password"})
			return nil
		}
		method, m.seal = plain, seal
		m.tape = newTape(r)
		m.r = m.tape
	}
	kind := zipKinds[method]
	if kind == nil && method != zipStored {
		m.close()
		n.note(Remark{Code: CodeMethod, Gap: true, Bytes: max(0, packed),
			Reason: fmt.Sprintf("compression method %d (%s) cannot be read", method, zipMethodName(method)),
			Lift:   "unpack it by hand and scan the result"})
		return nil
	}
	if kind != nil {
		t := raw
		if m.tape != nil {
			t = m.tape
		}
		m.layer = w.layer(t, kind, n.note)
		m.layer.single = kind == deflateKind || kind == deflate64Kind || kind == zipLZMAKind
		m.r = m.layer
	}
	return m
}

func (m *zipMember) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.sum.Write(p[:n])
	m.got += int64(n)
	return n, err
}

func (m *zipMember) breaks() []int64 {
	if m.layer == nil {
		return nil
	}
	return m.layer.breaks()
}

func (m *zipMember) close() {
	if m.layer != nil {
		m.layer.close()
		m.layer = nil
	}
	if m.tape != nil {
		m.tape.release()
		m.tape = nil
	}
}

// verify compares the member with what the archive says of it, unless damage
// was told already. With AES of version 2 the checksum is left empty.
func (m *zipMember) verify(crc uint32, size int64) {
	for _, r := range m.n.member.Remarks {
		if r.Gap {
			return
		}
	}
	if m.seal != nil {
		m.tape.drain() // damaged data may end too early, and the code is behind the end
		err := m.seal.err()
		if err == nil && crc == 0 && m.got != size {
			err = fmt.Errorf("the archive says the member has %d bytes; it has %d", size, m.got)
		}
		if err != nil {
			m.n.note(Remark{Code: CodeMemberSum, Gap: true, Bytes: m.got, Reason: err.Error(), Lift: "get an undamaged copy"})
		}
		if err != nil || crc == 0 {
			return
		}
	}
	if got := m.sum.Sum32(); got != crc {
		m.n.note(Remark{Code: CodeMemberSum, Gap: true, Bytes: m.got,
			Reason: fmt.Sprintf("the archive says the member has %d bytes with CRC-32 %08x; it has %d with %08x", size, crc, m.got, got),
			Lift:   "get an undamaged copy"})
	} else if m.got != size {
		m.n.note(Remark{Code: CodeMismatch, Bytes: m.got,
			Reason: fmt.Sprintf("the archive says the member has %d bytes; it has %d, and the right CRC-32", size, m.got)})
	}
}

func zipMethodName(m uint16) string {
	switch m {
	case 1:
		return "shrunk"
	case 2, 3, 4, 5:
		return "reduced"
	case 6:
		return "imploded"
	case 10:
		return "PKWARE DCL implode"
	case 94:
		return "MP3"
	case 96:
		return "JPEG"
	case 97:
		return "WavPack"
	case 98:
		return "PPMd"
	}
	return "not known"
}

// LZMA as in zip, APPNOTE.TXT section 5.8: version, length of the properties,
// the properties, then data with an end marker or up to the end.
var zipLZMAKind = &codecKind{
	name: "lzma", match: func([]byte) bool { return false },
	make: func() codec { return new(zipLZMACodec) },
}

type zipLZMACodec struct {
	t *tape
	z lzma.Decoder
}

var errLZMA = errors.New("lzma: damaged header")

func (c *zipLZMACodec) open(t *tape) error {
	c.t = t
	var head [4 + 5]byte
	if n, err := io.ReadFull(t, head[:]); err != nil {
		return fmt.Errorf("%d bytes of the lzma header: %w", n, io.ErrUnexpectedEOF)
	}
	if head[2] != 5 || head[3] != 0 {
		return errLZMA
	}
	if dict := uint64(binary.LittleEndian.Uint32(head[5:])); dict > maxWindow {
		return &errWindow{dict, maxWindow}
	}
	c.z.ResetAlone(t, [5]byte(head[4:]), -1)
	return nil
}

func (c *zipLZMACodec) Read(p []byte) (int, error) { return c.z.Read(p) }
func (c *zipLZMACodec) settle()                    { c.t.rewind(c.t.offset() - int64(c.z.Unused())) }
func (c *zipLZMACodec) free()                      {}
