//go:build !linux

package source

import (
	"io/fs"
	"os"
)

// openEvidence opens a file for reading only. A link is followed only if
// follow says so, as far as that can be told beforehand.
func openEvidence(name string, follow bool) (*os.File, error) {
	if !follow {
		info, err := os.Lstat(name)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
		}
	}
	return os.Open(name)
}

func readFolder(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

func infoOf(_ string, e fs.DirEntry) (fs.FileInfo, error) { return e.Info() }

// fileID cannot be had without the system's own calls.
func fileID(fs.FileInfo) (id [2]uint64, shared, ok bool) { return id, false, false }

func anonymous() (*os.File, error) { return unlinked() }

// sparse is not looked for.
func sparse(fs.FileInfo) bool { return false }
