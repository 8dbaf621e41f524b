package source

import (
	"bytes"
	"io"
)

const (
	// zipEmpty is what compression and encryption make of nothing, at most: some
	// programs pack even a folder.
	zipEmpty = 64
	// maxTarget is how long the path in a link may be, PATH_MAX of Linux.
	maxTarget = 4096
)

// pointsOnly reports whether a member that the directory calls a link holds a
// path and nothing else. That it is a link is one bit of the directory's word:
// content under it is read like that of any file.
func (z *zipWalk) pointsOnly(e *zipEntry, from int64) bool {
	if e.packed > maxTarget+zipEmpty || from+e.packed > z.at.size {
		return false
	}
	raw := newTape(io.NewSectionReader(z.at, from, e.packed))
	defer raw.release()
	m := z.w.openZip(new(node), e, raw, e.packed) // what is wrong with it is told when it is read
	if m == nil {
		return false
	}
	defer m.close()
	content, err := io.ReadAll(io.LimitReader(m, maxTarget+1))
	return err == nil && len(content) <= maxTarget && !bytes.ContainsAny(content, "\n\r\x00{")
}
