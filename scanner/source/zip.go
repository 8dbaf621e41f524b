package source

import (
	"fmt"
	"io"
)

// zip reads an archive by its directory and by its local headers, and holds
// the one against the other: an extractor believes one of them, and what only
// the other one shows is what somebody may have wanted to hide.
func (w *walk) zip(n *node, t *tape) error {
	n.codec("zip")
	at, err := t.random()
	if err != nil {
		n.note(Remark{Code: CodeRead, Gap: true, Reason: err.Error(), Lift: "set TMPDIR to a folder with room"})
		return nil
	}
	defer at.close()
	z := &zipWalk{w: w, n: n, at: at, t: t}
	if at.full {
		all := newTape(io.MultiReader(io.NewSectionReader(at, 0, at.size), t))
		defer all.release()
		n.note(Remark{Code: CodeNoDirectory, Reason: "the archive lies in another one and is too large for random access; it was read by its local headers"})
		return z.locals(all, 0, nil)
	}
	d, ok := readDirectory(at, at.size, w.o.MaxMembers)
	if !ok {
		n.note(Remark{Code: CodeNoDirectory, Gap: !z.closed(), Offset: at.size,
			Reason: "the archive has no sound directory, as if its end were missing; it was read by its local headers",
			Lift:   "get a whole copy"})
		return z.between(0, at.size, nil)
	}
	return z.listed(d)
}

// A zipWalk reads one zip archive.
type zipWalk struct {
	w  *walk
	n  *node
	at *spill
	t  *tape // to be read along, for the digest, when at is the file itself

	links        int64
	overlaps     int
	firstOverlap int64
}

// closed reports whether there is an end record at all.
func (z *zipWalk) closed() bool {
	_, _, ok := findDirectory(z.at, z.at.size)
	return ok
}

// listed reads the members in the order in which they lie, and looks at what
// lies between them.
func (z *zipWalk) listed(d *zipDirectory) error {
	var pos int64
	for _, ref := range d.refs {
		if ref.offset > pos && isMember(z.at, ref, 0) { // where nothing is, nothing ends
			if err := z.between(pos, ref.offset, unlisted); err != nil {
				return err
			}
		} else if ref.offset < pos {
			if z.overlaps++; z.overlaps == 1 {
				z.firstOverlap = ref.offset
			}
		}
		if z.w.crowded(z.n, ref.offset) {
			break
		}
		end, err := z.entry(ref)
		if err != nil {
			return err
		}
		pos = max(pos, end)
		z.follow(pos)
	}
	z.summary()
	if pos < d.start {
		if err := z.between(pos, d.start, unlisted); err != nil {
			return err
		}
	}
	return z.between(d.end, z.at.size, nil)
}

// follow lets the digest catch up.
func (z *zipWalk) follow(to int64) {
	if z.t.at != nil {
		z.t.skip(to - z.t.offset())
	}
}

func (z *zipWalk) summary() {
	z.n.linked(z.links, 0)
	if z.overlaps > 0 {
		z.n.note(Remark{Code: CodeOverlap, Offset: z.firstOverlap,
			Reason: fmt.Sprintf("%d members begin inside another one; all were read", z.overlaps)})
	}
}

// entry reads one listed member and returns where it ends, 0 if it is not there.
func (z *zipWalk) entry(ref zipRef) (end int64, err error) {
	p := make([]byte, zipDirectoryLen+2*(1<<16))
	k, _ := z.at.ReadAt(p, ref.at)
	e, ok := parseListed(p[:k])
	if !ok {
		return 0, nil // the directory was sound when it was walked
	}
	k, _ = z.at.ReadAt(p[:zipLocalLen+2*(1<<16)], ref.offset)
	local, ok := parseLocal(p[:k])
	child := z.n.child(e.name, ref.offset)
	if length, same := localLength(p[:k], e.name); same && (!ok || local.name != e.name) {
		child.note(Remark{Code: CodeArchDamaged, Reason: "the member's header is damaged; it was read as the directory describes it"})
		local, ok = e, true
		local.length = length
	}
	if !ok {
		child.note(Remark{Code: CodeArchDamaged, Gap: true, Bytes: e.packed,
			Reason: fmt.Sprintf("there is no such member at %d, where the directory says it is", ref.offset),
			Lift:   "get an undamaged copy"})
		z.w.done(&child.member)
		return 0, nil
	}
	from := ref.offset + local.length
	end = from + e.packed + z.descriptor(from+e.packed, &e)
	switch {
	case e.link && z.pointsOnly(&e, from):
		z.links++
		return end, nil
	case e.folder() && e.packed <= zipEmpty:
		return end, nil
	}
	z.compare(child, &e, &local)
	if err := z.member(child, &e, from, e.packed); err != nil {
		return end, err
	}
	return end, z.other(&e, &local, from)
}

// compare notes where directory and local header disagree.
func (z *zipWalk) compare(child *node, e, local *zipEntry) {
	if e.name != local.name {
		child.note(Remark{Code: CodeMismatch, Reason: "the member calls itself " + show(local.name) + "; the directory has another name"})
	}
	if e.method != local.method || !local.unsized() && e.packed != local.packed {
		child.note(Remark{Code: CodeMismatch, Reason: fmt.Sprintf(
			"the directory says method %d and %d bytes, the member says %d and %d; both were read",
			e.method, e.packed, local.method, local.packed)})
	}
}

// other reads the member as its own header describes it, where that differs.
func (z *zipWalk) other(e, local *zipEntry, from int64) error {
	if e.method == local.method && (local.flags&flagDescriptor != 0 || local.packed <= e.packed) {
		return nil
	}
	child := z.n.child(local.name, from-local.length)
	packed := local.packed
	if local.unsized() {
		packed = e.packed
	}
	child.note(Remark{Code: CodeMismatch, Reason: "read as the member describes itself, which is not what the directory says"})
	return z.member(child, local, from, packed)
}

// member reads packed bytes at from.
func (z *zipWalk) member(child *node, e *zipEntry, from, packed int64) error {
	have := max(0, min(packed, z.at.size-from))
	raw := newTape(io.NewSectionReader(z.at, from, have))
	defer raw.release()
	m := z.w.openZip(child, e, raw, have)
	if m == nil {
		raw.drain()
		z.w.done(&child.member)
		return z.w.err()
	}
	defer m.close()
	return z.w.item(child, m, func() {
		if have < packed {
			child.note(Remark{Code: CodeCut, Gap: true, Offset: have, Bytes: packed - have,
				Reason: fmt.Sprintf("the archive ends %d bytes before the end of this member", packed-have),
				Lift:   "get a whole copy of the archive"})
		}
		m.verify(e.crc, e.size)
	})
}

// descriptor is the length of the data descriptor at at, section 4.3.9: with
// or without a signature, with sizes of four or eight bytes.
func (z *zipWalk) descriptor(at int64, e *zipEntry) int64 {
	if e.flags&flagDescriptor == 0 {
		return 0
	}
	var p [24]byte
	n, _ := z.at.ReadAt(p[:], at)
	return descriptorLen(p[:n])
}

// between reads what lies outside the members the directory lists. mark, which
// may be nil, is told of every member found there.
func (z *zipWalk) between(from, to int64, mark func(*node)) error {
	if from >= to {
		return nil
	}
	t := newTape(io.NewSectionReader(z.at, from, to-from))
	defer t.release()
	if zeros := t.padding(); zeros > 0 {
		z.n.note(Remark{Code: CodePadding, Offset: from, Bytes: zeros, Reason: "zero bytes that belong to no member"})
	}
	return z.locals(t, from, mark)
}

func unlisted(child *node) {
	child.note(Remark{Code: CodeUnlisted, Reason: "the directory does not list this member; it was read all the same"})
}
