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
func sevenZipOf(name string, data []byte) []byte { return sevenZipWith(name, data, []byte{1}) }

// sevenZipWith is sevenZipOf with the number of files as the header has it.
func sevenZipWith(name string, data, files []byte) []byte {
	le := binary.LittleEndian
	var names []byte
	for _, u := range append(utf16.Encode([]rune(name)), 0) {
		names = le.AppendUint16(names, u)
	}
	var h []byte
	h = append(h, 0x01, 0x04)                                                                    // header, main streams
	h = append(h, 0x06, 0, 1, 0x09, byte(len(data)), 0)                                          // one packed stream
	h = append(h, 0x07, 0x0b, 1, 0, 1, 0x01, 0x00, 0x0c, byte(len(data)))                        // one folder: copy
	h = append(append(h, 0x0a, 1), le.AppendUint32(nil, crc32.ChecksumIEEE(data))...)            // its checksum
	h = append(h, 0, 0)                                                                          // end of folders, of streams
	h = append(append(append(append(h, 0x05), files...), 0x11, byte(1+len(names)), 0), names...) // files: names
	h = append(h, 0, 0)                                                                          // end
	start := le.AppendUint64(nil, uint64(len(data)))                                             // next header: offset,
	start = le.AppendUint64(start, uint64(len(h)))                                               // length,
	start = le.AppendUint32(start, crc32.ChecksumIEEE(h))                                        // checksum
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

func TestNumbersOfASevenZipAreNotBelieved(t *testing.T) {
	for _, files := range [][]byte{
		{0xf0, 0xff, 0xff, 0xff, 0x7f}, {0xe0, 0xff, 0xff, 0xff}, {0xff, 1, 2, 3, 4, 5, 6, 7, 8}, {0xc0, 0xff, 0xff},
	} {
		data := sevenZipWith("a", []byte("text\n"), files)
		if r := readPipe(t, data, Options{}); !slices.Equal(r.codes(), []string{"in arch.unsupported!"}) {
			t.Errorf("%x files: %v", files, r.codes())
		}
	}
}

func FuzzSevenZip(f *testing.F) {
	f.Add(sevenZipOf("a", []byte("text\n"))[32:])
	f.Fuzz(func(t *testing.T, data []byte) {
		// The header is sealed by a checksum, which hides all but the first byte
		// from a fuzzer: so it is made to fit.
		h := data[min(len(data), 5):]
		le := binary.LittleEndian
		start := le.AppendUint64(nil, 5)
		start = le.AppendUint64(start, uint64(len(h)))
		start = le.AppendUint32(start, crc32.ChecksumIEEE(h))
		all := slices.Concat([]byte("7z\xbc\xaf\x27\x1c\x00\x04"), le.AppendUint32(nil, crc32.ChecksumIEEE(start)), start, make([]byte, 5), h)
		r := readPipe(t, all, Options{MaxExpanded: 1 << 20, MaxMembers: 100})
		if r.members[len(r.members)-1].Path != "in" {
			t.Errorf("%v", r.members)
		}
	})
}
