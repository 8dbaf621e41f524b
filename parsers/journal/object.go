package journal

import (
	"bytes"
	"encoding/binary"
)

// An object is the head of an object in the file.
type object struct {
	kind  byte
	flags byte
	off   int64 // where it begins
	size  int64 // as it says, without what aligns the next
}

// next is where the object behind it begins.
func (o object) next() int64 { return align(o.off + o.size) }

// minSize is the size of the smallest object of a type.
var minSize = [types]int64{
	typeData: 65, typeField: fieldHead + 1, typeEntry: entryHead + 4, typeDataHashTable: headSize, typeFieldHashTable: headSize,
	typeEntryArray: arrayHead, typeTag: tagSize,
}

// maxSize is what no object reaches, so that sums cannot overflow.
const maxSize = 1 << 50

// head reads the head of an object. It reports whether there can be one; its
// size may still go beyond the end of the file.
func (c *Cutter) head(off int64) (object, bool) {
	return readHead(off, c.store.at(off, headSize))
}

func readHead(off int64, b []byte) (object, bool) {
	if len(b) < headSize {
		return object{}, false
	}
	o := object{kind: b[0], flags: b[1], off: off, size: int64(binary.LittleEndian.Uint64(b[8:]))}
	if o.kind == typeUnused || o.kind >= types || !zero(b[2:8]) || o.size < minSize[o.kind] || o.size > maxSize {
		return o, false
	}
	switch compression(o.flags) {
	case plain:
		return o, true
	case xz, lz4, zstd:
		return o, o.kind == typeData
	}
	return o, false
}

// ends reports whether off is where an object may end: another begins, nothing
// was written yet, or the file is over.
func (c *Cutter) ends(off int64) bool {
	if off >= c.store.size {
		return off <= align(c.store.size)
	}
	b := c.store.glance(off)
	if zero(b) {
		return true
	}
	_, ok := readHead(off, b)
	return ok
}

// sound reports whether o is an object by its content and by what follows it.
func (c *Cutter) sound(o object) bool {
	return o.off+o.size <= c.store.size && c.likely(o) && c.ends(o.next())
}

// likely reports whether o has the content of its type. Hash tables have none to
// tell them by; they stand at the beginning of a file, before everything else.
func (c *Cutter) likely(o object) bool {
	switch o.kind {
	case typeData:
		return compression(o.flags) != plain || fieldName(c.store.at(o.off+c.layout.payload, min(o.size-c.layout.payload, maxName+1))) > 0
	case typeField:
		return validName(c.store.at(o.off+fieldHead, min(o.size-fieldHead, maxName)))
	case typeEntry:
		return (o.size-entryHead)%c.layout.item == 0 && c.refers(o.off+entryHead, o.off)
	case typeEntryArray:
		return (o.size-arrayHead)%c.layout.slot == 0 && c.refers(o.off+arrayHead, c.store.size)
	case typeTag:
		return o.size == tagSize
	}
	return false
}

// refers reports whether what stands at off is the offset of something before
// limit.
func (c *Cutter) refers(off, limit int64) bool {
	b := c.store.at(off, c.layout.slot)
	if int64(len(b)) < c.layout.slot {
		return false
	}
	to := c.layout.offset(b)
	return to%8 == 0 && to >= int64(len(magic)) && to < limit
}

// resync returns where the next sound object begins, from off on, or the end
// of the file.
func (c *Cutter) resync(off int64) int64 {
	for off = align(off); off < c.store.size; off += 8 {
		if o, ok := c.head(off); ok && c.sound(o) {
			return off
		}
	}
	return c.store.size
}

// zeros returns where the NULs that begin at off end, at a place where an
// object could be.
func (c *Cutter) zeros(off int64) int64 {
	for off < c.store.size {
		b := c.store.at(off, pageSize-off%pageSize)
		rest := bytes.TrimLeft(b, "\x00")
		if len(b) == 0 {
			break
		}
		off += int64(len(b) - len(rest))
		if len(rest) > 0 {
			return off &^ 7
		}
	}
	return c.store.size
}

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// maxName is the longest name that journald lets a field have.
const maxName = 64

// fieldName returns the length of the name that payload begins with, 0 if
// there is none.
func fieldName(payload []byte) int {
	i := bytes.IndexByte(payload[:min(len(payload), maxName+1)], '=')
	if i <= 0 || !validName(payload[:i]) {
		return 0
	}
	return i
}

// validName holds a name against the rules of sd_journal_print(3).
func validName(name []byte) bool {
	for _, c := range name {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return len(name) > 0
}
