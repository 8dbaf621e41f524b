// Package words finds out which of a few texts stand in a record, in one walk over
// it: most lines are no evidence, and that shows in what they lack.
package words

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// A Mask says which texts of a Set were found: bit i stands for the i-th.
type Mask uint64

// A Set is up to 64 texts. It is immutable and may be used by many goroutines.
//
// Of each text one pair of bytes that is rare in logs is looked for, with one look
// into a bit set for each byte of the record; texts are compared where it stands.
type Set struct {
	pairs [1 << 16 / 64]uint64
	at    [2 * 64]spot // by a hash of the pair, or behind that
	texts [][]byte
}

// A spot is what stands where a pair does; it is free if there are no places.
type spot struct {
	pair   uint16
	places []place
}

// find is the spot of a pair, or the free one where it goes.
func (s *Set) find(pair uint16) *spot {
	for i := uint32(pair) * 0x9e3779b1 >> 25; ; i = (i + 1) % uint32(len(s.at)) {
		if at := &s.at[i]; at.pair == pair || at.places == nil {
			return at
		}
	}
}

// A place is where in a text its rarest pair stands.
type place struct {
	text   int
	offset int
}

// New makes a set of texts, of two bytes at least. It panics if they are none.
func New(texts ...string) *Set {
	s := &Set{}
	if len(texts) > 64 {
		panic("words: more than 64 texts")
	}
	for i, text := range texts {
		if len(text) < 2 {
			panic(fmt.Sprintf("words: %q is too short", text))
		}
		offset := rarest(text)
		pair := uint16(text[offset]) | uint16(text[offset+1])<<8
		s.pairs[pair>>6] |= 1 << (pair & 63)
		at := s.find(pair)
		at.pair, at.places = pair, append(at.places, place{i, offset})
		s.texts = append(s.texts, []byte(text))
	}
	return s
}

// In reports whether one of the texts stands in b.
func (s *Set) In(b []byte) bool { return s.search(b, true) != 0 }

// Find returns which of the texts stand in b.
func (s *Set) Find(b []byte) Mask { return s.search(b, false) }

func (s *Set) search(b []byte, one bool) (found Mask) {
	i := 0
	for ; len(b)-i >= 8; i += 7 {
		w := binary.LittleEndian.Uint64(b[i:])
		hit := s.has(uint16(w)) | s.has(uint16(w>>8)) | s.has(uint16(w>>16)) | s.has(uint16(w>>24)) |
			s.has(uint16(w>>32)) | s.has(uint16(w>>40)) | s.has(uint16(w>>48))
		if hit&1 == 0 {
			continue
		}
		if found |= s.compare(b, i, i+7); one && found != 0 {
			return found
		}
	}
	return found | s.compare(b, i, len(b)-1)
}

// has is 1 in its lowest bit if a pair is that of a text.
func (s *Set) has(pair uint16) uint64 { return s.pairs[pair>>6] >> (pair & 63) }

// compare finds the texts whose pairs begin from from on and before to.
func (s *Set) compare(b []byte, from, to int) (found Mask) {
	for i := from; i < to; i++ {
		pair := binary.LittleEndian.Uint16(b[i:])
		if s.has(pair)&1 == 0 {
			continue
		}
		for _, p := range s.find(pair).places {
			if start := i - p.offset; start >= 0 && bytes.HasPrefix(b[start:], s.texts[p.text]) {
				found |= 1 << p.text
			}
		}
	}
	return found
}

// often is how often bytes are met in logs, about; others are rare.
var often = func() (n [256]int) {
	for i := range n {
		n[i] = 1
	}
	for weight, bytes := range map[int]string{
		20: ` "`, 16: `e:`, 12: `taoinsr,`, 10: `0123456789./-`, 8: `lcdumpg\`, 5: `hfby_{}=`, 3: `vwkxETSIRAC[]()`, 2: `jqzOPNDLMBFHGUVW`,
	} {
		for _, c := range []byte(bytes) {
			n[c] = weight
		}
	}
	return n
}()

// rarest is where in a text the pair stands that is met least often.
func rarest(text string) int {
	best := 0
	for i := 0; i+1 < len(text); i++ {
		if often[text[i]]*often[text[i+1]] < often[text[best]]*often[text[best+1]] {
			best = i
		}
	}
	return best
}
