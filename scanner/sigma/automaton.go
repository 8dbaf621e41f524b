package sigma

import (
	"bytes"
	"slices"
)

// maxTransitions bounds one automaton: 32 MB. Literals beyond it are looked
// for one by one, so that no set of rules can exhaust memory.
const maxTransitions = 1 << 23

// hasOutput marks a transition to a state in which literals end.
const hasOutput = 1 << 31

// An automaton finds all of many literals in one walk over a value (Aho and
// Corasick, 1975), or, as a trie, those that the value begins with. States
// are the offsets of their rows in next; the first is the root, and in a trie
// also where all walks end that lead nowhere. Capitals of ASCII are taken for small
// letters, so that a value need not be folded that has no other ones.
type automaton struct {
	class   [256]uint8 // bytes that no literal holds are class 0
	width   uint32     // of a row: classes
	next    []uint32   // state + class to state, hasOutput set where literals end
	outputs [][]int32  // by row
	depths  []uint32   // by row: bytes of the literals begun, of which the longest is meant
}

// step returns the state behind b. The flag of the state is taken off.
func (a *automaton) step(state uint32, b byte) uint32 {
	return a.next[state&^hasOutput+uint32(a.class[b])]
}

// output are the witnesses whose literals end in a state.
func (a *automaton) output(state uint32) []int32 { return a.outputs[state&^hasOutput/a.width] }

// depth is how long the longest beginning of a literal is that ends in a state.
func (a *automaton) depth(state uint32) uint32 { return a.depths[state&^hasOutput/a.width] }

// An automatonBuilder collects literals.
type automatonBuilder struct {
	texts [][]byte
	ids   []int32
	bytes int
	used  [256]bool
	width int
}

// add takes a literal, or reports that the automaton is full.
func (b *automatonBuilder) add(text []byte, id int32) bool {
	if len(text) == 0 {
		return false
	}
	width := b.width
	var fresh [256]bool
	for _, c := range text {
		if !b.used[c] && !fresh[c] {
			fresh[c] = true
			width++
		}
	}
	if (b.bytes+len(text)+1)*(width+1) > maxTransitions || width > 254 {
		return false
	}
	for _, c := range text {
		b.used[c] = true
	}
	b.texts, b.ids, b.width = append(b.texts, text), append(b.ids, id), width
	b.bytes += len(text)
	return true
}

// build makes the automaton, or nil if there are no literals. With search it
// finds them anywhere, else at the beginning only.
func (b *automatonBuilder) build(search bool) *automaton {
	if len(b.texts) == 0 {
		return nil
	}
	a := &automaton{width: uint32(b.width + 1)}
	class := uint8(0)
	for c, used := range b.used {
		if used {
			class++
			a.class[c] = class
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		a.class[c-'a'+'A'] = a.class[c]
	}
	states := b.states()
	a.next, a.outputs, a.depths = make([]uint32, 0, states*int(a.width)), make([][]int32, 0, states), make([]uint32, 0, states)
	a.addState(0)
	for i, text := range b.texts {
		a.insert(text, b.ids[i])
	}
	if search {
		a.link()
	}
	for i, to := range a.next {
		if len(a.outputs[to/a.width]) > 0 {
			a.next[i] = to | hasOutput
		}
	}
	return a
}

// states counts the states of the trie of all literals: the root, and one for
// each byte in which a literal differs from the one sorted before it.
func (b *automatonBuilder) states() int {
	n, before := 1, []byte(nil)
	for _, text := range slices.SortedFunc(slices.Values(b.texts), bytes.Compare) {
		same := 0
		for same < min(len(text), len(before)) && text[same] == before[same] {
			same++
		}
		n, before = n+len(text)-same, text
	}
	return n
}

func (a *automaton) addState(depth int) uint32 {
	row := uint32(len(a.next))
	a.next = append(a.next, make([]uint32, a.width)...)
	a.outputs, a.depths = append(a.outputs, nil), append(a.depths, uint32(depth))
	return row
}

func (a *automaton) insert(text []byte, id int32) {
	at := uint32(0)
	for depth, c := range text {
		i := at + uint32(a.class[c])
		if a.next[i] == 0 {
			a.next[i] = a.addState(depth + 1)
		}
		at = a.next[i]
	}
	a.outputs[at/a.width] = append(a.outputs[at/a.width], id)
}

// link adds, breadth first, where to go on when a literal breaks off: to the
// longest end of what was read that begins a literal.
func (a *automaton) link() {
	fail := make([]uint32, len(a.outputs))
	queue := []uint32{0}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		back := fail[at/a.width]
		if at != 0 {
			a.outputs[at/a.width] = append(a.outputs[at/a.width], a.outputs[back/a.width]...)
		}
		for c := uint32(0); c < a.width; c++ {
			to := a.next[at+c]
			switch {
			case to != 0:
				if at != 0 {
					fail[to/a.width] = a.next[back+c]
				}
				queue = append(queue, to)
			case at != 0:
				a.next[at+c] = a.next[back+c]
			}
		}
	}
}
