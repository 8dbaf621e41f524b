package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// A File is a report being written to disk. Until Commit the name keeps what it
// held before, and after Commit it holds the whole report: a reader never sees
// half of one, also when the machine stops in between. One goroutine uses it; of Abort and Commit another may call one, if
// only one of the two is called at a time.
type File struct {
	file *os.File
	name string
	done bool
}

// maxTempNames is how many leftovers of other runs Create steps over.
const maxTempNames = 1000

// Create begins the report name. It refuses a name that is a symbolic link or
// anything but a regular file: a report must not end up elsewhere than where it
// seems to. The data goes to a new file beside it that nobody else can read.
func Create(name string) (*File, error) {
	switch info, err := os.Lstat(name); {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return nil, plainError(err)
	case info.Mode()&os.ModeSymlink != 0:
		return nil, fmt.Errorf("%q is a symbolic link, and reports are not written through links: remove it or name its target", name)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%q is no regular file: name another", name)
	}
	for i := range maxTempNames {
		temp := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+strconv.Itoa(os.Getpid())+"."+strconv.Itoa(i)+".part")
		f, err := os.OpenFile(temp, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return nil, plainError(err)
		}
		return &File{file: f, name: name}, nil
	}
	return nil, fmt.Errorf("no name is free beside %q: remove the *.part files of interrupted runs", name)
}

// Write adds to the report. An error ends it: Abort is what is left.
func (f *File) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	return n, plainError(err)
}

// Commit makes the report durable and gives it its name. After an error the
// name holds what it held before, unless only the folder could not be made
// durable.
func (f *File) Commit() error {
	if f.done {
		return errors.New("the report was already delivered or given up")
	}
	f.done = true
	err := f.file.Sync()
	err = errors.Join(err, f.file.Close())
	if err == nil {
		err = os.Rename(f.file.Name(), f.name)
	}
	if err != nil {
		return errors.Join(plainError(err), f.remove())
	}
	return plainError(syncDir(filepath.Dir(f.name)))
}

// Abort gives the report up and removes what was written. After Commit it does
// nothing, so it can be deferred.
func (f *File) Abort() error {
	if f.done {
		return nil
	}
	f.done = true
	return errors.Join(plainError(f.file.Close()), f.remove())
}

func (f *File) remove() error {
	if err := os.Remove(f.file.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return plainError(err)
	}
	return nil
}

// syncDir makes a rename durable. Some file systems cannot, and say EINVAL.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, d.Close())
}

// plainError takes the operation and the temporary name off an error: the
// caller names the report, and the reason is what a person needs.
func plainError(err error) error {
	var path *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
