package main

import (
	"errors"
	"io"
	"sync"

	"github.com/bodgit/sevenzip"

	"tideline/scanner/source/deflate64"
	"tideline/scanner/source/lzma"
)

// addMethods makes the 7z library decode LZMA and LZMA2 as we do: its own decoders give
// a chunk, up to 2 MiB of a log, when they have all of it, and nothing of one that
// is damaged or cut. Deflate64 it does not have. IDs and properties are those of
// Methods.txt and 7zFormat.txt, LZMA SDK 23.01.
var addMethods = sync.OnceFunc(func() {
	sevenzip.RegisterDecompressor([]byte{0x21}, newLZMA2)
	sevenzip.RegisterDecompressor([]byte{0x03, 0x01, 0x01}, newLZMA)
	sevenzip.RegisterDecompressor([]byte{0x04, 0x01, 0x09}, newDeflate64)
})

var errMethod = errors.New("7z: the archive describes its data in another way than this method has")

// A lzmaContent is what LZMA data hold. To close it closes the data.
type lzmaContent struct {
	lzma.Decoder
	io.Closer
}

// newLZMA2 is a sevenzip.Decompressor. The one byte of properties is the size of the
// history: 2 or 3 times a power of two, from 4 KiB on, or 4 GiB less a byte.
func newLZMA2(properties []byte, _ uint64, readers []io.ReadCloser) (io.ReadCloser, error) {
	const most = 40
	if len(properties) != 1 || properties[0] > most || len(readers) != 1 {
		return nil, errMethod
	}
	history := uint64(1<<32 - 1)
	if p := properties[0]; p < most {
		history = uint64(2|p&1) << (p/2 + 11)
	}
	c := &lzmaContent{Closer: readers[0]}
	c.Reset(readers[0], history)
	return c, nil
}

// newLZMA is a sevenzip.Decompressor.
func newLZMA(properties []byte, size uint64, readers []io.ReadCloser) (io.ReadCloser, error) {
	if len(properties) != 5 || size > 1<<62 || len(readers) != 1 {
		return nil, errMethod
	}
	c := &lzmaContent{Closer: readers[0]}
	c.ResetAlone(readers[0], [5]byte(properties), int64(size))
	return c, nil
}

// A deflate64Content is what Deflate64 data hold.
type deflate64Content struct {
	deflate64.Decoder
	io.Closer
}

// newDeflate64 is a sevenzip.Decompressor.
func newDeflate64(_ []byte, _ uint64, readers []io.ReadCloser) (io.ReadCloser, error) {
	if len(readers) != 1 {
		return nil, errMethod
	}
	c := &deflate64Content{Closer: readers[0]}
	c.Reset(readers[0])
	return c, nil
}
