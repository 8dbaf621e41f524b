package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// An Input is one thing to scan: a file that was named or found, or standard
// input. It is the unit of parallelism: inputs may be read at the same time,
// one goroutine each.
type Input struct {
	Path string // as typed, joined with the way below it
	Size int64  // -1 if it is not known

	name string // what to open; "" for standard input
	pipe bool   // named as an argument, and read like standard input
	must bool   // named as an argument, so a link is followed

	pieces []string // Optional: the files it is put together from, name among them
}

// Streams unpacks in and calls visit for every innermost stream, in the order
// of the archive. visit reads the stream; what it leaves is read for it, so
// that digests hold. Then done is called with what the ledger needs to know of
// the file or member. An archive has a Member too, after those of its members.
//
// Evidence that cannot be read is not an error: it is a remark of its Member.
// An error is what visit returned, or ctx's.
func (in Input) Streams(ctx context.Context, o Options, visit func(*Stream) error, done func(*Member)) error {
	w := &walk{ctx: ctx, o: o.withDefaults(), visit: visit, done: done}
	n := &node{member: Member{Path: in.Path}}
	if in.name == "" {
		return w.pipe(n, orStdin(o.Stdin))
	}
	if in.pieces != nil {
		return w.joined(n, in)
	}
	f, err := in.open()
	if err != nil {
		n.note(denied(err))
		w.done(&n.member)
		return w.err()
	}
	defer f.Close() // read only: nothing can be lost
	if in.pipe {
		return w.pipe(n, f)
	}
	return w.file(n, f)
}

func orStdin(r io.Reader) io.Reader {
	if r == nil {
		return os.Stdin
	}
	return r
}

func (in Input) open() (*os.File, error) {
	if in.pipe {
		return os.Open(in.name)
	}
	return openEvidence(in.name, in.must)
}

func (w *walk) pipe(n *node, r io.Reader) error {
	d := newDigest(&evidence{w: w, r: r})
	t := newTape(d)
	defer t.release()
	return w.read(n, t, d, nil)
}

// file reads a regular file, and says so when it changed meanwhile.
func (w *walk) file(n *node, f *os.File) error {
	before, err := f.Stat()
	if err == nil && !before.Mode().IsRegular() {
		err = fmt.Errorf("it became a %s", kindOf(before.Mode()))
	}
	if err != nil {
		n.note(denied(err))
		w.done(&n.member)
		return w.err()
	}
	var r io.Reader = f
	h := &holes{f: f, size: before.Size()}
	if sparse(before) {
		r = h
	}
	d := newDigest(&evidence{w: w, r: r})
	t := newTape(d)
	defer t.release()
	t.at, t.size = f, before.Size()
	return w.read(n, t, d, func() {
		h.remark(n)
		n.changed(before, f, d.read+h.skipped)
	})
}

// changed compares the file with what it was when it was opened.
func (n *node) changed(before fs.FileInfo, f *os.File, read int64) {
	after, err := f.Stat()
	if err != nil {
		n.note(Remark{Code: CodeChanged, Reason: "the file could not be looked at again: " + err.Error()})
		return
	}
	if read < before.Size() {
		n.note(Remark{Code: CodeShrunk, Gap: true, Offset: read, Bytes: before.Size() - read,
			Reason: fmt.Sprintf("the file had %d bytes when it was opened; %d could be read", before.Size(), read),
			Lift:   "scan a copy that nobody writes to"})
		return
	}
	if after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		n.note(Remark{Code: CodeChanged, Offset: before.Size(), Bytes: read - before.Size(),
			Reason: "the file changed while it was read; the digest is of the bytes that were read",
			Lift:   "scan a copy that nobody writes to"})
	}
}

// An evidence reads the outermost bytes: it minds the context and tells the
// progress.
type evidence struct {
	w *walk
	r io.Reader
}

func (e *evidence) Read(p []byte) (int, error) {
	if err := e.w.err(); err != nil {
		return 0, err
	}
	n, err := e.r.Read(p)
	if n > 0 {
		e.w.o.Progress(int64(n))
	}
	return n, err
}

// denied is the remark for a path that cannot be opened or looked at.
func denied(err error) Remark {
	r := Remark{Code: CodeDenied, Gap: true, Reason: plain(err), Lift: "make it readable and scan it again"}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.Code, r.Lift = CodeMissing, "check the path"
	case errors.Is(err, syscall.ELOOP):
		r.Lift = "it is a link, to itself or put in the place of a file: scan what it should lead to"
	}
	return r
}

// plain is err without the path, which the reader of a remark has already.
func plain(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return "it cannot be read: " + p.Err.Error()
	}
	return "it cannot be read: " + err.Error()
}
