package lzma

// Sizes of the model, section "LZMA decoding" of the specification.
const (
	states      = 12 // what the last few symbols were
	literalNext = 7  // states below are those after a literal
	posStates   = 16
	lengthSlots = 4
	alignBits   = 4
	firstCoded  = 4  // distance slots below are distances
	firstDirect = 14 // distance slots from here on have bits that are not modelled
	distances   = 1 << (firstDirect / 2)
	minMatch    = 2
	endMark     = 1<<32 - 1 // the distance that means the end
)

// A prob is the probability that a bit is 0, in units of 1/2048.
type prob uint16

const evens prob = 1 << 10

// A lengths decodes the lengths of matches.
type lengths struct {
	choice   [2]prob
	low, mid [posStates][8]prob
	high     [256]prob
}

// A model is everything that is learned while decoding.
type model struct {
	isMatch    [states][posStates]prob
	isRep      [states]prob
	isRepG     [3][states]prob
	isRep0Long [states][posStates]prob
	slot       [lengthSlots][64]prob
	special    [1 + distances - firstDirect]prob
	align      [1 << alignBits]prob
	match, rep lengths
}

func even(list []prob) {
	for i := range list {
		list[i] = evens
	}
}

func (l *lengths) reset() {
	even(l.choice[:])
	even(l.high[:])
	for i := range posStates {
		even(l.low[i][:])
		even(l.mid[i][:])
	}
}

func (m *model) reset() {
	for i := range states {
		even(m.isMatch[i][:])
		even(m.isRep0Long[i][:])
	}
	for i := range m.isRepG {
		even(m.isRepG[i][:])
	}
	for i := range m.slot {
		even(m.slot[i][:])
	}
	even(m.isRep[:])
	even(m.special[:])
	even(m.align[:])
	m.match.reset()
	m.rep.reset()
}
