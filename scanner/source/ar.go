package source

import (
	"bytes"
	"io"
	"strconv"
	"strings"
)

// arMagic begins an archive of ar(1): a Debian package (deb(5)) or a library of object
// files. Nobody packs logs with it, but whoever collects a whole file system hands some
// over, and a package holds what was installed.
const arMagic = "!<arch>\n"

// arHeaderLen is the length of a member's header: in text, filled up with blanks, a name of
// 16 bytes, time, owner, group and mode, a size of 10 in decimal, and arEnd.
const (
	arHeaderLen = 60
	arEnd       = "`\n"
)

// An arWalk reads one archive from a tape. A bad header costs what lies before the next
// good one, and that is scanned as a stream of its own.
type arWalk struct {
	w     *walk
	n     *node
	t     *tape
	names []byte // System V and GNU: those longer than 15 bytes
}

func (w *walk) ar(n *node, t *tape) error {
	n.codec("ar")
	t.skip(int64(len(arMagic)))
	a := &arWalk{w: w, n: n, t: t}
	for !t.ended() && !n.crowded {
		if err := a.next(); err != nil {
			return err
		}
	}
	return w.err()
}

// next reads one header and its member.
func (a *arWalk) next() error {
	at := a.t.offset()
	header := a.t.peek(arHeaderLen)
	if !isArHeader(header) {
		if a.w.crowded(a.n, at) {
			return nil
		}
		return a.w.unnamed(a.n, at, &until{t: a.t, find: findArHeader})
	}
	name, size := arName(header), arSize(header)
	a.t.skip(arHeaderLen)
	s := &section{t: a.t, left: size, start: a.t.offset()}
	name = a.named(name, s)
	if s.left == 0 && size > 0 { // it was all names
		a.align(size)
		return nil
	}
	if a.w.crowded(a.n, at) {
		return nil
	}
	child := a.n.child(name, at)
	if err := a.w.item(child, s, func() { s.finish(child, size) }); err != nil {
		return err
	}
	if s.left == 0 {
		a.align(size)
	}
	return nil
}

// named is what a member is called whose header says name. A name that stands before the
// data (BSD) is taken off s, and so is the table of long names (GNU).
func (a *arWalk) named(name string, s *section) string {
	switch {
	case name == "/":
		return "symbols" // of the library's members
	case name == "//" && s.left <= maxTarMeta:
		a.names, _ = io.ReadAll(s) // a cut shows in what is left
		return "names"
	case strings.HasPrefix(name, "#1/"):
		n, err := strconv.ParseInt(name[len("#1/"):], 10, 64)
		if err != nil || n < 0 || n > min(s.left, maxTarMeta) {
			return name
		}
		own, _ := io.ReadAll(io.LimitReader(s, n))
		return string(bytes.TrimRight(own, "\x00"))
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(name, "/")); err == nil && name[0] == '/' && 0 <= n && n < len(a.names) {
		long, _, _ := bytes.Cut(a.names[n:], []byte{'\n'})
		name = string(long)
	}
	return strings.TrimSuffix(name, "/")
}

// align passes over the newline that fills up a member of odd length.
func (a *arWalk) align(size int64) {
	if size%2 == 1 && bytes.HasPrefix(a.t.peek(1), []byte{'\n'}) {
		a.t.skip(1)
	}
}

// isArHeader reports whether p begins with a member's header.
func isArHeader(p []byte) bool {
	if len(p) < arHeaderLen || string(p[58:arHeaderLen]) != arEnd || len(bytes.Trim(p[16:58], "0123456789- ")) > 0 {
		return false
	}
	return arSize(p) >= 0
}

func arName(header []byte) string { return string(bytes.TrimRight(header[:16], " ")) }

// arSize is how long the member is, without its header; -1 if that is no number.
func arSize(header []byte) int64 {
	n, err := strconv.ParseInt(string(bytes.TrimRight(header[48:58], " ")), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// findArHeader is the finder of headers.
func findArHeader(window []byte, whole bool) (int, bool) {
	for from := 0; ; {
		i := bytes.Index(window[from:], []byte(arEnd))
		if i < 0 {
			return max(0, len(window)-overlap(whole, arHeaderLen-1)), false
		}
		from += i + len(arEnd)
		if at := from - arHeaderLen; at >= 0 && isArHeader(window[at:]) {
			return at, true
		}
	}
}
