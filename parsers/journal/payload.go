package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	kzstd "github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz/lzma"
)

// maxField is how many bytes of a field are read. journald does not take longer
// lines from programs than 48 KiB; what is longer was sent as a file, such as a
// core dump. Two have room in a record.
const maxField = 4 << 20

// maxHistory is how much a decoder may look back.
const maxHistory = 8 << 20

// errLong says that a field is longer than maxField; its head was read.
var errLong = fmt.Errorf("a field of more than %d bytes, of which the head was read", maxField)

// An unpacker decompresses payloads, one at a time.
type unpacker struct {
	zstd *kzstd.Decoder
	out  []byte
}

// unpack returns what was compressed into b, up to maxField bytes. With an
// error, it is what was decompressed before it. It is valid until the next call.
func (u *unpacker) unpack(method compression, b []byte) ([]byte, error) {
	name, decode := "", u.xz
	switch method {
	case xz:
		name = "xz"
	case lz4:
		name, decode = "lz4", u.lz4
	case zstd:
		name, decode = "zstd", u.zstandard
	default:
		return b, nil
	}
	out, err := decode(b)
	if err != nil && err != errLong {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return out, err
}

// read fills u.out from r.
func (u *unpacker) read(r io.Reader) ([]byte, error) {
	buf := bytes.NewBuffer(u.out[:0])
	_, err := io.Copy(buf, io.LimitReader(r, maxField+1))
	u.out = buf.Bytes()
	if len(u.out) > maxField {
		return u.out[:maxField], errLong
	}
	return u.out, err
}

// zstandard reads a frame. Its window is held to what a field may be long, for
// no more can be needed.
func (u *unpacker) zstandard(b []byte) ([]byte, error) {
	if u.zstd == nil {
		z, err := kzstd.NewReader(nil, kzstd.WithDecoderConcurrency(1), kzstd.WithDecoderLowmem(true), kzstd.WithDecoderMaxWindow(maxHistory))
		if err != nil {
			return nil, err
		}
		u.zstd = z
	}
	if err := u.zstd.Reset(bytes.NewReader(b)); err != nil {
		return nil, err
	}
	return u.read(u.zstd)
}

// lz4 reads a block behind its size, which systemd writes with 64 bits.
func (u *unpacker) lz4(b []byte) ([]byte, error) {
	if len(b) < 8 {
		return nil, io.ErrUnexpectedEOF
	}
	size := binary.LittleEndian.Uint64(b)
	out, err := appendLZ4(u.out[:0], b[8:], int(min(size, maxField)))
	u.out = out
	switch {
	case size > maxField && len(out) == maxField:
		return out, errLong
	case err == nil && uint64(len(out)) != size:
		return out, errors.New("a block of another size than it says")
	}
	return out, err
}

// xz reads the first block of a stream, which is all that systemd writes. It is
// LZMA2 without another filter. The dictionary is never made larger than what a
// field may be long, whatever the block asks for.
func (u *unpacker) xz(b []byte) ([]byte, error) {
	body, dict, err := xzBlock(b)
	if err != nil {
		return nil, err
	}
	r, err := lzma.Reader2Config{DictCap: int(dict)}.NewReader2(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return u.read(r)
}

// xzBlock finds the data of the first block: section 2.1.1 and 3.1.
func xzBlock(b []byte) (body []byte, dict int64, err error) {
	const streamHeader = 12
	if len(b) < streamHeader+8 || string(b[:6]) != "\xfd7zXZ\x00" {
		return nil, 0, errors.New("no stream header")
	}
	b = b[streamHeader:]
	size := (int(b[0]) + 1) * 4
	if b[0] == 0 || len(b) < size || crc32.ChecksumIEEE(b[:size-4]) != binary.LittleEndian.Uint32(b[size-4:]) {
		return nil, 0, errors.New("damaged block header")
	}
	head := b[2 : size-4]
	for _, sized := range []byte{0x40, 0x80} {
		if b[1]&sized != 0 {
			_, n := binary.Uvarint(head)
			head = head[max(n, 0):]
		}
	}
	if b[1]&3 != 0 || len(head) < 3 || head[0] != 0x21 || head[1] != 1 || head[2] > 40 {
		return nil, 0, errors.New("a filter other than LZMA2")
	}
	dict = int64(2|head[2]&1) << (head[2]/2 + 11)
	return b[size:], min(dict, maxHistory), nil
}
