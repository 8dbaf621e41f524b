package source

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"
	"unicode/utf16"
)

// sevenZipOf is a 7z archive of one member, stored as it is; 7zFormat.txt of
// the LZMA SDK 23.01.
func sevenZipOf(name string, data []byte) []byte {
	le := binary.LittleEndian
	var names []byte
	for _, u := range append(utf16.Encode([]rune(name)), 0) {
		names = le.AppendUint16(names, u)
	}
	var h []byte
	h = append(h, 0x01, 0x04)                                                         // header, main streams
	h = append(h, 0x06, 0, 1, 0x09, byte(len(data)), 0)                               // one packed stream
	h = append(h, 0x07, 0x0b, 1, 0, 1, 0x01, 0x00, 0x0c, byte(len(data)))             // one folder: copy
	h = append(append(h, 0x0a, 1), le.AppendUint32(nil, crc32.ChecksumIEEE(data))...) // its checksum
	h = append(h, 0, 0)                                                               // end of folders, of streams
	h = append(append(h, 0x05, 1, 0x11, byte(1+len(names)), 0), names...)             // files: names
	h = append(h, 0, 0)                                                               // end
	start := le.AppendUint64(nil, uint64(len(data)))                                  // next header: offset,
	start = le.AppendUint64(start, uint64(len(h)))                                    // length,
	start = le.AppendUint32(start, crc32.ChecksumIEEE(h))                             // checksum
	signature := append([]byte("7z\xbc\xaf\x27\x1c\x00\x04"), le.AppendUint32(nil, crc32.ChecksumIEEE(start))...)
	return slices.Concat(signature, start, data, h)
}

func TestSevenZip(t *testing.T) {
	data := sevenZipOf("var/log/audit.log", []byte("text in a 7z\n"))
	for name, in := range map[string][]byte{"bare": data, "in gzip": gz(t, data)} {
		r := readPipe(t, in, Options{})
		if len(r.streams) != 1 || r.streams[0].path != "in!var/log/audit.log" || r.text() != "text in a 7z\n" || len(r.codes()) != 0 {
			t.Errorf("%s: %v, %v", name, r.streams, r.codes())
		}
	}
}

func TestADamagedSevenZipIsAGap(t *testing.T) {
	data := sevenZipOf("a", []byte("text in a 7z\n"))
	for n := 8; n < len(data); n++ {
		if r := readPipe(t, data[:n], Options{}); !r.gaps() {
			t.Errorf("cut at %d: %v", n, r.codes())
		}
	}
	for i := 6; i < len(data); i++ {
		bad := bytes.Clone(data)
		bad[i] ^= 0x55
		// Bytes of the version and of reserved fields say nothing.
		if r := readPipe(t, bad, Options{}); !r.gaps() && i >= 8 && r.text() != "text in a 7z\n" {
			t.Errorf("byte %d: %q, %v", i, r.text(), r.codes())
		}
	}
}
