package dockerevents

import (
	"bytes"
	"encoding/binary"
	"time"
)

// A sketch is where in a line a stencil would have its parts. It is a guess from
// a look at the beginning, and serves to find a stencil to compare the line with.
type sketch struct {
	hash   uint64 // of the id: where to look; 0: no stencil can be for such a line
	layout layout
	line   []byte // without a leading time
	from   int    // the action as spelled is line[from:to]
	to     int
	time   time.Time // that led a line of text
}

// A layout is how lines begin.
type layout uint8

const (
	statusFirst layout = iota // {"status":"die","id":"0fdb...
	typeFirst                 // {"Type":"container","Action":"die","Actor":{"ID":"0fdb...
	printed                   // 2025-03-01T10:00:00Z container die 0fdb... (
)

// What stands before the action, and between it and the id.
var (
	statusLead = []byte(`{"status":"`)
	typeLead   = []byte(`{"Type":"container","Action":"`)
	printLead  = []byte("container ")
)

var idBehind = [...]int{statusFirst: len(`","id":"`), typeFirst: len(`","Actor":{"ID":"`), printed: len(" ")}

const (
	hashedID = 16   // bytes from where the id begins that decide where to look
	maxLine  = 4096 // bytes of a line that may have a stencil
)

// of takes a look at a record, without blanks around it.
func (k *sketch) of(line []byte, m *minute) {
	*k = sketch{line: line}
	switch {
	case len(line) > maxLine || len(line) < 64:
		return
	case bytes.HasPrefix(line, statusLead):
		k.layout, k.from = statusFirst, len(statusLead)
	case bytes.HasPrefix(line, typeLead):
		k.layout, k.from = typeFirst, len(typeLead)
	case line[0] != '{':
		k.ofText(m)
		return
	default:
		return
	}
	if k.to = closing(line, k.from); k.to > 0 {
		k.find()
	}
}

// closing is where the string of JSON ends that begins at i; -1 if it does not.
func closing(b []byte, i int) int {
	for start := i; ; i++ {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		slants := 0
		for i-slants > start && b[i-slants-1] == '\\' {
			slants++
		}
		if slants%2 == 0 {
			return i
		}
	}
}

// ofText finds action and id in what follows the time of a line.
func (k *sketch) ofText(m *minute) {
	t, rest, ok := m.leadingStamp(k.line)
	if !ok || !bytes.HasPrefix(rest, printLead) {
		return
	}
	k.layout, k.line, k.from, k.time = printed, rest, len(printLead), t
	n := bytes.IndexByte(rest[k.from:], ' ')
	if n < 1 {
		return
	}
	if k.to = k.from + n; rest[k.to-1] != ':' {
		k.find()
		return
	}
	for at := k.to; ; at += 2 {
		n := bytes.Index(rest[at:], openAttributes)
		if n < 0 {
			return
		}
		at += n
		if id := at - 64; id > k.to && rest[id-1] == ' ' && hexadecimal(rest[id:at]) {
			k.to = id - 1
			k.find()
			return
		}
	}
}

var openAttributes = []byte(" (")

// find hashes the id.
func (k *sketch) find() {
	at := k.to + idBehind[k.layout]
	if at+hashedID > len(k.line) {
		return
	}
	h := mix(uint64(k.layout)+1, binary.LittleEndian.Uint64(k.line[at:]))
	k.hash = mix(h, binary.LittleEndian.Uint64(k.line[at+8:])) | 1
}

// action is that of the line, as spelled.
func (k *sketch) action() []byte { return k.line[k.from:k.to] }

// hexadecimal reports whether b is made of the digits of an id. What is, is
// itself in JSON and in text.
func hexadecimal(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		letter := x >> 6 & ones // of each byte: 'a' to 'f' are 0x61 to 0x66
		low := x & (0x0f * ones)
		// High halves are 3 or 6; '0' to '9' are below 0x3a, and 0x60 is no letter.
		bad := x&(0xb0*ones) ^ (0x30*ones - letter<<4)
		bad |= (low + 6*ones + 3*letter) & (0x10 * ones)
		bad |= letter &^ ((low + 0x0f*ones) >> 4)
		if bad != 0 {
			return false
		}
	}
	for _, c := range b {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

const ones = 0x0101010101010101

// decimal reports whether b is a number of JSON made of digits.
func decimal(b []byte) bool {
	if len(b) == 0 || b[0] == '0' {
		return false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
