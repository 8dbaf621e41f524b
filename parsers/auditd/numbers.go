package auditd

import (
	"encoding/binary"
	"hash/maphash"
)

// Limits of one table of numbers.
const (
	maxNumbered      = 1 << 15
	maxNumberedBytes = 4 << 20
)

// numbers give texts numbers: equal texts the same, and no number twice, even
// when the table was emptied because it was full. The zero value is ready.
type numbers struct {
	seed  maphash.Seed
	slots []numbered
	text  []byte
	count int
	last  uint32
}

type numbered struct {
	hash    uint64
	at, end uint32 // in numbers.text
	number  uint32 // 0: free
	class   uint32 // for the caller, 0 at first
}

// of is the entry of a text of one kind, good until the next call.
func (t *numbers) of(kind uint32, text []byte) *numbered {
	if t.slots == nil {
		t.seed, t.slots = maphash.MakeSeed(), make([]numbered, 256)
	}
	h := maphash.Bytes(t.seed, text) ^ uint64(kind)*0x9e3779b97f4a7c15
	for i := h; ; i++ {
		s := &t.slots[i%uint64(len(t.slots))]
		if s.number == 0 {
			return t.add(h, kind, text)
		}
		if s.hash == h && t.is(s, kind, text) {
			return s
		}
	}
}

// is reports whether an entry is of that text. A text stands in the table
// behind its kind.
func (t *numbers) is(s *numbered, kind uint32, text []byte) bool {
	kept := t.text[s.at:s.end]
	return binary.LittleEndian.Uint32(kept) == kind && string(kept[4:]) == string(text)
}

func (t *numbers) add(h uint64, kind uint32, text []byte) *numbered {
	if t.count >= maxNumbered || len(t.text)+len(text) > maxNumberedBytes {
		clear(t.slots)
		t.count, t.text = 0, t.text[:0]
	} else if 2*t.count >= len(t.slots) {
		t.grow()
	}
	at := len(t.text)
	t.text = append(binary.LittleEndian.AppendUint32(t.text, kind), text...)
	t.count++
	t.last++
	s := t.free(h)
	*s = numbered{hash: h, at: uint32(at), end: uint32(len(t.text)), number: t.last}
	return s
}

// free is the slot for a new entry.
func (t *numbers) free(h uint64) *numbered {
	for i := h; ; i++ {
		if s := &t.slots[i%uint64(len(t.slots))]; s.number == 0 {
			return s
		}
	}
}

func (t *numbers) grow() {
	old := t.slots
	t.slots = make([]numbered, 2*len(old))
	for _, s := range old {
		if s.number != 0 {
			*t.free(s.hash) = s
		}
	}
}
