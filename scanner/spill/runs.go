package spill

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
)

// Runs are sorted files of items. They are merged before they are many.
type Runs[T any] struct {
	Compare func(a, b *T) int
	Codec   func() Codec[T] // a new one

	files []run // the larger ones first
}

// A Codec is how items are written down. One goroutine uses it, for one file that it
// writes or for several that it reads at once.
type Codec[T any] interface {
	Write(to *bufio.Writer, item *T) error
	// Read sets all of item; io.EOF where there is none.
	Read(from *bufio.Reader, item *T) error
}

// A run is a sorted file. Its level is how often what it holds was merged.
type run struct {
	*os.File
	level int
}

// mergeWidth is how many runs of a level become one of the next, so that
// neither open files nor buffers grow with the number of items.
const mergeWidth = 48

// Len is the number of files.
func (r *Runs[T]) Len() int { return len(r.files) }

// Add writes a run of what each gives, which is in order. If there are enough of
// one level, they are merged.
func (r *Runs[T]) Add(each func(put func(*T) error) error) error {
	f, err := r.write(each)
	if err != nil {
		return err
	}
	r.files = append(r.files, run{f, 0})
	for last := mergeable(r.files); last != nil; last = mergeable(r.files) {
		if err := r.merge(last); err != nil {
			return err
		}
	}
	return nil
}

// mergeable are the last runs, if there are enough of one level.
func mergeable(files []run) []run {
	if len(files) < mergeWidth {
		return nil
	}
	last := files[len(files)-mergeWidth:]
	if last[0].level != last[len(last)-1].level {
		return nil
	}
	return last
}

// merge puts one run in the place of the last ones. They follow one another, so that
// the order of items that compare equal stays.
func (r *Runs[T]) merge(last []run) error {
	m := Merger[T]{Compare: r.Compare, Again: &Spares[T]{}}
	for _, from := range r.readers(last) {
		if err := m.Add(from); err != nil {
			return err
		}
	}
	f, err := r.write(m.Each)
	if err != nil {
		return err
	}
	level := last[0].level + 1
	for _, old := range last {
		if err := old.Close(); err != nil {
			return fmt.Errorf("close temporary run: %w", err)
		}
	}
	r.files = append(r.files[:len(r.files)-len(last)], run{f, level})
	return nil
}

// write writes what each gives to a temporary file.
func (r *Runs[T]) write(each func(func(*T) error) error) (*os.File, error) {
	f, err := UnnamedFile()
	if err != nil {
		return nil, err
	}
	w, codec := bufio.NewWriterSize(f, 256<<10), r.Codec()
	if err = each(func(item *T) error { return codec.Write(w, item) }); err == nil {
		err = w.Flush()
	}
	if err != nil {
		f.Close()
		return nil, NoRoom("write temporary run", err)
	}
	return f, nil
}

// NoRoom says of a temporary file that could not be made or written what helps.
func NoRoom(what string, err error) error {
	return fmt.Errorf("%s: %w (free space in %s, or set TMPDIR to another folder)", what, err, os.TempDir())
}

// UnnamedFile is a temporary file that has no name any more: nothing is left
// behind, however the process ends.
func UnnamedFile() (*os.File, error) {
	f, err := os.CreateTemp("", "tideline-run-*")
	if err != nil {
		return nil, NoRoom("make a temporary file", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, fmt.Errorf("unlink temporary run: %w", err)
	}
	return f, nil
}

// Readers yield the runs from their beginning. They read the files by offset, so that
// several sets may be in use at once.
func (r *Runs[T]) Readers() []*Reader[T] { return r.readers(r.files) }

func (r *Runs[T]) readers(files []run) []*Reader[T] {
	if len(files) == 0 {
		return nil
	}
	out, codec := make([]*Reader[T], len(files)), r.Codec()
	for i, f := range files {
		from := bufio.NewReaderSize(io.NewSectionReader(f, 0, math.MaxInt64), 32<<10)
		out[i] = &Reader[T]{Read: func(item *T) error { return codec.Read(from, item) }}
	}
	return out
}

// Close frees the files.
func (r *Runs[T]) Close() error {
	var first error
	for _, f := range r.files {
		if err := f.Close(); err != nil && first == nil {
			first = err
		}
	}
	r.files = nil
	return first
}
