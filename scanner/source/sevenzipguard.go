package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// guard7zHeader reads the header of a 7z archive ahead of the library, which
// allocates by the numbers it finds there: seventy bytes could ask for a
// terabyte, and running out of memory is nothing that can be caught. It
// follows 7zFormat.txt of the LZMA SDK 23.01 as far as the numbers go. The error wraps
// ErrPassword if the header is enciphered and the password does not open it.
func guard7zHeader(r io.ReaderAt, size int64, password string) error {
	if start7z(r, 20) == 0 && size > 32 {
		return fmt.Errorf("%w: it was not written to its end", err7zCut)
	}
	header, err := read7zPart(r, size, 32+start7z(r, 12), start7z(r, 20))
	if err != nil || len(header) == 0 {
		return err
	}
	h := &header7z{p: header}
	if h.byte() != id7zEncoded {
		h = &header7z{p: header}
		h.header()
		return h.err
	}
	h.streams()
	if h.err != nil {
		return h.err
	}
	plain, err := h.unpack(r, size, password)
	if err != nil {
		return err
	}
	h = &header7z{p: plain}
	h.header()
	return h.err
}

var (
	err7zCut    = errors.New("7z: the archive is cut, and what describes it is at its end")
	err7zHeader = errors.New("7z: the header's numbers make no sense")
	err7zCoder  = errors.New("7z: the header is packed in an unusual way")
	err7zRounds = fmt.Errorf("7z: to make the key takes more rounds than the %d that are allowed", 1<<max7zCycles)
)

// Property IDs, and the IDs of coders that matter here.
const (
	id7zEnd, id7zHeader, id7zProperties, id7zAdditional, id7zMain, id7zFiles = 0x00, 0x01, 0x02, 0x03, 0x04, 0x05
	id7zPack, id7zUnpack, id7zSub, id7zSize, id7zCRC, id7zFolder             = 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b
	id7zUnpackSize, id7zNumbers, id7zEncoded                                 = 0x0c, 0x0d, 0x17

	coder7zCopy, coder7zLZMA2, coder7zLZMA, coder7zAES = "\x00", "\x21", "\x03\x01\x01", "\x06\xf1\x07\x01"
)

const max7zHeader = 64 << 20

// start7z reads a number of the signature header.
func start7z(r io.ReaderAt, at int64) int64 {
	var p [8]byte
	if n, _ := r.ReadAt(p[:], at); n < len(p) {
		return 0 // the library will say that the header is cut
	}
	return int64(binary.LittleEndian.Uint64(p[:]) & (1<<62 - 1))
}

func read7zPart(r io.ReaderAt, size, at, n int64) ([]byte, error) {
	if at <= 1<<40 && n <= max7zHeader && at+n > size {
		return nil, fmt.Errorf("%w: %d bytes are there, and its header ends at %d", err7zCut, size, at+n)
	}
	if at > size || n > size-at || n > max7zHeader {
		return nil, fmt.Errorf("%w: a header of %d bytes at %d of %d", err7zHeader, n, at, size)
	}
	p := make([]byte, n)
	if m, err := r.ReadAt(p, at); m < len(p) {
		return nil, fmt.Errorf("read the header: %w", err)
	}
	return p, nil
}

// unpack gives the header that is packed in the first folder, and may be enciphered.
func (h *header7z) unpack(r io.ReaderAt, size int64, password string) ([]byte, error) {
	if h.packAt > 1<<62 {
		return nil, err7zCoder
	}
	packed, err := read7zPart(r, size, 32+int64(h.packAt), int64(min(h.packSize, max7zHeader+1)))
	if err != nil {
		return nil, err
	}
	seal, pack, sealed := h.sealed()
	if !sealed {
		if len(h.coders) != 1 {
			return nil, err7zCoder
		}
		return h.coders[0].unpack(packed)
	}
	plain, err := seal.open(packed, password)
	if err != nil {
		return nil, err
	}
	if pack != nil {
		if plain, err = pack.unpack(plain); errors.Is(err, err7zCoder) {
			return nil, err
		}
	}
	if err != nil || !h.fits(plain) {
		return nil, fmt.Errorf("7z: the header is %w", ErrPassword)
	}
	return plain, nil
}

// unpack gives what c was given to pack.
func (c *coder7z) unpack(packed []byte) ([]byte, error) {
	switch {
	case c.id == coder7zCopy:
		return packed, nil
	case c.id != coder7zLZMA || len(c.props) != 5 || c.in != 1 || c.out != 1 || c.size > max7zHeader:
		return nil, err7zCoder
	}
	return unpackLZMA(c.props, packed, c.size)
}

// unpackLZMA decodes raw LZMA data of a known size.
func unpackLZMA(props, packed []byte, size uint64) ([]byte, error) {
	alone := binary.LittleEndian.AppendUint64(append([]byte{}, props...), size)
	z, err := lzma.NewReader(io.MultiReader(bytes.NewReader(alone), bytes.NewReader(packed)))
	if err != nil {
		return nil, fmt.Errorf("unpack the header: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, max7zHeader)) // size was checked against it
	if err != nil {
		return nil, fmt.Errorf("unpack the header: %w", err)
	}
	return plain, nil
}
