package source

import (
	"bytes"
	"strconv"
	"strings"
)

const tarBlock = 512

// A tarHeader is what matters here of a header block: POSIX.1-2017 pax
// (ustar), the GNU dialect, and the oldest form, which has no magic number.
type tarHeader struct {
	name   string
	size   int64 // of the data that follows
	flag   byte
	sparse bool // GNU, old form: the map goes on in blocks of its own
	more   bool // the map does not end in this block
	real   int64
}

// isTarHeader reports whether p begins with a header whose checksum holds.
// (The checksum of a block of zeros is never that of its empty field.)
func isTarHeader(p []byte) bool {
	if len(p) < tarBlock || p[0] == 0 && !bytes.HasPrefix(p[257:], []byte("ustar")) {
		return false
	}
	want, ok := tarNumber(p[148:156])
	if !ok {
		return false
	}
	var unsigned, signed int64
	for i, b := range p[:tarBlock] {
		if i >= 148 && i < 156 {
			b = ' '
		}
		unsigned += int64(b)
		signed += int64(int8(b))
	}
	return want > 0 && (want == unsigned || want == signed)
}

// tarNumber reads a number: octal with spaces or NULs around it, or base 256
// when the first bit is set.
func tarNumber(p []byte) (int64, bool) {
	if p[0]&0x80 != 0 {
		var v uint64
		for i, b := range p {
			if i == 0 {
				b &= 0x7f
			}
			if v>>55 != 0 {
				return 0, false
			}
			v = v<<8 | uint64(b)
		}
		return int64(v), p[0]&0x40 == 0
	}
	text := strings.Trim(string(p), " \x00")
	if i := strings.IndexByte(text, 0); i >= 0 {
		text = text[:i]
	}
	if text == "" {
		return 0, true
	}
	v, err := strconv.ParseUint(strings.TrimRight(text, " "), 8, 63)
	return int64(v), err == nil
}

func tarString(p []byte) string {
	if i := bytes.IndexByte(p, 0); i >= 0 {
		p = p[:i]
	}
	return string(p)
}

// parseTarHeader reads a block for which isTarHeader holds. ok is false when
// its size makes no sense.
func parseTarHeader(p []byte) (h tarHeader, ok bool) {
	h.size, ok = tarNumber(p[124:136])
	h.flag = p[156]
	h.name = tarString(p[:100])
	switch string(p[257:263]) {
	case "ustar\x00":
		if prefix := tarString(p[345:500]); prefix != "" {
			h.name = prefix + "/" + h.name
		}
	case "ustar ":
		if h.flag == 'S' {
			h.sparse = true
			h.more = p[482] != 0
			h.real, _ = tarNumber(p[483:495])
		}
	}
	return h, ok && h.size >= 0
}

// hasData reports whether data of the header's size follows. Links and
// devices have none, whatever their size says.
func (h *tarHeader) hasData() bool {
	switch h.flag {
	case '1', '2', '3', '4', '5', '6':
		return false
	}
	return true
}

// paxRecords override fields of the next header, POSIX.1-2017 pax.
type paxRecords map[string]string

// parsePax reads "length key=value\n" records, and returns what is none.
func parsePax(p []byte) (paxRecords, []byte) {
	out := paxRecords{}
	for len(p) > 0 {
		sp := bytes.IndexByte(p, ' ')
		if sp <= 0 || sp > 19 {
			break
		}
		n, err := strconv.Atoi(string(p[:sp]))
		if err != nil || n <= sp+1 || n > len(p) {
			break
		}
		if key, value, ok := strings.Cut(strings.TrimSuffix(string(p[sp+1:n]), "\n"), "="); ok {
			out[key] = value
		}
		p = p[n:]
	}
	return out, p
}

// apply overrides what the records name. sparse1 is the form whose map is at
// the head of the data.
func (r paxRecords) apply(h *tarHeader) (sparse1 bool) {
	if v, ok := r["path"]; ok {
		h.name = v
	}
	if v, ok := r["GNU.sparse.name"]; ok {
		h.name = v
	}
	if n, err := strconv.ParseInt(r["size"], 10, 64); err == nil && n >= 0 {
		h.size = n
	}
	for _, key := range []string{"GNU.sparse.realsize", "GNU.sparse.size"} {
		if n, err := strconv.ParseInt(r[key], 10, 64); err == nil && n >= 0 {
			h.sparse, h.real = true, n
		}
	}
	return r["GNU.sparse.major"] == "1" && r["GNU.sparse.minor"] == "0"
}

// findTarHeader is the finder of headers that are on a block boundary or have
// a magic number. Behind damage nothing is on a boundary any more.
func findTarHeader(window []byte, whole bool) (int, bool) {
	magic := []byte("ustar")
	for at := 0; ; {
		i := bytes.Index(window[at:], magic)
		if i < 0 {
			break
		}
		at += i
		if at >= 257 && len(window)-(at-257) < tarBlock && !whole {
			return at - 257, false
		}
		if at >= 257 && isTarHeader(window[at-257:]) {
			return at - 257, true
		}
		at++
	}
	return max(0, len(window)-overlap(whole, tarBlock-1)), false
}

// findAlignedTarHeader finds headers without a magic number too. window must
// begin on a block boundary.
func findAlignedTarHeader(window []byte, whole bool) (int, bool) {
	n, found := findTarHeader(window, whole)
	for at := 0; at+tarBlock <= len(window) && at < n; at += tarBlock {
		if isTarHeader(window[at:]) {
			return at, true
		}
	}
	if !found && !whole {
		n &^= tarBlock - 1
	}
	return n, found
}
