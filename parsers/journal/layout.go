package journal

import (
	"bytes"
	"encoding/binary"
)

// magic is what every journal file begins with.
const magic = "LPKSHHRH"

// Is reports whether a stream that begins with prefix is a journal. What is
// shorter than a header holds nothing, and what has no NUL in its place is text
// that begins with the same letters.
func Is(prefix []byte) bool {
	return len(prefix) >= minHeader && string(prefix[:len(magic)]) == magic && bytes.IndexByte(prefix[:minHeader], 0) > 0
}

// Flags of the header that change how objects are read.
const (
	flagXZ      = 1 << 0
	flagLZ4     = 1 << 1
	flagKeyed   = 1 << 2 // the hash function: not used here
	flagZSTD    = 1 << 3
	flagCompact = 1 << 4

	knownFlags = flagXZ | flagLZ4 | flagKeyed | flagZSTD | flagCompact
)

// stateOnline is the state of a file that is being written, or was when its
// machine went down.
const stateOnline = 1

// Sizes of the header: of the first version, and more than any has.
const (
	minHeader = 208
	maxHeader = 4 << 10
)

// A header is what is used of the header of a file. Damaged: it cannot be
// believed, and objects are looked for from its magic on.
type header struct {
	size       int64
	flags      uint32
	state      byte
	seqnumID   [16]byte
	tailObject int64 // offset of the last object; 0 if unknown
	entries    int64 // in the file
	damaged    bool
}

func parseHeader(b []byte) header {
	if len(b) < minHeader {
		return header{size: int64(len(magic)), damaged: true}
	}
	h := header{
		flags:      binary.LittleEndian.Uint32(b[12:]),
		state:      b[16],
		size:       int64(binary.LittleEndian.Uint64(b[88:])),
		tailObject: int64(binary.LittleEndian.Uint64(b[136:])),
		entries:    int64(binary.LittleEndian.Uint64(b[152:])),
	}
	copy(h.seqnumID[:], b[72:])
	if h.size < minHeader || h.size > maxHeader || h.size%8 != 0 {
		h.size, h.damaged = int64(len(magic)), true
	}
	if h.tailObject < 0 || h.entries < 0 {
		h.tailObject, h.entries, h.damaged = 0, 0, true
	}
	return h
}

// A layout is what differs between the regular and the compact mode: in the
// latter, offsets are 32 bits wide and entries do not repeat hashes.
type layout struct {
	payload int64 // where the payload of a DATA object begins
	item    int64 // size of an item of an ENTRY
	slot    int64 // size of an item of an ENTRY_ARRAY
}

func (h *header) layout() layout {
	if h.flags&flagCompact != 0 {
		return layout{payload: 72, item: 4, slot: 4}
	}
	return layout{payload: 64, item: 16, slot: 8}
}

// offset reads an item of an ENTRY or an ENTRY_ARRAY.
func (l layout) offset(b []byte) int64 {
	if l.slot == 4 {
		return int64(binary.LittleEndian.Uint32(b))
	}
	return int64(binary.LittleEndian.Uint64(b))
}

// The types of objects.
const (
	typeUnused = iota
	typeData
	typeField
	typeEntry
	typeDataHashTable
	typeFieldHashTable
	typeEntryArray
	typeTag
	types
)

// headSize is the size of what every object begins with, entryHead of what
// every ENTRY begins with; fieldHead where the name in a FIELD begins.
const (
	headSize  = 16
	entryHead = 64
	fieldHead = 40
	arrayHead = 24
	tagSize   = 64
)

// compression is the method of a DATA object's payload, a flag of the object.
type compression byte

const (
	plain compression = 0
	xz    compression = 1
	lz4   compression = 2
	zstd  compression = 4
)

// align is the next place where an object can begin.
func align(n int64) int64 { return (n + 7) &^ 7 }
