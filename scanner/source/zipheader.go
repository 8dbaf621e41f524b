package source

import (
	"cmp"
	"encoding/binary"
	"io"
	"slices"
)

// A zipEntry is one member as a local header or the directory describes it;
// APPNOTE.TXT 6.3.10, sections 4.3.7 and 4.3.12.
type zipEntry struct {
	name   string
	flags  uint16
	method uint16
	time   uint16
	crc    uint32
	packed int64
	size   int64
	offset int64  // of the local header; directory only
	disk   uint16 // that offset is of this piece; directory only
	link   bool   // a symbolic link; directory only
	aes    *zipAES
	length int64 // of the header itself
}

const (
	zipLocalLen     = 30
	zipDirectoryLen = 46

	flagEncrypted  = 1 << 0
	flagDescriptor = 1 << 3
	flagStrong     = 1 << 6
)

// zipMethods are the compression methods of section 4.4.5 that exist.
var zipMethods = []uint16{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 19, 20, 93, 94, 95, 96, 97, 98, 99}

func (e *zipEntry) encrypted() bool { return e.flags&flagEncrypted != 0 }

// unsized reports whether the sizes are behind the data.
func (e *zipEntry) unsized() bool { return e.flags&flagDescriptor != 0 && e.packed == 0 }

func (e *zipEntry) folder() bool {
	return len(e.name) > 0 && e.name[len(e.name)-1] == '/' && e.size == 0
}

// isLocalHeader reports whether p begins with a local header that makes sense.
func isLocalHeader(p []byte) bool { return isLocalHeaderOf(p, maxName) }

// isLocalHeaderOf is isLocalHeader for a name of at most so many bytes. Among
// arbitrary bytes only short ones are believed.
func isLocalHeaderOf(p []byte, most uint16) bool {
	if len(p) < zipLocalLen || string(p[:4]) != "PK\x03\x04" {
		return false
	}
	le := binary.LittleEndian
	name := le.Uint16(p[26:])
	return p[4] <= 100 && slices.Contains(zipMethods, le.Uint16(p[8:])) && name > 0 && name <= most
}

// parseLocal reads a local header with its name and extra fields.
func parseLocal(p []byte) (zipEntry, bool) {
	le := binary.LittleEndian
	if len(p) < zipLocalLen || string(p[:4]) != "PK\x03\x04" {
		return zipEntry{}, false
	}
	name, extra := int(le.Uint16(p[26:])), int(le.Uint16(p[28:]))
	e := zipEntry{
		flags: le.Uint16(p[6:]), method: le.Uint16(p[8:]), time: le.Uint16(p[10:]), crc: le.Uint32(p[14:]),
		packed: int64(le.Uint32(p[18:])), size: int64(le.Uint32(p[22:])),
		length: int64(zipLocalLen + name + extra),
	}
	if int64(len(p)) < e.length {
		return e, false
	}
	e.name = string(p[zipLocalLen : zipLocalLen+name])
	e.extra(p[zipLocalLen+name : e.length])
	return e, true
}

// parseListed reads a directory header, comment included.
func parseListed(p []byte) (zipEntry, bool) {
	le := binary.LittleEndian
	if len(p) < zipDirectoryLen || string(p[:4]) != "PK\x01\x02" {
		return zipEntry{}, false
	}
	name, extra, comment := int(le.Uint16(p[28:])), int(le.Uint16(p[30:])), int(le.Uint16(p[32:]))
	e := zipEntry{
		flags: le.Uint16(p[8:]), method: le.Uint16(p[10:]), time: le.Uint16(p[12:]), crc: le.Uint32(p[16:]),
		packed: int64(le.Uint32(p[20:])), size: int64(le.Uint32(p[24:])), offset: int64(le.Uint32(p[42:])),
		length: int64(zipDirectoryLen + name + extra + comment),
	}
	const unix, typeMask, typeLink = 3, 0xf000, 0xa000
	e.disk = le.Uint16(p[34:])
	e.link = p[5] == unix && le.Uint32(p[38:])>>16&typeMask == typeLink
	if len(p) < zipDirectoryLen+name+extra {
		return e, false
	}
	e.name = string(p[zipDirectoryLen : zipDirectoryLen+name])
	e.extra(p[zipDirectoryLen+name : zipDirectoryLen+name+extra])
	return e, true
}

// extra reads the extra fields that matter: ZIP64 (4.5.3), in which stand, in
// this order, those of the sizes and the offset that did not fit; and AES.
func (e *zipEntry) extra(p []byte) {
	le := binary.LittleEndian
	for len(p) >= 4 {
		id, n := le.Uint16(p), int(le.Uint16(p[2:]))
		if p = p[4:]; n > len(p) {
			return
		}
		field := p[:n]
		p = p[n:]
		switch id {
		case 0x0001:
			for _, v := range []*int64{&e.size, &e.packed, &e.offset} {
				if *v == 1<<32-1 && len(field) >= 8 {
					*v = int64(le.Uint64(field) &^ (1 << 63))
					field = field[8:]
				}
			}
		case 0x9901:
			if len(field) >= 7 {
				e.aes = &zipAES{strength: field[4], method: le.Uint16(field[5:])}
			}
		}
	}
}

// A zipDirectory is where the entries of the central directory lie. Names are
// not held: they are read again when their turn comes.
type zipDirectory struct {
	refs  []zipRef
	base  int64 // what is to be added to offsets: something was put before the archive, or into it
	disks bool  // offsets are within the pieces that it came in
	start int64 // of the directory
	end   int64 // behind everything
}

type zipRef struct {
	offset int64 // of the local header, base included
	at     int64 // of the directory header
}

// readDirectory finds and walks the directory, and gives up on one that is
// not sound from end to end.
func readDirectory(r io.ReaderAt, size int64, most int) (*zipDirectory, bool) {
	d, length, ok := findDirectory(r, size)
	if !ok {
		return nil, false
	}
	t := newTape(io.NewSectionReader(r, d.start, length))
	defer t.release()
	for t.offset() < length {
		e, ok := parseListed(t.peek(zipDirectoryLen + 3*(1<<16)))
		if !ok {
			return nil, false
		}
		d.refs = append(d.refs, zipRef{e.offset + d.baseOf(r, e.disk), d.start + t.offset()})
		if len(d.refs) > most {
			break
		}
		if t.skip(e.length) < e.length {
			return nil, false
		}
	}
	slices.SortStableFunc(d.refs, byOffset)
	return d, d.settle(r)
}

// baseOf is what is to be added to an offset within a piece. That in the end record is
// within one, too, so that base is no use for those.
func (d *zipDirectory) baseOf(r io.ReaderAt, disk uint16) int64 {
	if s, ok := r.(*spill); ok {
		r = s.ReaderAt
	}
	if j, ok := r.(*joint); ok && d.disks && int(disk) < len(j.pieces) {
		return j.pieces[disk].at
	}
	return d.base
}

// settle makes sure that the directory is one of what lies before it: members must be
// where it says. If nothing says so of the first few, the archive is none of its. Where
// offsets are off, bytes were put before the archive, and all members are as far off; or
// bytes were put into it or taken out, and those before that place are not; or the offset
// in the end record is wrong, and none is.
func (d *zipDirectory) settle(r io.ReaderAt) bool {
	here := func(ref zipRef) bool { return isMember(r, ref, 0) }
	if d.base == 0 || d.disks {
		return len(d.refs) == 0 || slices.ContainsFunc(d.refs[:min(len(d.refs), 5)], here)
	}
	found := len(d.refs) == 0
	for i, ref := range d.refs {
		if here(ref) {
			found = true
		} else if isMember(r, ref, d.base) {
			d.refs[i].offset -= d.base
			found = true
		}
	}
	slices.SortStableFunc(d.refs, byOffset)
	return found
}

func byOffset(a, b zipRef) int { return cmp.Compare(a.offset, b.offset) }

// isMember reports whether a member's header lies where the directory says,
// less base: it is sound, or at least has the name.
func isMember(r io.ReaderAt, ref zipRef, base int64) bool {
	p := make([]byte, zipLocalLen+maxName)
	n, _ := r.ReadAt(p, ref.offset-base) // what is missing shows in n
	if isLocalHeader(p[:n]) {
		return true
	}
	listed := make([]byte, zipDirectoryLen+maxName)
	k, _ := r.ReadAt(listed, ref.at)
	name := listed[min(k, zipDirectoryLen):k]
	if k > zipDirectoryLen {
		name = name[:min(len(name), int(binary.LittleEndian.Uint16(listed[28:])))]
	}
	_, same := localLength(p[:n], string(name))
	return same
}

// localLength is the length of the local header p of a member the directory
// calls name: also if its signature or the length of its name are damaged.
func localLength(p []byte, name string) (int64, bool) {
	if len(name) == 0 || len(p) < zipLocalLen+len(name) || string(p[zipLocalLen:zipLocalLen+len(name)]) != name {
		return 0, false
	}
	return int64(zipLocalLen + len(name) + int(binary.LittleEndian.Uint16(p[28:]))), true
}

// findDirectory reads the end record, section 4.3.16, and its ZIP64 form.
func findDirectory(r io.ReaderAt, size int64) (d *zipDirectory, length int64, ok bool) {
	const record = 22
	tail := make([]byte, min(size, record+1<<16))
	if n, err := r.ReadAt(tail, size-int64(len(tail))); n < len(tail) && err != nil {
		return nil, 0, false
	}
	le := binary.LittleEndian
	for i := len(tail) - record; i >= 0; i-- {
		p := tail[i:]
		if string(p[:4]) != "PK\x05\x06" || record+int(le.Uint16(p[20:])) > len(p) {
			continue
		}
		at := size - int64(len(tail)-i)
		d = &zipDirectory{end: at + record + int64(le.Uint16(p[20:]))}
		length = int64(le.Uint32(p[12:]))
		offset := int64(le.Uint32(p[16:]))
		if n, o, end, found := zip64End(r, tail, i, at); found {
			length, offset, at = n, o, end
		}
		d.start = at - length
		d.base = d.start - offset
		d.disks = le.Uint16(p[4:]) > 0
		if length >= 0 && d.start >= 0 {
			return d, length, true
		}
	}
	return nil, 0, false
}

// zip64End follows the locator before the end record, sections 4.3.14 and 15.
// at is where the record lies that ends the directory.
func zip64End(r io.ReaderAt, tail []byte, i int, end int64) (length, offset, at int64, ok bool) {
	const locator, record = 20, 56
	le := binary.LittleEndian
	if i < locator || string(tail[i-locator:i-locator+4]) != "PK\x06\x07" {
		return 0, 0, 0, false
	}
	said := int64(le.Uint64(tail[i-locator+8:]))
	p := make([]byte, record)
	// With something before the archive it is not where it says: then it is
	// taken to lie right before the locator.
	for _, at := range []int64{said, end - locator - record} {
		if at < 0 {
			continue
		}
		if n, _ := r.ReadAt(p, at); n == record && string(p[:4]) == "PK\x06\x06" {
			return int64(le.Uint64(p[40:])), int64(le.Uint64(p[48:])), at, true
		}
	}
	return 0, 0, 0, false
}
