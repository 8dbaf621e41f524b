package source

import (
	"fmt"
	"hash"
	"io"
)

// A packedMember reads a member that a library unpacks, within the budget. What ends it
// is told once, and is the end for who reads it.
type packedMember struct {
	w     *walk
	n     *node
	what  string // "7z member"
	r     io.Reader
	ended func(error)
	got   uint64
	sum   hash.Hash32 // of what was got
	err   error
}

func (m *packedMember) Read(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	granted := m.w.take(len(p))
	if granted == 0 && len(p) > 0 {
		m.n.note(expandedRemark(m.what, int64(m.got), int64(m.got)))
		m.err = io.EOF
		return 0, m.err
	}
	n, err := guarded(m.what, func() (int, error) { return m.r.Read(p[:granted]) })
	n = max(0, n)
	m.w.take(n - granted)
	m.got += uint64(n)
	m.sum.Write(p[:n])
	if err != nil {
		m.err = io.EOF
		m.ended(err)
	}
	return n, m.err
}

// guarded turns a panic of a library into an error: it parses hostile input.
func guarded[T any](what string, open func() (T, error)) (v T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the reader of a %s failed: %.200v", what, r)
		}
	}()
	return open()
}
