package state

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrWrite says that the state could not be written: a full disk, most often.
// The state of the run before stands.
var ErrWrite = errors.New("the state could not be written")

func (s *Store) segmentName(g Segment) string { return filepath.Join(s.dir, segmentFolder, g.SHA256) }

// Put stores what write writes as a segment. It is on disk when Put returns,
// and removed at the next opening unless a Commit names it.
func (s *Store) Put(write func(io.Writer) error) (g Segment, err error) {
	f, err := os.CreateTemp(filepath.Join(s.dir, segmentFolder), "*"+tempSuffix)
	if err != nil {
		return g, fmt.Errorf("%w: %w", ErrWrite, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("%w: %w", ErrWrite, err), f.Close(), os.Remove(f.Name()))
		}
	}()
	sum := sha256.New()
	if err := write(io.MultiWriter(f, sum)); err != nil {
		return g, err
	}
	info, err := f.Stat()
	if err != nil {
		return g, err
	}
	if err := f.Sync(); err != nil {
		return g, err
	}
	g = Segment{SHA256: hex.EncodeToString(sum.Sum(nil)), Size: info.Size()}
	if err := os.Rename(f.Name(), s.segmentName(g)); err != nil {
		return g, err
	}
	if err := f.Close(); err != nil {
		return g, fmt.Errorf("%w: %w", ErrWrite, err)
	}
	return g, syncFolder(filepath.Join(s.dir, segmentFolder))
}

// Open opens a segment for reading.
func (s *Store) Open(g Segment) (*os.File, error) {
	f, err := os.Open(s.segmentName(g))
	if err != nil {
		return nil, fmt.Errorf("read a segment: %w", err)
	}
	return f, nil
}

// Present reports whether the segments of src are there, without reading them.
func (s *Store) Present(src *Source) bool {
	for _, g := range src.Parts {
		info, err := os.Stat(s.segmentName(g))
		if err != nil || info.Size() != g.Size {
			return false
		}
	}
	return true
}

// Verify reads a segment, sets it aside if it is damaged, and reports whether
// it is sound. What is not is said in Damage; lost says what that means.
func (s *Store) Verify(g Segment, lost string) (bool, error) {
	err := s.check(g)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.Damage = append(s.Damage, fmt.Sprintf("%s is missing: %s", s.segmentName(g), lost))
	case errors.Is(err, errDamaged):
		if err := s.setAside(s.segmentName(g), err); err != nil {
			return false, err
		}
		s.Damage = append(s.Damage, lost)
	case err != nil:
		return false, fmt.Errorf("read a segment: %w", err)
	}
	return err == nil, nil
}

func (s *Store) check(g Segment) error {
	f, err := os.Open(s.segmentName(g))
	if err != nil {
		return err
	}
	defer f.Close() // read only: nothing can be lost
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != g.SHA256 {
		return fmt.Errorf("%w: its bytes are not those that were written", errDamaged)
	}
	return nil
}

// writeFile puts b under name in one step that holds once it returns.
func writeFile(name string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "*"+tempSuffix)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("%w: %w", ErrWrite, err), os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// syncFolder makes renames in dir hold.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	defer d.Close() // read only: nothing can be lost
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}
