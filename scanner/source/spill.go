package source

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

const (
	spillMemory = 1 << 20 // bytes kept in memory before a file is made
	spillFile   = 8 << 30 // bytes of that file at most
)

// A spill holds a stream for random access: a zip's directory is at its end,
// and the stream may come out of another archive. Small ones are kept in
// memory, others in a file that has no name.
type spill struct {
	io.ReaderAt
	size int64
	file *os.File
	full bool // the stream is longer than what was taken
}

func (s *spill) close() {
	if s.file != nil {
		_ = s.file.Close() // the file is scratch: nothing can be lost
	}
}

// random gives random access to what is left of t. Of a file it is the file
// itself; t is then still to be read for its digest.
func (t *tape) random() (*spill, error) {
	if t.at != nil {
		return &spill{ReaderAt: t.at, size: t.size}, nil
	}
	var head bytes.Buffer
	if _, err := io.CopyN(&head, t, spillMemory); err != nil {
		return &spill{ReaderAt: bytes.NewReader(head.Bytes()), size: int64(head.Len())}, nil
	}
	f, err := anonymous()
	if err != nil {
		return nil, fmt.Errorf("make room for an archive inside an archive: %w", err)
	}
	n, err := io.Copy(f, io.MultiReader(&head, io.LimitReader(t, spillFile-spillMemory)))
	if err != nil && t.failure() == nil {
		_ = f.Close() // scratch
		return nil, fmt.Errorf("keep an archive that lies inside an archive: %w", err)
	}
	return &spill{ReaderAt: f, size: n, file: f, full: !t.ended()}, nil
}

// unlinked is anonymous for systems that cannot make a file without a name:
// it has one for a moment.
func unlinked() (*os.File, error) {
	f, err := os.CreateTemp("", "tideline-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // where an open file cannot be removed, it stays until the system cleans up
	return f, nil
}
