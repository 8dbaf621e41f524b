package cheapjson

import "bytes"

// What an API server is asked to write and what it answers are much alike: the
// object as it was sent, and as it is now, with another version and another time.
// Where the second is byte for byte what the first was, a walk through it would come
// to where the walk through the first came, and a comparison, which takes less, is
// enough.

// A Trail is where a walk through a container stood every few bytes. The zero value
// is that of no walk. Longer containers than its marks reach are walked to the end.
type Trail struct {
	from  int // first byte of the container
	size  int // bytes of it
	n     int
	marks [trailMarks]mark
}

type mark struct {
	at     int32 // position behind the first byte of the container
	depth  int32
	inside uint64
}

const (
	stride     = 64 // bytes from mark to mark
	trailMarks = 256
	maxStrays  = 8 // stretches in a row that differ, behind which no more is compared
)

// EndOfTrailed is EndOfRaw that leaves a trail.
func EndOfTrailed(b []byte, i int, t *Trail) int {
	t.n = 0
	if i >= len(b) || b[i] != '{' {
		return EndOfRaw(b, i)
	}
	t.from = i
	at, depth, inside := i+1, 1, uint64(0)
	for depth > 0 && at != failed {
		if t.n == trailMarks || at >= len(b) {
			at, depth, _ = through(b, at, len(b), depth, inside)
			break
		}
		t.marks[t.n] = mark{int32(at - i), int32(depth), inside}
		t.n++
		at, depth, inside = through(b, at, min(at+stride, len(b)), depth, inside)
	}
	if depth > 0 {
		at, t.n = failed, 0
	}
	t.size = at - i
	return at
}

// EndOfTwin is EndOfRaw of a value that may be like the one in b which has left t.
func EndOfTwin(b []byte, i int, t *Trail) int {
	if t.n == 0 || i >= len(b) || b[i] != '{' {
		return EndOfRaw(b, i)
	}
	if end := i + t.size; end <= len(b) && bytes.Equal(b[i:end], b[t.from:t.from+t.size]) {
		return end
	}
	at, depth, inside := i+1, 1, uint64(0)
	strays := 0
	for k := 0; k+1 < t.n && strays < maxStrays; k++ {
		from, to := &t.marks[k], &t.marks[k+1]
		size := int(to.at - from.at)
		end := i + int(to.at)
		if end > len(b) {
			break
		}
		first := t.from + int(from.at)
		if at == i+int(from.at) && depth == int(from.depth) && inside == from.inside && bytes.Equal(b[at:end], b[first:first+size]) {
			at, depth, inside = end, int(to.depth), to.inside
			strays = 0
			continue
		}
		if at, depth, inside = through(b, at, end, depth, inside); depth == 0 || at == failed {
			return at
		}
		strays++
	}
	if at, depth, _ = through(b, at, len(b), depth, inside); depth > 0 {
		return failed
	}
	return at
}
