package sigma

import (
	"regexp/syntax"
	"slices"
	"unicode"
	"unicode/utf8"
)

// A lazyDFA answers whether an expression matches somewhere in a value, as regexp
// does, with one look into a table for each byte. Which places of the program may have
// been reached by now is a state, and what becomes of it behind a byte a transition;
// they are made when a value first asks for them (R. Cox, "Regular Expression Matching
// in the Wild", 2010, section "Cache states and lazy construction").
//
// It knows of ASCII only, and of so many states and so much work to make them as
// lazyDFA's limits allow. Where that is not enough it does not know, and regexp is to
// be asked.
type lazyDFA struct {
	prog     *syntax.Prog
	anchored bool
	classes  [utf8.RuneSelf]uint8 // bytes of one class are one to the program
	bytes    []rune               // one of each class, and behind them endOfText
	next     []uint32             // rows of transitions, one of len(bytes) for each state; each says where a row begins
	states   []dfaState
	known    map[string]uint32 // states, by their keys
	work     int               // places looked at to make transitions

	// Scratch.
	key    []byte
	stack  []uint32
	seen   []uint32 // places, by when
	now    uint32
	places []uint32 // where a byte is asked for
	after  []uint32
}

// A dfaState is where a search may stand.
type dfaState struct {
	before rune     // the character before, or one that means the same to the program
	places []uint32 // instructions that are next, in order
}

// The first states. Others are numbered from dfaStart on.
const (
	dfaUnmade  = iota // a transition that nobody asked for yet
	dfaMatched        // whatever follows
	dfaDead           // there will be no match
	dfaUnknown        // it takes too much to say
	dfaStart
)

// Limits of one lazyDFA. Those of usual rules come to a few dozen states.
const (
	maxDFAStates = 512
	maxDFAWork   = 1 << 20
	maxDFAProg   = 4096 // instructions
)

// endOfText stands for what follows the last byte, and is before the first.
const endOfText rune = -1

// newLazyDFA makes the DFA of an expression; nil if that is too large for one.
func newLazyDFA(expr string) *lazyDFA {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil || len(prog.Inst) > maxDFAProg {
		return nil
	}
	d := &lazyDFA{prog: prog, known: map[string]uint32{}, seen: make([]uint32, len(prog.Inst))}
	d.anchored = prog.StartCond()&syntax.EmptyBeginText != 0
	d.classify()
	for range dfaStart {
		d.states = append(d.states, dfaState{})
		d.next = append(d.next, make([]uint32, len(d.bytes))...)
	}
	d.state(endOfText, []uint32{uint32(prog.Start)})
	return d
}

// classify finds which bytes the program tells apart: it asks for ranges, for words
// and for line breaks.
func (d *lazyDFA) classify() {
	var begins [utf8.RuneSelf + 1]bool
	mark := func(lo, hi rune) {
		if lo < utf8.RuneSelf {
			begins[lo] = true
		}
		if hi+1 < utf8.RuneSelf {
			begins[hi+1] = true
		}
	}
	for _, r := range [...][2]rune{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}, {'_', '_'}, {'\n', '\n'}} {
		mark(r[0], r[1])
	}
	for i := range d.prog.Inst {
		in := &d.prog.Inst[i]
		if in.Op != syntax.InstRune && in.Op != syntax.InstRune1 {
			continue // any character, but for the line break at most
		}
		for k := 0; k < len(in.Rune); k += 2 {
			lo, hi := in.Rune[k], in.Rune[min(k+1, len(in.Rune)-1)]
			mark(lo, hi)
			if len(in.Rune) == 1 { // the only form in which either case may be meant
				for r := unicode.SimpleFold(lo); r != lo; r = unicode.SimpleFold(r) {
					mark(r, r)
				}
			}
		}
	}
	for b := range rune(utf8.RuneSelf) {
		if b == 0 || begins[b] {
			d.bytes = append(d.bytes, b)
		}
		d.classes[b] = uint8(len(d.bytes) - 1)
	}
	d.bytes = append(d.bytes, endOfText)
}

// match reports whether the expression matches in v; known is false if that is for
// regexp to say.
func (d *lazyDFA) match(v []byte) (holds, known bool) {
	width := uint32(len(d.bytes))
	row, last := dfaStart*width, dfaUnknown*width
	for _, c := range v {
		if c >= utf8.RuneSelf {
			return false, false
		}
		to := d.next[row+uint32(d.classes[c])]
		if to == dfaUnmade {
			to = d.step(row, uint32(d.classes[c]))
		}
		if to <= last {
			return to == dfaMatched*width, to != last
		}
		row = to
	}
	to := d.next[row+width-1]
	if to == dfaUnmade {
		to = d.step(row, width-1)
	}
	return to == dfaMatched*width, to != last
}

// step makes the transition of a row with a class.
func (d *lazyDFA) step(row, class uint32) uint32 {
	width := uint32(len(d.bytes))
	to := dfaUnknown * width
	if d.work < maxDFAWork {
		to = width * d.follow(d.states[row/width], d.bytes[class])
	}
	d.next[row+class] = to
	return to
}

// follow is the state behind from and a character.
func (d *lazyDFA) follow(from dfaState, c rune) uint32 {
	if d.reach(from, syntax.EmptyOpContext(from.before, c)) {
		return dfaMatched
	}
	if c == endOfText {
		return dfaDead
	}
	d.after = d.after[:0]
	for _, at := range d.places {
		if in := &d.prog.Inst[at]; in.MatchRune(c) {
			d.after = append(d.after, in.Out)
		}
	}
	if !d.anchored {
		d.after = append(d.after, uint32(d.prog.Start)) // a match may begin anywhere
	}
	if len(d.after) == 0 {
		return dfaDead
	}
	slices.Sort(d.after)
	return d.state(likeCharacter(c), slices.Compact(d.after))
}

// reach follows all instructions that ask for no character, given what is known of the
// place between two, and leaves those that do in d.places. It reports whether a
// match is among them.
func (d *lazyDFA) reach(from dfaState, place syntax.EmptyOp) bool {
	d.now++
	d.places = d.places[:0]
	d.stack = append(d.stack[:0], from.places...)
	for len(d.stack) > 0 {
		at := d.stack[len(d.stack)-1]
		d.stack = d.stack[:len(d.stack)-1]
		if d.seen[at] == d.now {
			continue
		}
		d.seen[at] = d.now
		d.work++
		switch in := &d.prog.Inst[at]; in.Op {
		case syntax.InstMatch:
			return true
		case syntax.InstAlt, syntax.InstAltMatch:
			d.stack = append(d.stack, in.Out, in.Arg)
		case syntax.InstCapture, syntax.InstNop:
			d.stack = append(d.stack, in.Out)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(in.Arg)&^place == 0 {
				d.stack = append(d.stack, in.Out)
			}
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			d.places = append(d.places, at)
		}
	}
	return false
}

// likeCharacter is a character that means the same as c to what is asked of places:
// whether there is a word or a line before them.
func likeCharacter(c rune) rune {
	switch {
	case c == '\n':
		return '\n'
	case syntax.IsWordChar(c):
		return 'a'
	}
	return ' '
}

// state is the number of a state, dfaUnknown if there is no room for it. The places
// are copied.
func (d *lazyDFA) state(before rune, places []uint32) uint32 {
	d.key = append(d.key[:0], byte(before))
	for _, at := range places {
		d.key = append(d.key, byte(at), byte(at>>8)) // see maxDFAProg
	}
	if s, ok := d.known[string(d.key)]; ok {
		return s
	}
	if len(d.states) == maxDFAStates {
		return dfaUnknown
	}
	s := uint32(len(d.states))
	d.states = append(d.states, dfaState{before, slices.Clone(places)})
	d.next = append(d.next, make([]uint32, len(d.bytes))...)
	d.known[string(d.key)] = s
	return s
}
