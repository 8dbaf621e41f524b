package spill

import (
	"slices"
)

// How many bytes of items a sorter holds before it writes a run, estimated by the
// size function it is given. What little there is may stay: runs cost more than what
// they free, as long as memory is not short.
const (
	defaultLimit = 16 << 20
	shortLimit   = 3 << 20
)

// A Sorter sorts any number of items in bounded memory: beyond Limit bytes it
// writes sorted runs to temporary files, and merges them when read. Items that
// compare equal stay in the order in which they were added. One goroutine uses it; when
// all is added, it can be read more than once, also within the reading.
type Sorter[T any] struct {
	Compare func(a, b *T) int
	Size    func(*T) int
	Code    func(*Coder, *T) // what an item is made of, for runs
	Limit   int              // bytes; 0 means defaultLimit, or shortLimit

	items []*T
	bytes int
	count int64
	runs  Runs[T]
}

// Add takes ownership of item.
func (s *Sorter[T]) Add(item *T) error {
	s.items = append(s.items, item)
	s.bytes += s.Size(item)
	s.count++
	if s.full() {
		return s.spill()
	}
	return nil
}

func (s *Sorter[T]) full() bool {
	if s.Limit > 0 {
		return s.bytes >= s.Limit
	}
	return s.bytes >= defaultLimit || s.bytes >= shortLimit && MemoryIsShort()
}

// spill writes what is held as one sorted run.
func (s *Sorter[T]) spill() error {
	s.sort()
	s.runs.Compare = s.Compare
	s.runs.Codec = func() Codec[T] { return newItemCodec(s.Code) }
	if err := s.runs.Add(func(put func(*T) error) error {
		for _, it := range s.items {
			if err := put(it); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	clear(s.items)
	s.items, s.bytes = s.items[:0], 0
	return nil
}

// Rest puts what is held on disk as well, if anything is there: nothing is added for
// a while, and others need the room.
func (s *Sorter[T]) Rest() error {
	if s.runs.Len() == 0 || len(s.items) == 0 {
		return nil
	}
	return s.spill()
}

func (s *Sorter[T]) sort() { slices.SortStableFunc(s.items, s.Compare) }

// Len is the number of items added.
func (s *Sorter[T]) Len() int64 { return s.count }

// Held is how many of them are in memory.
func (s *Sorter[T]) Held() int { return len(s.items) }

// Forget lets go of the items that are in memory: whoever has read them needs them no
// more, but may need the others.
func (s *Sorter[T]) Forget() { s.items = nil }

// Each calls f for every item in order. Items that are read more than once must
// not be changed.
func (s *Sorter[T]) Each(f func(*T) error) error { return s.each(nil, f) }

// EachBorrowed is Each for those who keep no item, of which one read from a run is
// used again when f returns. What it refers to may be kept, but for what Code reads
// into the place of what was there (see Pointer).
func (s *Sorter[T]) EachBorrowed(f func(*T) error) error { return s.each(&Spares[T]{}, f) }

func (s *Sorter[T]) each(again *Spares[T], f func(*T) error) error {
	m := Merger[T]{Compare: s.Compare, Again: again}
	for _, r := range s.Readers() {
		if err := m.Add(r); err != nil {
			return err
		}
	}
	return m.Each(f)
}

// Readers yield the sorted runs, the one in memory last.
func (s *Sorter[T]) Readers() []*Reader[T] {
	s.sort()
	return append(s.runs.Readers(), Listed(s.items))
}

// Close frees the runs.
func (s *Sorter[T]) Close() error {
	s.items = nil
	return s.runs.Close()
}
