package fileid

import (
	"io/fs"
	"syscall"
)

// Changed is when the kernel last saw the file change, in nanoseconds since
// 1970. Unlike the time of modification nobody can set it.
func Changed(info fs.FileInfo) int64 {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0
	}
	return s.Ctim.Nano()
}
