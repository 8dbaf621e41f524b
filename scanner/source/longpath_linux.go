package source

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// maxPath is less than PATH_MAX, which includes a NUL: the system takes no
// longer name, though folders may lie as deep as one likes.
const maxPath = 4000

const oPath = 0o10000000 // O_PATH, open(2): only to go on from

// tooLong reports whether err is about a name that is longer than the system
// takes, though what it names is there.
func tooLong(name string, err error) bool {
	return len(name) > maxPath && errors.Is(err, syscall.ENAMETOOLONG)
}

// openLong opens a name of any length, as many folders at a time as the system
// takes.
func openLong(name string, flags int) (*os.File, error) {
	const cwd = -100 // AT_FDCWD
	at, rest := cwd, name
	defer func() { closeFolder(at) }()
	for len(rest) > maxPath {
		i := strings.LastIndexByte(rest[:maxPath], filepath.Separator)
		if i <= 0 {
			break // the name of one folder: the system says what is wrong with it
		}
		next, err := openat(at, rest[:i], oPath|syscall.O_DIRECTORY)
		closeFolder(at)
		if at = next; err != nil {
			return nil, err
		}
		rest = strings.TrimLeft(rest[i:], string(filepath.Separator))
	}
	fd, err := openat(at, rest, flags)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

func openat(folder int, name string, flags int) (int, error) {
	for {
		fd, err := syscall.Openat(folder, name, flags|syscall.O_CLOEXEC, 0)
		if err == nil {
			return fd, nil
		}
		if err != syscall.EINTR {
			return -1, &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
}

func closeFolder(fd int) {
	if fd >= 0 {
		_ = syscall.Close(fd) // nothing was written to it
	}
}

// readFolder lists a folder.
func readFolder(name string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(name)
	if !tooLong(name, err) {
		return entries, err
	}
	f, err := openLong(name, syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only: nothing can be lost
	return f.ReadDir(-1)
}

// infoOf looks at an entry of a folder, not at what it links to.
func infoOf(name string, e fs.DirEntry) (fs.FileInfo, error) {
	if len(name) <= maxPath {
		return e.Info()
	}
	f, err := openLong(name, oPath|syscall.O_NOFOLLOW)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only: nothing can be lost
	return f.Stat()
}
