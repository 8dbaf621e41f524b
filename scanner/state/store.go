package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	segmentFolder = "segments"
	indexPrefix   = "index-"
	tempSuffix    = ".tmp"
	damagedMark   = ".damaged-"
	committedName = "committed"
)

// A Store is an open state. One goroutine uses it, but for Put and Open, which
// any number may call.
type Store struct {
	Index  Index    // what the last commit knew; Commit replaces it
	Damage []string // what was set aside, a sentence each

	dir        string
	lock       *os.File
	generation int             // of Index; 0 before the first commit
	kept       map[string]bool // segments of the index before Index
}

// Open makes dir if need be, locks it, and reads the newest sound index. It
// returns a *HeldError if another run has it, and a *NewerError if a later
// version wrote it. The caller closes the Store.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(dir, segmentFolder), 0o700); err != nil {
		return nil, fmt.Errorf("make the state: %w", err)
	}
	lock, err := acquire(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, lock: lock, kept: map[string]bool{}, Index: Index{Told: map[string]Told{}}}
	if err := errors.Join(s.load()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close gives the lock back.
func (s *Store) Close() error { return s.lock.Close() }

// load finds the newest sound index, and clears away what no index names.
func (s *Store) load() error {
	numbers, err := s.generations()
	if err != nil {
		return err
	}
	if len(numbers) == 0 {
		if err := s.lost(); err != nil {
			return err
		}
	}
	found, passed := 0, false
	for _, n := range numbers { // newest first
		x, err := s.readIndex(n)
		var newer *NewerError
		switch {
		case errors.As(err, &newer):
			return err
		case err != nil && errors.Is(err, errDamaged):
			if err := s.setAside(s.indexName(n), err); err != nil {
				return err
			}
			passed = passed || found == 0
			continue
		case err != nil:
			return err
		}
		if found++; found == 1 {
			s.Index, s.generation = *x, n
		} else {
			s.keep(x)
		}
	}
	if s.generation == 0 && len(s.Damage) > 0 {
		s.Damage = append(s.Damage, "no sound index is left: everything is read and told anew")
	} else if passed {
		s.Damage = append(s.Damage, "the run before the damaged one was taken up again: what was told since is told again")
	}
	if len(numbers) > 0 {
		s.generation = max(s.generation, numbers[0]) // never a name again
	}
	return s.sweep()
}

// lost says that an index was there and is not any more: what a first run that was
// killed leaves looks the same but for the mark that a commit sets.
func (s *Store) lost() error {
	was, err := s.marked()
	if was {
		s.Damage = append(s.Damage, "a run before was committed, and its index is gone")
	}
	return err
}

// marked reports whether there was an index once.
func (s *Store) marked() (bool, error) {
	switch _, err := os.Lstat(filepath.Join(s.dir, committedName)); {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read the state: %w", err)
	}
	return true, nil
}

// mark notes that there is an index.
func (s *Store) mark() error {
	if was, err := s.marked(); was || err != nil {
		return err
	}
	return writeFile(filepath.Join(s.dir, committedName), nil)
}

func (s *Store) keep(x *Index) {
	for name := range x.segments() {
		s.kept[name] = true
	}
}

// generations lists the indexes there are, newest first.
func (s *Store) generations() ([]int, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	var out []int
	for _, e := range entries {
		text, ok := strings.CutPrefix(e.Name(), indexPrefix)
		if n, err := strconv.Atoi(text); ok && err == nil && n > 0 {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out, nil
}

func (s *Store) indexName(n int) string {
	return filepath.Join(s.dir, fmt.Sprintf("%s%d", indexPrefix, n))
}

func (s *Store) readIndex(n int) (*Index, error) {
	b, err := os.ReadFile(s.indexName(n))
	if err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	return decode(b)
}

// setAside renames what is damaged, under the first free number, and says so.
func (s *Store) setAside(name string, cause error) error {
	for n := 1; ; n++ {
		to := name + damagedMark + strconv.Itoa(n)
		if _, err := os.Lstat(to); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("set aside: %w", err)
		}
		if err := os.Rename(name, to); err != nil {
			return fmt.Errorf("set aside: %w", err)
		}
		s.Damage = append(s.Damage, fmt.Sprintf("%s: %v; it was set aside as %s", name, cause, filepath.Base(to)))
		return syncFolder(filepath.Dir(name))
	}
}

// sweep removes what a killed run left behind: temporary files, and segments
// that no index names.
func (s *Store) sweep() error {
	named := s.Index.segments()
	for name := range s.kept {
		named[name] = true
	}
	for _, dir := range []string{s.dir, filepath.Join(s.dir, segmentFolder)} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return fmt.Errorf("sweep the state: %w", err)
		}
		for _, e := range entries {
			stale := strings.HasSuffix(e.Name(), tempSuffix) ||
				dir != s.dir && !named[e.Name()] && !strings.Contains(e.Name(), damagedMark)
			if !stale {
				continue
			}
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return fmt.Errorf("sweep the state: %w", err)
			}
		}
	}
	return nil
}

// Commit makes x what is known, in one step that holds once it returns. The
// index before the last one, and what only it named, are removed.
func (s *Store) Commit(x Index) error {
	b, err := x.encode()
	if err != nil {
		return err
	}
	if err := writeFile(s.indexName(s.generation+1), b); err != nil {
		return err
	}
	if err := s.mark(); err != nil {
		return err
	}
	before := s.Index
	s.generation++
	s.Index, s.kept = x, map[string]bool{}
	s.keep(&before)
	numbers, err := s.generations()
	if err != nil {
		return err
	}
	for i, n := range numbers {
		if i < 2 {
			continue
		}
		if err := os.Remove(s.indexName(n)); err != nil {
			return fmt.Errorf("forget an old index: %w", err)
		}
	}
	return s.sweep()
}
