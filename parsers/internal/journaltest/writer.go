// Package journaltest writes small journals for tests, object by object, as
// systemd-journald lays them out ("Journal File Format", systemd.io).
package journaltest

import (
	"encoding/binary"
	"strings"
)

// Options say how a journal is written. The zero value is the regular mode
// without compression.
type Options struct {
	Compact bool
	// Compress returns a payload as a DATA object holds it, and Flag its
	// method: 1 is xz, 2 lz4, 4 zstd. Nil: nothing is compressed.
	Compress func(payload []byte) []byte
	Flag     byte
	Online   bool // the file was not closed
	Reserve  int  // bytes reserved behind the last object
}

// An Entry is the time in microseconds since 1970 and the fields, NAME=value.
type Entry struct {
	Time   uint64
	Fields []string
}

// An Object is where an object lies in a journal.
type Object struct {
	Type      byte
	Off, Next int
	Field     string // of DATA
	Entry     int    // of ENTRY: its index
}

// The types of objects that are written.
const (
	Data       = 1
	Field      = 2
	EntryType  = 3
	DataTable  = 4
	FieldTable = 5
	EntryArray = 6
)

const headerSize = 272

// Write returns a journal of the entries, and its objects in their order.
func Write(o Options, entries ...Entry) ([]byte, []Object) {
	w := &writer{o: o, b: make([]byte, headerSize), seen: map[string]int{}}
	w.table(DataTable)
	w.table(FieldTable)
	for i, e := range entries {
		w.entry(i, e)
	}
	w.header(len(entries))
	return append(w.b, make([]byte, o.Reserve)...), w.objects
}

type writer struct {
	o       Options
	b       []byte
	objects []Object
	seen    map[string]int // offsets of data and fields
}

// begin writes the head of an object; the caller appends the rest and ends it.
func (w *writer) begin(kind, flags byte) int {
	off := len(w.b)
	w.b = append(w.b, kind, flags, 0, 0, 0, 0, 0, 0)
	w.u64(0)
	return off
}

func (w *writer) end(off int) *Object {
	binary.LittleEndian.PutUint64(w.b[off+8:], uint64(len(w.b)-off))
	for len(w.b)%8 != 0 {
		w.b = append(w.b, 0)
	}
	w.objects = append(w.objects, Object{Type: w.b[off], Off: off, Next: len(w.b)})
	return &w.objects[len(w.objects)-1]
}

func (w *writer) u64(v uint64) { w.b = binary.LittleEndian.AppendUint64(w.b, v) }

// offset writes a reference, in the width of the mode.
func (w *writer) offset(v int) {
	if w.o.Compact {
		w.b = binary.LittleEndian.AppendUint32(w.b, uint32(v))
		return
	}
	w.u64(uint64(v))
}

func (w *writer) table(kind byte) {
	off := w.begin(kind, 0)
	for range 8 {
		w.u64(0)
	}
	w.end(off)
}

func (w *writer) entry(i int, e Entry) {
	offsets := make([]int, len(e.Fields))
	for k, f := range e.Fields {
		offsets[k] = w.data(f)
	}
	off := w.begin(EntryType, 0)
	w.u64(uint64(i + 1)) // seqnum
	w.u64(e.Time)
	w.u64(uint64(i+1) * 100) // monotonic
	w.b = append(w.b, "\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11"...)
	w.u64(0xfeed) // xor of the hashes
	for _, to := range offsets {
		w.offset(to)
		if !w.o.Compact {
			w.u64(0xabcdef) // hash
		}
	}
	w.end(off).Entry = i
	array := w.begin(EntryArray, 0)
	w.u64(0)
	w.offset(off)
	w.end(array)
}

// data writes a DATA object, and the FIELD object of its name, once.
func (w *writer) data(text string) int {
	if off, ok := w.seen[text]; ok {
		return off
	}
	payload, flag := []byte(text), byte(0)
	if w.o.Compress != nil {
		payload, flag = w.o.Compress(payload), w.o.Flag
	}
	off := w.begin(Data, flag)
	for range 6 {
		w.u64(0x2a)
	}
	if w.o.Compact {
		w.u64(0)
	}
	w.b = append(w.b, payload...)
	w.end(off).Field = text
	w.seen[text] = off
	name, _, _ := strings.Cut(text, "=")
	if _, ok := w.seen[name]; !ok {
		w.seen[name] = w.begin(Field, 0)
		w.u64(1)
		w.u64(0)
		w.u64(uint64(off))
		w.b = append(w.b, name...)
		w.end(w.seen[name])
	}
	return off
}

func (w *writer) header(entries int) {
	h := w.b[:headerSize]
	copy(h, "LPKSHHRH")
	flags := uint32(4) // keyed hash
	if w.o.Compact {
		flags |= 16
	}
	switch w.o.Flag {
	case 1, 2:
		flags |= uint32(w.o.Flag)
	case 4:
		flags |= 8
	}
	binary.LittleEndian.PutUint32(h[12:], flags)
	h[16] = 2 // archived
	if w.o.Online {
		h[16] = 1
	}
	copy(h[24:], "0123456789abcdef")
	copy(h[72:], "fedcba9876543210")
	binary.LittleEndian.PutUint64(h[88:], headerSize)
	binary.LittleEndian.PutUint64(h[96:], uint64(len(w.b)-headerSize+w.o.Reserve))
	binary.LittleEndian.PutUint64(h[136:], uint64(w.objects[len(w.objects)-1].Off))
	binary.LittleEndian.PutUint64(h[144:], uint64(len(w.objects)))
	binary.LittleEndian.PutUint64(h[152:], uint64(entries))
}
