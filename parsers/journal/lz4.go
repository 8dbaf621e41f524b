package journal

import (
	"encoding/binary"
	"errors"
	"io"
)

var errLZ4 = errors.New("a match that reaches back before the beginning")

// appendLZ4 decompresses a block ("LZ4 Block Format Description") up to limit
// bytes. With an error, what was decompressed before it is returned. It is
// written here because the library, which is fast on long blocks, reads them
// with assembly that trusts its caller; the fields of a journal are short, and
// not to be trusted.
func appendLZ4(out, b []byte, limit int) ([]byte, error) {
	for len(b) > 0 {
		token := b[0]
		n, rest, ok := lengthLZ4(int(token>>4), b[1:])
		if !ok {
			return out, io.ErrUnexpectedEOF
		}
		literals := rest[:min(n, len(rest), limit-len(out))]
		out = append(out, literals...)
		switch {
		case len(out) == limit && n > len(literals):
			return out, nil
		case len(literals) < n:
			return out, io.ErrUnexpectedEOF
		case len(rest) == n: // the last sequence has no match
			return out, nil
		}
		b = rest[n:]
		if len(b) < 2 {
			return out, io.ErrUnexpectedEOF
		}
		back := int(binary.LittleEndian.Uint16(b))
		n, b, ok = lengthLZ4(int(token&15), b[2:])
		switch {
		case !ok:
			return out, io.ErrUnexpectedEOF
		case back == 0 || back > len(out):
			return out, errLZ4
		}
		const minMatch = 4
		for n = min(n+minMatch, limit-len(out)); n > 0; { // a match may overlap itself
			from := out[len(out)-back:]
			from = from[:min(n, len(from))]
			out = append(out, from...)
			n -= len(from)
		}
		if len(out) == limit {
			return out, nil
		}
	}
	return out, nil
}

// lengthLZ4 reads on a length of which the token gave the first four bits.
func lengthLZ4(n int, b []byte) (int, []byte, bool) {
	if n < 15 {
		return n, b, true
	}
	for i, c := range b {
		n += int(c)
		if c != 255 {
			return n, b[i+1:], true
		}
	}
	return 0, nil, false
}
