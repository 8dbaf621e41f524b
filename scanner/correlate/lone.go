package correlate

import (
	"encoding/binary"
	"hash/maphash"
	"time"
)

// Most groups have one match and no second: a pod that came and went, an address
// that was seen once. A window of one match that decides nothing is kept as bytes,
// in the order in which matches came, and becomes a window when its group has
// another one. It takes a sixth of the room, and garbage collection has nothing to
// look at in it.
type lones struct {
	at     map[uint64]place // of groups, by the hash of their key
	chunks [][]byte
	first  place // of the oldest that may still be there
	gone   int   // chunks that were dropped
}

// A place is where a lone match begins: the number of its chunk, and its offset
// in there.
type place struct{ chunk, offset uint32 }

// chunkSize is how many bytes of lone matches are let go at once.
const chunkSize = 32 << 10

var seed = maphash.MakeSeed() // within this process; it decides nothing

// put keeps x, the only match of g. It reports false where it cannot: another group
// has the same hash, or the time is none that has nanoseconds since 1970.
func (l *lones) put(g *group, x *entry) bool {
	hash, nano := maphash.String(seed, g.key), x.time().UnixNano()
	if _, taken := l.at[hash]; taken || !time.Unix(0, nano).Equal(x.time()) {
		return false
	}
	last := len(l.chunks) - 1
	if last < 0 || len(l.chunks[last]) >= chunkSize {
		l.chunks = append(l.chunks, nil)
		last++
	}
	if l.at == nil {
		l.at = map[uint64]place{}
	}
	b := l.chunks[last]
	l.at[hash] = place{uint32(l.gone + last), uint32(len(b))}
	b = binary.LittleEndian.AppendUint64(b, hash)
	b = binary.LittleEndian.AppendUint64(b, uint64(nano))
	b = binary.LittleEndian.AppendUint64(b, uint64(x.ref))
	b = binary.AppendUvarint(b, uint64(x.member))
	b = binary.AppendUvarint(b, uint64(len(g.values)))
	for _, v := range g.values {
		b = append(binary.AppendUvarint(b, uint64(len(v.Value))), v.Value...)
	}
	values := x.values()
	if values == nil {
		b = append(b, 0)
	} else {
		b = binary.AppendUvarint(b, uint64(len(values))+1)
	}
	for _, v := range values {
		b = append(binary.AppendUvarint(b, uint64(len(v))), v...)
	}
	l.chunks[last] = b
	return true
}

// take gives back the lone match of a group, if it has one.
func (l *lones) take(n *counter, key string) (x entry, ok bool) {
	hash := maphash.String(seed, key)
	at, ok := l.at[hash]
	if !ok {
		return entry{}, false
	}
	values, x := l.read(n, at)
	if keyOf(values) != key {
		return entry{}, false
	}
	delete(l.at, hash)
	return x, true
}

// read decodes the lone match at a place.
func (l *lones) read(n *counter, at place) (values []GroupValue, x entry) {
	r := loneReader{l.chunks[int(at.chunk)-l.gone][at.offset+8:]}
	nano, ref, member := int64(r.fixed()), int64(r.fixed()), r.number()
	values = make([]GroupValue, r.number())
	for i := range values {
		values[i] = GroupValue{n.c.GroupBy[i], r.text()}
	}
	var counted []string
	if count := r.number(); count > 0 {
		counted = make([]string, count-1)
		for i := range counted {
			counted[i] = r.text()
		}
	}
	return values, newEntry(time.Unix(0, nano), ref, member, newExtra(nil, counted))
}

// oldest is the time of the oldest lone match; false if there is none. Those that
// became windows meanwhile are passed over.
func (l *lones) oldest() (time.Time, bool) {
	for len(l.at) > 0 {
		b := l.chunks[int(l.first.chunk)-l.gone]
		if int(l.first.offset) == len(b) {
			l.chunks[0] = nil
			l.chunks, l.gone = l.chunks[1:], l.gone+1
			l.first = place{l.first.chunk + 1, 0}
			continue
		}
		head := b[l.first.offset:]
		if l.has(head, l.first) {
			return time.Unix(0, int64(binary.LittleEndian.Uint64(head[8:]))).UTC(), true
		}
		l.first = l.after(l.first)
	}
	*l = lones{}
	return time.Time{}, false
}

// has reports whether the match that begins at a place is still a lone one.
func (l *lones) has(b []byte, at place) bool {
	is, ok := l.at[binary.LittleEndian.Uint64(b)]
	return ok && is == at
}

// drop forgets the oldest, which there is.
func (l *lones) drop() {
	delete(l.at, binary.LittleEndian.Uint64(l.chunks[0][l.first.offset:]))
	l.first = l.after(l.first)
}

// after is where the match behind the one at a place begins.
func (l *lones) after(at place) place {
	b := l.chunks[int(at.chunk)-l.gone]
	r := loneReader{b[at.offset+24:]} // behind hash, time and reference
	r.number()
	for n := r.number(); n > 0; n-- {
		r.skip()
	}
	for n := r.number(); n > 1; n-- {
		r.skip()
	}
	return place{at.chunk, uint32(len(b) - len(r.b))}
}

// each calls f for every lone match, the oldest first.
func (l *lones) each(n *counter, f func([]GroupValue, entry)) {
	if _, ok := l.oldest(); !ok {
		return
	}
	at := l.first
	for left := len(l.at); left > 0; {
		b := l.chunks[int(at.chunk)-l.gone]
		if int(at.offset) == len(b) {
			at = place{at.chunk + 1, 0}
			continue
		}
		if l.has(b[at.offset:], at) {
			f(l.read(n, at))
			left--
		}
		at = l.after(at)
	}
}

// A loneReader takes apart what put wrote.
type loneReader struct{ b []byte }

func (r *loneReader) fixed() uint64 {
	x := binary.LittleEndian.Uint64(r.b)
	r.b = r.b[8:]
	return x
}

func (r *loneReader) number() int {
	x, n := binary.Uvarint(r.b)
	r.b = r.b[n:]
	return int(x)
}

func (r *loneReader) skip() {
	n := r.number()
	r.b = r.b[n:]
}

func (r *loneReader) text() string {
	n := r.number()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}
