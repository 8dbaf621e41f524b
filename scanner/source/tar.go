package source

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A tarWalk reads one tar archive from a tape, to the real end: end markers
// are passed over, because archives are concatenated; a bad header costs what
// lies before the next good one, and that is scanned as a stream of its own.
//
// The standard library's reader is not used: it stops at the first bad header
// and at the first end marker, and gives sparse files as their zeros.
type tarWalk struct {
	w *walk
	n *node
	t *tape

	name   string // from a GNU long name header, for the next one
	pax    paxRecords
	global paxRecords

	start  int64 // where the archive begins on the tape
	zeros  int64 // bytes of zero blocks just read
	links  int64
	others int64
	firstL int64
	firstO int64
}

// maxTarMeta is how much of a long name or of pax records is read.
const maxTarMeta = 1 << 20

func (w *walk) tar(n *node, t *tape) error {
	n.codec("tar")
	a := &tarWalk{w: w, n: n, t: t, start: t.offset()}
	for !t.ended() && !n.crowded {
		if err := a.next(); err != nil {
			return err
		}
	}
	if a.zeros == 0 && !n.crowded && t.failure() == nil {
		n.note(Remark{Code: CodeNoEnd, Offset: t.offset(),
			Reason: "the archive lacks the zero blocks that end one: it may have been cut between two members, and more may have followed"})
	}
	a.summary()
	return w.err()
}

// next reads one header and what belongs to it.
func (a *tarWalk) next() error {
	block := a.t.peek(tarBlock)
	switch {
	case len(bytes.Trim(block, "\x00")) == 0:
		a.zeros += a.t.skip(int64(len(block)))
		return nil
	case !isTarHeader(block):
		return a.junk()
	}
	h, ok := parseTarHeader(block)
	if !ok {
		return a.junk()
	}
	at := a.t.offset()
	a.zeros = 0
	a.t.skip(tarBlock)
	return a.entry(at, h)
}

func (a *tarWalk) entry(at int64, h tarHeader) error {
	switch h.flag {
	case 'L', 'K', 'x', 'X', 'g':
		return a.meta(h)
	}
	sparse1 := false
	if a.name != "" {
		h.name = a.name
	}
	if a.global != nil {
		a.global.apply(&h)
	}
	if a.pax != nil {
		sparse1 = a.pax.apply(&h)
	}
	a.name, a.pax = "", nil
	if !h.hasData() {
		a.count(at, h.flag)
		return nil
	}
	// What a type of GNU's calls a list of names (D), a label (V) or the rest of
	// a file on another tape (M) is read too if there is any: its header may lie.
	if h.size == 0 && (strings.IndexByte("DVM", h.flag) >= 0 || strings.HasSuffix(h.name, "/")) {
		return nil
	}
	return a.file(at, h, sparse1)
}

// count keeps links and devices for the summary. They are never followed.
func (a *tarWalk) count(at int64, flag byte) {
	switch flag {
	case '1', '2':
		if a.links++; a.links == 1 {
			a.firstL = at
		}
	case '3', '4', '6':
		if a.others++; a.others == 1 {
			a.firstO = at
		}
	}
}

func (a *tarWalk) summary() {
	a.n.linked(a.links, a.firstL)
	if a.others > 0 {
		a.n.note(Remark{Code: CodeSpecial, Offset: a.firstO,
			Reason: fmt.Sprintf("%d devices or pipes in the archive; they have no content", a.others)})
	}
}

// meta reads a header that only tells about the next one. One that claims more
// than names or attributes can be is not believed: what follows is looked
// through like any bytes behind a damaged header, and so is what it holds
// besides.
func (a *tarWalk) meta(h tarHeader) error {
	if h.size > maxTarMeta {
		a.n.note(Remark{Code: CodeArchDamaged, Offset: a.t.offset(),
			Reason: fmt.Sprintf("a name or attribute of %d bytes is not believed; what follows was read for what it is", h.size)})
		return nil
	}
	at := a.t.offset()
	s := a.section(h.size)
	text, _ := io.ReadAll(s) // at most maxTarMeta bytes; a cut shows in what is left
	if s.left > 0 {
		a.n.note(Remark{Code: CodeCut, Gap: true, Offset: a.t.offset(), Bytes: int64(len(text)),
			Reason: fmt.Sprintf("the archive ends or is damaged inside a name or attribute of %d bytes, or its size is wrong", h.size),
			Lift:   "get a whole copy of the archive"})
	} else {
		a.align(h.size)
	}
	rest := a.keep(h.flag, text)
	if len(bytes.Trim(rest, "\x00")) == 0 || a.w.crowded(a.n, at) {
		return nil
	}
	return a.w.unnamed(a.n, at+int64(len(text)-len(rest)), bytes.NewReader(rest))
}

// keep remembers what a header tells about the next one, and returns what of
// its text is neither a name nor an attribute.
func (a *tarWalk) keep(flag byte, text []byte) (rest []byte) {
	switch flag {
	case 'x', 'X':
		a.pax, rest = parsePax(text)
	case 'g':
		a.global, rest = parsePax(text)
	default:
		name := tarString(text)
		if flag == 'L' {
			a.name = name
		}
		if rest = text[len(name):]; len(name) > maxName {
			rest = text
		}
	}
	return rest
}

// align skips the padding behind n bytes of data.
func (a *tarWalk) align(n int64) {
	if pad := -n & (tarBlock - 1); pad > 0 && n > 0 {
		s := a.section(pad)
		s.left -= a.t.skip(s.room(pad))
	}
}

// file hands a member out.
func (a *tarWalk) file(at int64, h tarHeader, sparse1 bool) error {
	if a.w.crowded(a.n, at) {
		return nil
	}
	child := a.n.child(h.name, at)
	left := h.size
	if h.sparse {
		left -= a.sparse(child, h, sparse1)
	}
	s := a.section(max(0, left))
	if err := a.w.item(child, s, func() { s.finish(child, h.size) }); err != nil {
		return err
	}
	if s.left == 0 {
		a.align(h.size)
	}
	return nil
}

// sparse passes over the map of a sparse member and returns the bytes of its
// data that the map took. Holes are left out of the stream: their number is
// the archive's word, and a terabyte of them costs two kilobytes.
func (a *tarWalk) sparse(child *node, h tarHeader, inData bool) int64 {
	var used int64
	for h.more {
		block := a.t.peek(tarBlock)
		if len(block) < tarBlock {
			break
		}
		h.more = block[504] != 0
		a.t.skip(tarBlock)
	}
	if inData {
		used = a.sparseMap(h.size)
	}
	child.note(Remark{Code: CodeSparse, Bytes: max(0, h.real-(h.size-used)),
		Reason: "a sparse file: its holes were left out, so offsets count the data only"})
	return used
}

// sparseMap passes over the map of the GNU form 1.0: decimal numbers, one a
// line, the first of them the number of pairs, filled up to a block.
func (a *tarWalk) sparseMap(size int64) int64 {
	const most = 1 << 30
	var used, lines, pairs int64
	for want := int64(1); lines < want && used < size && !a.t.ended(); {
		block := a.t.peek(tarBlock)
		for _, b := range block {
			if lines == 0 && b >= '0' && b <= '9' && pairs < most {
				pairs = pairs*10 + int64(b-'0')
			}
			if b == '\n' {
				lines++
				want = 1 + 2*pairs
			}
		}
		used += a.t.skip(int64(len(block)))
	}
	return min(used, size)
}

// junk hands out what lies before the next header as a stream.
func (a *tarWalk) junk() error {
	at := a.t.offset()
	if a.w.crowded(a.n, at) {
		return nil
	}
	find := finder(findTarHeader)
	if (at-a.start)%tarBlock == 0 && len(a.t.breaks()) == 0 {
		find = findAlignedTarHeader
	}
	a.name, a.pax = "", nil
	if n, found := find(a.t.peek(lookout), false); n == 0 && found {
		// A header that is sound but for its size.
		a.t.skip(tarBlock)
	}
	return a.w.unnamed(a.n, at, &until{t: a.t, find: find})
}

func (a *tarWalk) section(n int64) *section {
	return &section{t: a.t, left: n, start: a.t.offset()}
}

// A section reads a number of bytes of a tape, but not over a break: behind
// one lie other bytes than those that were meant.
type section struct {
	t     *tape
	left  int64
	start int64
}

// room is how many of n buffered bytes belong to the section.
func (s *section) room(n int64) int64 {
	n = min(n, s.left)
	at := s.t.offset()
	breaks := s.t.breaks()
	i, here := slices.BinarySearch(breaks, at)
	if here && at > s.start {
		return 0
	}
	if here {
		i++
	}
	if i < len(breaks) {
		n = min(n, breaks[i]-at)
	}
	return n
}

func (s *section) Read(p []byte) (int, error) {
	s.t.fill(1)
	if s.left > 0 && s.t.ended() {
		return 0, endOf(s.t, false)
	}
	n := s.room(min(int64(len(p)), int64(s.t.w-s.t.r)))
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	copy(p, s.t.buf[s.t.r:s.t.r+int(n)])
	s.t.r += int(n)
	s.left -= n
	return int(n), nil
}

// finish says what is missing of a member that has size bytes.
func (s *section) finish(child *node, size int64) {
	if s.left == 0 {
		return
	}
	if s.t.ended() {
		child.note(Remark{Code: CodeCut, Gap: true, Offset: size - s.left, Bytes: s.left,
			Reason: fmt.Sprintf("the archive ends %d bytes before the end of this member", s.left),
			Lift:   "get a whole copy of the archive"})
		return
	}
	child.note(Remark{Code: CodeArchDamaged, Gap: true, Offset: size - s.left, Bytes: s.left,
		Reason: fmt.Sprintf("the archive is damaged inside this member; up to %d bytes of it are lost", s.left),
		Lift:   "get an undamaged copy of the archive"})
}
