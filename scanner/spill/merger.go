package spill

import (
	"container/heap"
	"fmt"
	"io"
)

// A Reader yields the items of one sorted run, from wherever they lie. A Merger uses it.
type Reader[T any] struct {
	Read  func(*T) error // sets all of an item; io.EOF at the end
	Spare *Spares[T]     // Optional: of which items are taken to be read into

	items []*T // in place of Read
	head  *T
	order int
}

// Listed is a reader of items in memory, which are in order.
func Listed[T any](items []*T) *Reader[T] { return &Reader[T]{items: items} }

// next moves to the next item; head is nil at the end.
func (r *Reader[T]) next() error {
	r.head = nil
	if r.Read == nil {
		if len(r.items) > 0 {
			r.head, r.items = r.items[0], r.items[1:]
		}
		return nil
	}
	item := r.Spare.take()
	switch err := r.Read(item); err {
	case nil:
		r.head = item
		return nil
	case io.EOF:
		return nil
	default:
		return fmt.Errorf("read temporary run: %w", err)
	}
}

// Spares are items that nobody needs any more, to be used again.
type Spares[T any] struct{ list []*T }

// maxSpares bounds them: more are not in use at once where they are worth it.
const maxSpares = 64

// Put takes ownership of item.
func (s *Spares[T]) Put(item *T) {
	if len(s.list) < maxSpares {
		s.list = append(s.list, item)
	}
}

// take returns an item of any content.
func (s *Spares[T]) take() *T {
	if s == nil || len(s.list) == 0 {
		return new(T)
	}
	item := s.list[len(s.list)-1]
	s.list = s.list[:len(s.list)-1]
	return item
}

// A Merger brings the items of several readers into one order. Of items that compare
// equal, those of the reader that was added first come first.
type Merger[T any] struct {
	Compare func(a, b *T) int
	Again   *Spares[T] // Optional: Each only lends the items, and runs are read into them again

	runs  heads[T]
	added int
}

// Add takes a reader of which nothing was read.
func (m *Merger[T]) Add(r *Reader[T]) error {
	if m.Again != nil {
		r.Spare = m.Again
	}
	r.order = m.added
	m.added++
	if err := r.next(); err != nil {
		return err
	}
	if r.head != nil {
		m.runs.compare = m.Compare
		heap.Push(&m.runs, r)
	}
	return nil
}

// Each calls f for every item in order. The readers are spent then.
func (m *Merger[T]) Each(f func(*T) error) error {
	for m.runs.Len() > 0 {
		r := m.runs.list[0]
		if err := f(r.head); err != nil {
			return err
		}
		if m.Again != nil && r.Read != nil {
			m.Again.Put(r.head)
		}
		if err := r.next(); err != nil {
			return err
		}
		if r.head == nil {
			heap.Pop(&m.runs)
		} else {
			heap.Fix(&m.runs, 0)
		}
	}
	return nil
}

// heads is a heap of readers by their heads.
type heads[T any] struct {
	compare func(a, b *T) int
	list    []*Reader[T]
}

func (h *heads[T]) Len() int { return len(h.list) }

func (h *heads[T]) Less(i, j int) bool {
	c := h.compare(h.list[i].head, h.list[j].head)
	return c < 0 || c == 0 && h.list[i].order < h.list[j].order
}

func (h *heads[T]) Swap(i, j int) { h.list[i], h.list[j] = h.list[j], h.list[i] }

func (h *heads[T]) Push(x any) { h.list = append(h.list, x.(*Reader[T])) }

func (h *heads[T]) Pop() any {
	r := h.list[len(h.list)-1]
	h.list = h.list[:len(h.list)-1]
	return r
}
