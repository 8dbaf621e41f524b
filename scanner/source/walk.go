package source

import (
	"context"
	"fmt"
	"io"
)

// A Stream is the content of a file or member after the last codec. Its Reader
// delivers every byte that could be decoded; damage is told in the Member, not
// as an error, and nothing is put in the place of what is lost. It is valid until
// visit returns.
type Stream struct {
	Path   string   // as in Member
	Codecs []string // as in Member
	io.Reader
}

// A walk unpacks one input. Its budgets are those of the input.
type walk struct {
	ctx   context.Context
	o     Options
	visit func(*Stream) error
	done  func(*Member)

	expanded int64  // decompressed bytes so far
	members  int    // so far
	history  uint64 // bytes that decoders now keep
}

// take grants up to n bytes of the budget; a negative n gives back.
func (w *walk) take(n int) int {
	n = int(min(int64(n), w.o.MaxExpanded-w.expanded))
	w.expanded += int64(n)
	return n
}

// reserve changes what one decoder keeps, unless that is too much.
func (w *walk) reserve(held, need uint64) bool {
	if need > held && w.history-held+need > maxHistory {
		return false
	}
	w.history += need - held
	return true
}

func (w *walk) err() error { return w.ctx.Err() }

// crowded reports whether the archive n must be left because of the number of
// its members.
func (w *walk) crowded(n *node, at int64) bool {
	if w.members <= w.o.MaxMembers {
		return false
	}
	if n.crowded {
		return true
	}
	n.crowded = true
	n.note(Remark{Code: CodeMembers, Gap: true, Offset: at,
		Reason: fmt.Sprintf("the limit of %d members for one input was reached; what follows was not read", w.o.MaxMembers),
		Lift:   "scan again with a larger --max-members"})
	return true
}

// item reads one node to its end and tells done about it. ended, which may be
// nil, is called in between, to add remarks.
func (w *walk) item(n *node, src io.Reader, ended func()) error {
	d := newDigest(src)
	t := newTape(d)
	defer t.release()
	if b, ok := src.(interface{ breaks() []int64 }); ok {
		t.gaps = b.breaks
	}
	return w.read(n, t, d, ended)
}

// read reads all of t, the content of n, and tells of n when it is done. ended, if it is
// not nil, is called in between: more may have to be said of n then.
func (w *walk) read(n *node, t *tape, d *digest, ended func()) error {
	w.members++
	if err := w.content(n, t); err != nil {
		return err
	}
	t.drain()
	if err := w.err(); err != nil {
		return err
	}
	if ended != nil {
		ended()
	}
	n.finish(d)
	w.ratio(n)
	w.done(&n.member)
	return nil
}

func (w *walk) ratio(n *node) {
	if r := w.o.MaxRatio; r > 0 && n.member.Size > 0 && float64(n.member.Expanded) > r*float64(n.member.Size) {
		n.note(Remark{Code: CodeRatio, Reason: fmt.Sprintf("%d bytes became %d, more than %g times as many; all of them were read",
			n.member.Size, n.member.Expanded, r)})
	}
}

// content finds out what is on the tape and unpacks it or hands it out.
func (w *walk) content(n *node, t *tape) error {
	id := identify(t)
	if id.codec == nil && id.container == noContainer {
		id = w.headless(n, t, id)
	}
	if id.doubt != "" {
		n.note(Remark{Code: CodeNotMarked, Reason: "begins like " + id.doubt + " and is not; it was scanned as it is"})
	}
	switch {
	case id.codec != nil:
		return w.codec(n, t, id.codec)
	case id.container == noContainer:
		return w.stream(n, t)
	case n.nesting >= w.o.MaxDepth:
		w.deep(n, id.name)
		return nil
	}
	return w.container(n, t, id)
}

func (w *walk) container(n *node, t *tape, id identity) error {
	switch id.container {
	case tarContainer:
		return w.tar(n, t)
	case zipContainer:
		return w.zip(n, t)
	case sevenZipContainer:
		return w.sevenZip(n, t, int64(id.behind))
	case rarContainer:
		return w.rar(n, t)
	case arContainer:
		return w.ar(n, t)
	case cpioContainer:
		return w.cpio(n, t)
	}
	n.codec(id.name)
	how := "unpack"
	if keyed[id.name] {
		how = "decrypt"
	}
	n.note(Remark{Code: CodeUnsupported, Gap: true,
		Reason: id.name + " cannot be read",
		Lift:   how + " it by hand and scan the result"})
	return nil
}

func (w *walk) deep(n *node, name string) {
	n.note(Remark{Code: CodeDepth, Gap: true,
		Reason: fmt.Sprintf("%s lies deeper than %d levels and was not opened", name, w.o.MaxDepth),
		Lift:   "scan again with a larger --max-depth"})
}

// codec unpacks one layer. What follows the compressed data is handed out as a
// stream of its own.
func (w *walk) codec(n *node, t *tape, kind *codecKind) error {
	if n.layers >= w.o.MaxDepth {
		w.deep(n, kind.name)
		return nil
	}
	n.layers++
	n.codec(kind.name)
	l := w.layer(t, kind, n.note)
	defer l.close()
	inner := newTape(l)
	defer inner.release()
	inner.gaps = l.breaks
	if err := w.content(n, inner); err != nil {
		return err
	}
	inner.drain()
	if l.cut || t.ended() || w.err() != nil {
		return w.err()
	}
	return w.trailing(n, t, kind)
}

// trailing hands out what follows the compressed data, up to the next sound
// member behind it, and so on to the end.
func (w *walk) trailing(n *node, t *tape, kind *codecKind) error {
	tries := maxTrials
	find := kind.find(&tries)
	if !kind.resync {
		find = nothing
	}
	for !t.ended() && w.err() == nil && !w.crowded(n, t.offset()) {
		at := t.offset()
		n.note(Remark{Code: CodeTrailing, Offset: at,
			Reason: "there are bytes behind the " + kind.name + " data; they were scanned as a stream of their own"})
		c := n.child(fmt.Sprintf("trailing-bytes-at-%d", at), at)
		c.stray = true
		var rest io.Reader = &until{t: t, find: find}
		if kind.match(t.peek(lookout)) {
			rest = &until{t: t, find: nothing}
		}
		if err := w.item(c, rest, nil); err != nil {
			return err
		}
	}
	return w.err()
}

// nothing is the finder that finds nothing.
func nothing(window []byte, _ bool) (int, bool) { return len(window), false }

// unnamed hands out bytes of an archive that belong to no member.
func (w *walk) unnamed(n *node, at int64, r io.Reader) error {
	c := n.child(fmt.Sprintf("unnamed-at-%d", at), at)
	c.stray = true
	return w.item(c, r, func() {
		n.note(Remark{Code: CodeUnnamed, Offset: at,
			Reason: "bytes that belong to no member; they were scanned as a stream of their own"})
	})
}

// stream hands out what needs no more unpacking, and reads what visit left.
func (w *walk) stream(n *node, t *tape) error {
	t.direct = true
	start := t.offset()
	a := newAhead(t, w.o.Cores)
	defer a.stop() // before anybody gives the tape back, whatever happens
	if err := w.visit(&Stream{Path: n.member.Path, Codecs: n.member.Codecs, Reader: a}); err != nil {
		return err
	}
	a.stop()
	if err := w.err(); err != nil {
		return err
	}
	t.drain()
	n.member.Expanded += t.offset() - start
	return nil
}
