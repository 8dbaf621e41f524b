package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// locals reads members by their local headers, as they come. base is added to
// offsets that are shown.
func (z *zipWalk) locals(t *tape, base int64, mark func(*node)) error {
	for !t.ended() && !z.n.crowded {
		if err := z.local(t, base, mark); err != nil {
			return err
		}
		if z.at.file == nil && !z.at.full {
			z.follow(base + t.offset())
		}
	}
	return z.w.err()
}

// local reads what begins at the head of t: a member, a record of the directory, or bytes
// that belong to neither, up to the next member.
func (z *zipWalk) local(t *tape, base int64, mark func(*node)) error {
	p := t.peek(zipLocalLen + 2*(1<<16))
	if isLocalHeader(p) && !z.w.crowded(z.n, base+t.offset()) {
		if e, ok := parseLocal(p); ok {
			return z.streamed(t, base, &e, mark)
		}
	}
	if n := zipRecord(p); n > 0 {
		t.skip(n)
		return nil
	}
	if z.w.crowded(z.n, base+t.offset()) {
		return nil
	}
	return z.w.unnamed(z.n, base+t.offset(), &until{t: t, find: findZipAfter(1)})
}

// zipRecord is the length of a record at p that is no member: the directory
// and what ends it, or the marker of a split archive. 0 if there is none.
func zipRecord(p []byte) int64 {
	le := binary.LittleEndian
	switch {
	case len(p) >= 22 && string(p[:4]) == "PK\x05\x06":
		return 22 + int64(le.Uint16(p[20:]))
	case len(p) >= 12 && string(p[:4]) == "PK\x06\x06":
		return 12 + int64(le.Uint64(p[4:])&(1<<20-1))
	case len(p) >= 20 && string(p[:4]) == "PK\x06\x07":
		return 20
	case len(p) >= 8 && (string(p[:8]) == "PK00PK\x03\x04" || string(p[:8]) == "PK\x07\x08PK\x03\x04"):
		return 4
	case len(p) >= 12 && string(p[:4]) == "PK\x07\x08":
		return descriptorLen(p[:min(len(p), 24)])
	}
	if e, ok := parseListed(p); ok {
		return e.length
	}
	// At the very end a record may be cut off.
	for _, r := range []struct {
		magic  string
		length int
	}{{"PK\x01\x02", zipDirectoryLen + 3<<16}, {"PK\x05\x06", 22}, {"PK\x06\x06", 56}, {"PK\x06\x07", 20}, {"PK\x07\x08", 12}} {
		if bytes.HasPrefix(p, []byte(r.magic)) && len(p) < r.length {
			return int64(len(p))
		}
	}
	return 0
}

// streamed reads the member at the tape's position.
func (z *zipWalk) streamed(t *tape, base int64, e *zipEntry, mark func(*node)) error {
	at := base + t.offset()
	t.skip(e.length)
	if e.folder() && e.packed == 0 {
		return nil
	}
	child := z.n.child(e.name, at)
	if mark != nil {
		mark(child)
	}
	if e.unsized() {
		return z.endless(t, child, e)
	}
	part := &section{t: t, left: e.packed, start: t.offset()}
	err := z.part(child, e, part, e.packed, func(m *zipMember) {
		if part.left > 0 {
			child.note(Remark{Code: CodeCut, Gap: true, Offset: e.packed - part.left, Bytes: part.left,
				Reason: fmt.Sprintf("the archive ends %d bytes before the end of this member", part.left),
				Lift:   "get a whole copy of the archive"})
		}
		if e.flags&flagDescriptor == 0 || e.crc != 0 {
			m.verify(e.crc, e.size)
		}
	})
	t.skip(part.left)
	if e.flags&flagDescriptor != 0 {
		t.skip(descriptorLen(t.peek(24)))
	}
	return err
}

// part reads a member whose packed bytes r delivers.
func (z *zipWalk) part(child *node, e *zipEntry, r io.Reader, packed int64, ended func(*zipMember)) error {
	raw := newTape(r)
	defer raw.release()
	m := z.w.openZip(child, e, raw, packed)
	if m == nil {
		raw.drain()
		z.w.done(&child.member)
		return z.w.err()
	}
	defer m.close()
	err := z.w.item(child, m, func() { ended(m) })
	raw.drain()
	return err
}

// endless reads a member that does not say how long it is. Deflated data ends
// by itself; of other data the end is where the descriptor's signature is.
func (z *zipWalk) endless(t *tape, child *node, e *zipEntry) error {
	if e.method == zipDeflate && !e.encrypted() {
		return z.inflated(t, child)
	}
	stop := &until{t: t, find: findZipAfter(0)}
	return z.part(child, e, stop, -1, func(m *zipMember) {
		if p := t.peek(16); len(p) == 16 && string(p[:4]) == "PK\x07\x08" {
			m.verify(binary.LittleEndian.Uint32(p[4:]), m.got)
			t.skip(descriptorLen(t.peek(24)))
		} else if t.ended() {
			child.note(Remark{Code: CodeCut, Gap: true, Offset: m.got,
				Reason: "the archive ends inside this member, or right behind it", Lift: "get a whole copy of the archive"})
		}
	})
}

// inflated reads a deflated member whose length only its end tells, and holds it against
// the descriptor behind it, if there is one.
func (z *zipWalk) inflated(t *tape, child *node) error {
	l := z.w.layer(t, deflateKind, child.note)
	m := &zipMember{n: child, r: l, layer: l, sum: newCRC()}
	defer m.close()
	err := z.w.item(child, m, func() {
		if l.cut {
			return
		}
		p := t.peek(24)
		if len(p) >= 12 {
			sum := p
			if string(p[:4]) == "PK\x07\x08" {
				sum = p[4:]
			}
			m.verify(binary.LittleEndian.Uint32(sum), m.got)
			t.skip(descriptorLen(p))
		}
	})
	if l.cut {
		t.seek(findZipAfter(0))
	}
	return err
}

// descriptorLen finds out which of its four forms a data descriptor has: what
// must follow it is a signature or nothing.
func descriptorLen(p []byte) int64 {
	for _, n := range []int{16, 24, 12, 20} {
		signed := bytes.HasPrefix(p, []byte("PK\x07\x08"))
		if signed != (n == 16 || n == 24) || len(p) < n {
			continue
		}
		if rest := p[n:]; len(rest) < 2 || string(rest[:2]) == "PK" {
			return int64(n)
		}
	}
	if bytes.HasPrefix(p, []byte("PK\x07\x08")) {
		return min(16, int64(len(p)))
	}
	return 0
}

// findZipAfter is the finder of the next record, from the given byte on.
func findZipAfter(skip int) finder {
	return func(window []byte, whole bool) (int, bool) {
		from := min(skip, len(window))
		skip = 0
		for at := from; ; at++ {
			i := bytes.Index(window[at:], []byte("PK"))
			if i < 0 {
				return max(from, len(window)-overlap(whole, zipDirectoryLen)), false
			}
			at += i
			p := window[at:]
			if isLocalHeader(p) || bytes.HasPrefix(p, []byte("PK\x01\x02")) || bytes.HasPrefix(p, []byte("PK\x05\x06")) || bytes.HasPrefix(p, []byte("PK\x07\x08")) {
				return at, true
			}
			if !whole && len(p) < zipDirectoryLen {
				return max(from, at), false
			}
		}
	}
}
