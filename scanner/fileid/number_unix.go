//go:build unix

package fileid

import (
	"io/fs"
	"syscall"
)

// Number tells files apart as long as they exist.
func Number(info fs.FileInfo) (dev, inode uint64, ok bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return uint64(s.Dev), s.Ino, true //nolint:unconvert // Dev is signed on some systems
}
