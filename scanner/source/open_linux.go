package source

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// openEvidence opens a file for reading only, without waiting on a pipe that
// took its place, without following a link unless follow says so, and without
// leaving an access time behind where the system allows that (O_NOATIME is for
// the owner of the file alone).
func openEvidence(name string, follow bool) (*os.File, error) {
	flags := os.O_RDONLY | syscall.O_NONBLOCK | syscall.O_CLOEXEC
	if !follow {
		flags |= syscall.O_NOFOLLOW
	}
	f, err := openAny(name, flags|syscall.O_NOATIME)
	if errors.Is(err, fs.ErrPermission) {
		f, err = openAny(name, flags)
	}
	return f, err
}

func openAny(name string, flags int) (*os.File, error) {
	f, err := os.OpenFile(name, flags, 0)
	if tooLong(name, err) {
		return openLong(name, flags)
	}
	return f, err
}

// fileID tells files apart, and whether this one has more names than one.
func fileID(info fs.FileInfo) (id [2]uint64, shared, ok bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return id, false, false
	}
	return [2]uint64{uint64(s.Dev), s.Ino}, s.Nlink > 1, true
}

// anonymous makes a file without a name: it is gone when it is closed, however
// the process ends.
func anonymous() (*os.File, error) {
	const oTmpfile = 0o20000000 | syscall.O_DIRECTORY
	f, err := os.OpenFile(os.TempDir(), os.O_RDWR|oTmpfile|syscall.O_CLOEXEC, 0o600)
	if err == nil {
		return f, nil
	}
	return unlinked()
}

// sparse reports whether a file has holes large enough to be looked for.
func sparse(info fs.FileInfo) bool {
	const block = 512 // stat(2): the unit of st_blocks, whatever the file system's is
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && info.Size()-s.Blocks*block >= bigHole
}
