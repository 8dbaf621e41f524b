package kubeaudit

import (
	"bytes"
	"encoding/binary"
	"math"

	"tideline/parsers"
)

// Packed facts are those of a stencil, of which there are many: half the memory of
// parsers.Facts with what those refer to, and next to nothing for the garbage
// collector to follow. To unpack them takes no look at the bytes, which most events
// that are like another need not be fetched for.
type packedFacts struct {
	actor   parsers.ActorKind
	outcome parsers.Outcome
	lists   [3]uint8                            // how many groups, addresses, details
	have    uint16                              // which texts are there, be they empty
	ends    [packedTexts + packedMembers]uint16 // in bytes, of the texts, and of the first members of the lists
	bytes   []byte                              // the texts, then the members of the lists; further ones each behind its length
}

const (
	packedTexts   = parsers.FactTexts
	packedMembers = 12
)

// pack packs f, with bytes of its own; false: it is too large for that.
func pack(f *parsers.Facts) (packedFacts, bool) {
	p := packedFacts{actor: f.Actor, outcome: f.Outcome}
	var all []byte
	for i, text := range f.Texts() {
		if *text != nil {
			p.have |= 1 << i
		}
		all = append(all, *text...)
		p.ends[i] = uint16(min(len(all), math.MaxUint16))
	}
	n := packedTexts
	for i, list := range f.Lists() {
		if len(*list) > math.MaxUint8 || *list != nil && len(*list) == 0 {
			return packedFacts{}, false
		}
		p.lists[i] = uint8(len(*list))
		for _, member := range *list {
			if len(member) > math.MaxUint16 || member == nil {
				return packedFacts{}, false
			}
			if n >= len(p.ends) {
				all = binary.LittleEndian.AppendUint16(all, uint16(len(member)))
			}
			all = append(all, member...)
			if n < len(p.ends) {
				p.ends[n] = uint16(min(len(all), math.MaxUint16))
				n++
			}
		}
	}
	p.bytes = bytes.Clone(all)
	return p, len(all) <= math.MaxUint16
}

// unpack fills f, which then refers to the bytes of p, and to members, which it
// returns extended.
func (p *packedFacts) unpack(f *parsers.Facts, members [][]byte) [][]byte {
	f.Actor, f.Outcome = p.actor, p.outcome
	from := 0
	for i, text := range f.Texts() {
		to := int(p.ends[i])
		if *text = nil; p.have>>i&1 != 0 {
			*text = p.bytes[from:to:to]
		}
		from = to
	}
	n := packedTexts
	for i, list := range f.Lists() {
		first := len(members)
		for range p.lists[i] {
			var to int
			if n < len(p.ends) {
				to = int(p.ends[n])
				n++
			} else {
				from += 2
				to = from + int(binary.LittleEndian.Uint16(p.bytes[from-2:]))
			}
			members = append(members, p.bytes[from:to:to])
			from = to
		}
		if *list = nil; len(members) > first {
			*list = members[first:len(members):len(members)]
		}
	}
	return members
}
