package source

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math"
	"slices"
	"strings"
)

// A container is an archive format that is told by its content.
type container int

const (
	noContainer container = iota
	tarContainer
	zipContainer
	sevenZipContainer
	rarContainer
	arContainer
	cpioContainer
	unreadable // recognised, and nothing here reads it
)

// An identity is what a stream turns out to be.
type identity struct {
	codec     *codecKind
	container container
	name      string // of the container
	behind    int    // bytes of a program before the container
	doubt     string // Optional: what it pretends to be and is not
}

// signatures are containers that are named when they are met and cannot be
// read. Binary systemd journals are not among them: they are logs.
var signatures = []struct {
	offset      int
	magic, name string
}{
	{0, "MSCF\x00\x00\x00\x00", "cab"},
	{0, "\xed\xab\xee\xdb", "rpm"},
	{0, "hsqs", "squashfs"}, {0, "sqsh", "squashfs"},
	{0, "\x1f\x9d", "compress (.Z)"}, {0, "\x1f\xa0", "compress (lzh)"},
	{0, "LZIP\x01", "lzip"}, {0, "LRZI", "lrzip"}, {0, "\x89LZO\x00\x0d\x0a\x1a\x0a", "lzop"},
	{0, "xar!", "xar"}, {0, "MSWIM\x00\x00\x00", "wim"}, {0, "QFI\xfb", "qcow2"}, {0, "KDMV", "vmdk"},
	{0, "-----BEGIN PGP MESSAGE", "PGP message"}, {0, "age-encryption.org/", "age"}, {0, "Salted__", "OpenSSL enc"},
	{0, "LUKS\xba\xbe", "LUKS"}, {32769, "CD001", "ISO 9660"},
	{0, "EVF\x09\x0d\x0a\xff\x00", "EWF (E01)"}, {0, "EVF2\x0d\x0a\x81\x00", "EWF (Ex01)"}, {0, "LVF\x09\x0d\x0a\xff\x00", "EWF (L01)"},
	{0, "ADSEGMENTEDFILE", "AD1"}, {0, "vhdxfile", "vhdx"}, {0, "conectix", "vhd"}, {64, "\x7f\x10\xda\xbe", "vdi"},
	// Packets of RFC 4880, section 5: a session key for RSA keys of 2048, 3072 and 4096
	// bits, for Curve25519, and for a password (AES, its key salted and iterated).
	{0, "\x85\x01\x0c\x03", "PGP message"}, {0, "\x85\x01\x8c\x03", "PGP message"}, {0, "\x85\x02\x0c\x03", "PGP message"}, {0, "\x84\x5e\x03", "PGP message"},
	{0, "\x8c\x0d\x04\x07\x03", "PGP message"}, {0, "\x8c\x0d\x04\x08\x03", "PGP message"}, {0, "\x8c\x0d\x04\x09\x03", "PGP message"},
}

// keyed are those of them that take a key to read.
var keyed = map[string]bool{"PGP message": true, "age": true, "OpenSSL enc": true, "LUKS": true}

// identify looks at the first bytes of a stream. Names play no part in it. t
// is not moved.
func identify(t *tape) identity {
	prefix := t.peek(34 << 10)
	for _, k := range codecKinds {
		if k != zlibKind && k.match(prefix) {
			return identity{codec: k}
		}
	}
	if c, name := containerOf(prefix); c != noContainer {
		return identity{container: c, name: name}
	}
	if zlibKind.match(prefix) && !looksText(prefix) && zlibKind.sound(t.peek(lookout)) {
		return identity{codec: zlibKind}
	}
	if lzmaKind.try(t.peek(lookout), beginsAsLZMA) {
		return identity{codec: lzmaKind}
	}
	if (!looksText(prefix) || endsAsZip(t)) && holdsZip(t) {
		return identity{container: zipContainer, name: "zip"}
	}
	if at := sevenZipBehind(t, prefix); at > 0 {
		return identity{container: sevenZipContainer, name: "7z", behind: at}
	}
	return identity{doubt: pretence(prefix)}
}

// holdsZip reports whether a zip lies behind something that is no text: a
// program that unpacks itself, or a damaged beginning. Of a file its end is
// looked at, of another stream what is in sight.
func holdsZip(t *tape) bool {
	if t.at != nil {
		d, ok := readDirectory(t.at, t.size, 1)
		return ok && len(d.refs) > 0 // the end record of an empty one is a constant of every program that writes zips
	}
	window := t.peek(lookout)
	for at := 0; ; at++ {
		i := bytes.Index(window[at:], []byte("PK"))
		if i < 0 {
			return false
		}
		at += i
		if p := window[at:]; isLocalHeader(p) && isPlainName(p[zipLocalLen:], binary.LittleEndian.Uint16(p[26:])) {
			return true
		}
		if e, ok := parseListed(window[at:]); ok && e.name != "" && slices.Contains(zipMethods, e.method) && isPlainName([]byte(e.name), maxName) {
			return true
		}
	}
}

// isPlainName reports whether p begins with a name of n bytes without control characters,
// as far as it is in sight. Programs that read zips hold their signatures among other bytes.
func isPlainName(p []byte, n uint16) bool {
	return !slices.ContainsFunc(p[:min(len(p), int(n))], func(c byte) bool { return c < ' ' || c == 0x7f })
}

// maxProgram is how long a program may be that unpacks the 7z archive behind it.
const maxProgram = 1 << 20

// sevenZipBehind is where a 7z archive begins behind a program (PE, ELF) that unpacks it;
// zero if none does. Of a stream that is no file, what is in sight is looked at.
func sevenZipBehind(t *tape, prefix []byte) int {
	if !bytes.HasPrefix(prefix, []byte("MZ")) && !bytes.HasPrefix(prefix, []byte("\x7fELF")) {
		return 0
	}
	window := t.peek(lookout)
	if t.at != nil && t.size > int64(len(window)) {
		window = make([]byte, min(t.size, maxProgram))
		n, _ := t.at.ReadAt(window, 0) // what cannot be read will be missed by who reads on
		window = window[:n]
	}
	for at := 0; ; at++ {
		i := bytes.Index(window[at:], sevenZipMagic)
		if i < 0 {
			return 0
		}
		at += i
		if h := window[at:]; len(h) >= 32 && crc32.ChecksumIEEE(h[12:32]) == binary.LittleEndian.Uint32(h[8:]) {
			return at
		}
	}
}

// sevenZipMagic begins a 7z archive; 7zFormat.txt of the LZMA SDK.
var sevenZipMagic = []byte("7z\xbc\xaf\x27\x1c")

// endsAsZip reports whether a file ends with the end record of a zip: then text
// at its beginning is a script that unpacks it, or was put there.
func endsAsZip(t *tape) bool {
	var end [22]byte
	if t.at == nil || t.size < int64(len(end)) {
		return false
	}
	n, _ := t.at.ReadAt(end[:], t.size-int64(len(end))) // what cannot be read will be missed by who reads on
	return n == len(end) && string(end[:4]) == "PK\x05\x06"
}

func containerOf(p []byte) (container, string) {
	switch {
	case isTarHeader(p):
		return tarContainer, "tar"
	case isZip(p):
		return zipContainer, "zip"
	case bytes.HasPrefix(p, sevenZipMagic):
		return sevenZipContainer, "7z"
	case bytes.HasPrefix(p, []byte(rar15Magic)), bytes.HasPrefix(p, []byte(rar50Magic)):
		return rarContainer, "rar"
	case bytes.HasPrefix(p, []byte(arMagic)):
		return arContainer, "ar"
	}
	for _, s := range signatures {
		if len(p) >= s.offset+len(s.magic) && string(p[s.offset:s.offset+len(s.magic)]) == s.magic {
			return unreadable, s.name
		}
	}
	if cpioFormOf(p) != nil {
		return cpioContainer, "cpio"
	}
	return noContainer, ""
}

// isZip recognises a local header, the marker of a split archive before one,
// and the directory's end that is all of an empty archive.
func isZip(p []byte) bool {
	if bytes.HasPrefix(p, []byte("PK\x07\x08PK\x03\x04")) || bytes.HasPrefix(p, []byte("PK00PK\x03\x04")) {
		return true
	}
	return isLocalHeaderOf(p, math.MaxUint16) || len(p) >= 22 && string(p[:4]) == "PK\x05\x06" && binary.LittleEndian.Uint16(p[8:]) == 0
}

// pretence names the codec whose magic number p begins with although its
// header does not hold.
func pretence(p []byte) string {
	switch {
	case bytes.HasPrefix(p, []byte("\x1f\x8b")):
		return "gzip"
	case bytes.HasPrefix(p, []byte(zstdKind.magic)):
		return "zstd"
	case bytes.HasPrefix(p, []byte(xzKind.magic)):
		return "xz"
	case bytes.HasPrefix(p, []byte(lz4Kind.magic)):
		return "lz4"
	case bytes.HasPrefix(p, []byte("PK\x03\x04")):
		return "zip"
	case len(p) >= 4 && bytes.HasPrefix(p, []byte("BZh")) && strings.IndexByte("123456789", p[3]) >= 0 && !looksText(p):
		return "bzip2"
	}
	return ""
}

// foreign reports whether p is nothing that could be scanned: neither text
// nor anything with a magic number.
func foreign(p []byte) bool {
	if looksText(p) {
		return false
	}
	c, _ := containerOf(p)
	if c != noContainer || bytes.HasPrefix(p, []byte("LPKSHHRH")) {
		return false
	}
	for _, k := range codecKinds {
		if k != zlibKind && k.match(p) {
			return false
		}
	}
	return true
}

// looksText reports whether p begins like text in any encoding: a byte order
// mark, or hardly any control characters.
func looksText(p []byte) bool {
	if bytes.HasPrefix(p, []byte("\xff\xfe")) || bytes.HasPrefix(p, []byte("\xfe\xff")) {
		return true
	}
	p = p[:min(len(p), 1<<10)]
	odd := 0
	for _, b := range p {
		if b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != 0x1b || b == 0x7f || b >= 0xf8 {
			odd++
		}
	}
	return odd*50 < len(p) || odd == 0
}
