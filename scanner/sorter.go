package scanner

import (
	"bufio"
	"container/heap"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
)

// How many bytes of items a sorter holds before it writes a run, estimated by the
// size function it is given. The first hits of all that is kept as echoes may stay:
// runs cost more than what they free, as long as memory is not short.
const (
	defaultSortLimit = 16 << 20
	shortSortLimit   = 3 << 20
)

// A sorter sorts any number of items in bounded memory: beyond limit bytes it
// writes sorted runs to temporary files, unlinked at once, and merges them when
// read. Items that compare equal keep the order of their runs, so compare
// should be total. It can be read more than once after Finish.
type sorter[T any] struct {
	compare func(a, b *T) int
	size    func(*T) int
	code    func(*coder, *T) // what an item is made of, for runs
	limit   int              // bytes; 0 means defaultSortLimit, or shortSortLimit

	items []*T
	bytes int
	count int64
	runs  []run // the larger ones first
}

// A run is a sorted file. Its level is how often what it holds was merged.
type run struct {
	*os.File
	level int
}

// mergeWidth is how many runs of a level become one of the next, so that
// neither open files nor buffers grow with the number of items.
const mergeWidth = 48

// Add takes ownership of item.
func (s *sorter[T]) Add(item *T) error {
	s.items = append(s.items, item)
	s.bytes += s.size(item)
	s.count++
	if s.full() {
		return s.spill()
	}
	return nil
}

func (s *sorter[T]) full() bool {
	if s.limit > 0 {
		return s.bytes >= s.limit
	}
	return s.bytes >= defaultSortLimit || s.bytes >= shortSortLimit && memoryIsShort()
}

// spill writes what is held as one sorted run.
func (s *sorter[T]) spill() error {
	s.sortItems()
	f, err := writeRun(s.code, func(put func(*T) error) error {
		for _, it := range s.items {
			if err := put(it); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.runs = append(s.runs, run{f, 0})
	clear(s.items)
	s.items, s.bytes = s.items[:0], 0
	return s.mergeRuns()
}

// rest puts what is held on disk as well, if anything is there: nothing is added for
// a while, and others need the room.
func (s *sorter[T]) rest() error {
	if len(s.runs) == 0 || len(s.items) == 0 {
		return nil
	}
	return s.spill()
}

// mergeable are the last runs, if there are enough of one level.
func mergeable(runs []run) []run {
	if len(runs) < mergeWidth {
		return nil
	}
	last := runs[len(runs)-mergeWidth:]
	if last[0].level != last[len(last)-1].level {
		return nil
	}
	return last
}

// replaced puts f, into which the last of runs were merged, in their place.
func replaced(runs, last []run, f *os.File) ([]run, error) {
	level := last[0].level + 1
	for _, r := range last {
		if err := r.Close(); err != nil {
			return runs, fmt.Errorf("close temporary run: %w", err)
		}
	}
	return append(runs[:len(runs)-len(last)], run{f, level}), nil
}

// mergeRuns merges the last runs while there are enough of one level. They
// follow one another, so that the order of items that compare equal stays.
func (s *sorter[T]) mergeRuns() error {
	for last := mergeable(s.runs); last != nil; last = mergeable(s.runs) {
		m, texts := merger[T]{compare: s.compare, again: &spares[T]{}}, newRecentTexts()
		for i, r := range last {
			if err := m.push(s.readRun(r.File, i, texts)); err != nil {
				return err
			}
		}
		f, err := writeRun(s.code, m.each)
		if err != nil {
			return err
		}
		if s.runs, err = replaced(s.runs, last, f); err != nil {
			return err
		}
	}
	return nil
}

// writeRun writes what each gives to a temporary file.
func writeRun[T any](code func(*coder, *T), each func(func(*T) error) error) (*os.File, error) {
	f, err := unnamedFile()
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriterSize(f, 256<<10)
	if err := each((&runWriter[T]{to: w, code: code}).write); err != nil {
		f.Close()
		return nil, noRoom("write temporary run", err)
	}
	if err := w.Flush(); err != nil {
		f.Close()
		return nil, noRoom("write temporary run", err)
	}
	return f, nil
}

// noRoom says of a temporary file that could not be made or written what helps.
func noRoom(what string, err error) error {
	return fmt.Errorf("%s: %w (free space in %s, or set TMPDIR to another folder)", what, err, os.TempDir())
}

// unnamedFile is a temporary file that has no name any more: nothing is left
// behind, however the process ends.
func unnamedFile() (*os.File, error) {
	f, err := os.CreateTemp("", "tideline-run-*")
	if err != nil {
		return nil, noRoom("make a temporary file", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, fmt.Errorf("unlink temporary run: %w", err)
	}
	return f, nil
}

func (s *sorter[T]) sortItems() { slices.SortStableFunc(s.items, s.compare) }

// Len is the number of items added.
func (s *sorter[T]) Len() int64 { return s.count }

// Each calls f for every item in order. Items that are read more than once must
// not be changed.
func (s *sorter[T]) Each(f func(*T) error) error { return s.each(nil, f) }

// EachBorrowed is Each for those who keep no item, of which one read from a run is
// used again when f returns. What it refers to may be kept, but for the hit of an act.
func (s *sorter[T]) EachBorrowed(f func(*T) error) error { return s.each(&spares[T]{}, f) }

func (s *sorter[T]) each(again *spares[T], f func(*T) error) error {
	m := merger[T]{compare: s.compare, again: again}
	for _, r := range s.readers() {
		if err := m.push(r); err != nil {
			return err
		}
	}
	return m.each(f)
}

// readers yields the sorted runs, the one in memory last. They read the files
// by offset, so that several sets may be in use at once.
func (s *sorter[T]) readers() []*runReader[T] {
	s.sortItems()
	var out []*runReader[T]
	texts := newRecentTexts()
	for i, r := range s.runs {
		out = append(out, s.readRun(r.File, i, texts))
	}
	return append(out, &runReader[T]{order: len(s.runs), items: s.items})
}

// readRun reads a run from its beginning. It is the order-th of those that
// are merged, which share texts.
func (s *sorter[T]) readRun(file *os.File, order int, texts *recentTexts) *runReader[T] {
	from := bufio.NewReaderSize(io.NewSectionReader(file, 0, math.MaxInt64), 32<<10)
	items := itemReader[T]{from: from, code: s.code, texts: texts}
	return &runReader[T]{order: order, read: items.read}
}

// Close frees the runs.
func (s *sorter[T]) Close() error {
	var first error
	for _, f := range s.runs {
		if err := f.Close(); err != nil && first == nil {
			first = err
		}
	}
	s.runs, s.items = nil, nil
	return first
}

// A runReader yields the items of one sorted run, from a file or from memory.
type runReader[T any] struct {
	order int
	head  *T
	read  func(*T) error // the next item, io.EOF at the end; nil: items
	items []*T
	spare *spares[T] // Optional: of which read may take, since it sets all of an item
}

// spares are items that nobody needs any more, to be used again.
type spares[T any] struct{ list []*T }

// maxSpares bounds them: more are not in use at once where they are worth it.
const maxSpares = 64

func (s *spares[T]) put(item *T) {
	if len(s.list) < maxSpares {
		s.list = append(s.list, item)
	}
}

// take returns an item of any content.
func (s *spares[T]) take() *T {
	if s == nil || len(s.list) == 0 {
		return new(T)
	}
	item := s.list[len(s.list)-1]
	s.list = s.list[:len(s.list)-1]
	return item
}

// next moves to the next item; head is nil at the end.
func (r *runReader[T]) next() error {
	r.head = nil
	if r.read == nil {
		if len(r.items) > 0 {
			r.head, r.items = r.items[0], r.items[1:]
		}
		return nil
	}
	item := r.spare.take()
	switch err := r.read(item); err {
	case nil:
		r.head = item
		return nil
	case io.EOF:
		return nil
	default:
		return fmt.Errorf("read temporary run: %w", err)
	}
}

// A merger is a heap of runs by their heads.
type merger[T any] struct {
	compare func(a, b *T) int
	again   *spares[T] // Optional: each only lends the items, and runs are read into them again
	runs    []*runReader[T]
}

func (m *merger[T]) push(r *runReader[T]) error {
	if m.again != nil {
		r.spare = m.again
	}
	if err := r.next(); err != nil {
		return err
	}
	if r.head != nil {
		heap.Push(m, r)
	}
	return nil
}

func (m *merger[T]) each(f func(*T) error) error {
	for len(m.runs) > 0 {
		r := m.runs[0]
		if err := f(r.head); err != nil {
			return err
		}
		if m.again != nil && r.read != nil {
			m.again.put(r.head)
		}
		if err := r.next(); err != nil {
			return err
		}
		if r.head == nil {
			heap.Pop(m)
		} else {
			heap.Fix(m, 0)
		}
	}
	return nil
}

// Len, Less, Swap, Push and Pop are heap.Interface.
func (m *merger[T]) Len() int { return len(m.runs) }

func (m *merger[T]) Less(i, j int) bool {
	c := m.compare(m.runs[i].head, m.runs[j].head)
	return c < 0 || c == 0 && m.runs[i].order < m.runs[j].order
}

func (m *merger[T]) Swap(i, j int) { m.runs[i], m.runs[j] = m.runs[j], m.runs[i] }

func (m *merger[T]) Push(x any) { m.runs = append(m.runs, x.(*runReader[T])) }

func (m *merger[T]) Pop() any {
	r := m.runs[len(m.runs)-1]
	m.runs = m.runs[:len(m.runs)-1]
	return r
}
