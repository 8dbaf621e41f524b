package sigma

import "net/netip"

// An Event is what rules look at. Values and what they refer to must stay as
// they are until Match or Explain returns.
type Event interface {
	// Values appends the values of a field, an index into Set.Fields, and
	// returns the extended slice. No element means that the field is absent,
	// a nil element null; an element of length zero that is not nil is "".
	// Numbers and booleans come as spelled in the log. A field that has
	// several values has several elements.
	Values(dst [][]byte, field int) [][]byte
	// Keywords appends every value that keywords look through.
	Keywords(dst [][]byte) [][]byte
}

// Scratch is the working memory of one goroutine for one Matcher.
type Scratch struct {
	set     *Set
	event   Event
	epoch   uint32
	memo    []uint32  // per predicate: epoch<<2 | answer
	known   []bool    // predicates that the index has answered: not marked means false
	columns []column  // per field, keywords last
	store   [][]byte  // values of all columns
	buffer  []byte    // folded values
	hits    []uint64  // bit set of candidate rules
	narrow  *narrower // what MatchAlike remembers; nil until it is worth it
	spoken  *Scratch  // Optional: for Matcher.spoken
	came    int       // events that came before that

	decimal []byte
	addrOf  []byte // the last value read as an address
	addr    netip.Addr
	addrOK  bool
	answers answers

	full   int   // the budget of an event
	budget int   // what is left of it
	blown  bool  // an answer of the rule at hand is missing for lack of budget
	over   []int // rules with such answers

	unsettled bool
	varied    bool
}

// A column is the values of one field of the event at hand.
type column struct {
	epoch, foldEpoch uint32
	raw, folded      [][]byte
}

// answers of a predicate.
const (
	unknown uint32 = iota
	no
	yes
	tooDear // for the match budget
)

func newScratch(s *Set) *Scratch {
	return &Scratch{
		set:     s,
		full:    s.budget,
		memo:    make([]uint32, len(s.preds)),
		columns: make([]column, len(s.names)+1),
	}
}

// maxKeep is how many bytes of buffers stay for the next event.
const maxKeep = 1 << 20

// begin takes up an event.
func (sc *Scratch) begin(ev Event) {
	sc.event, sc.budget, sc.blown, sc.varied, sc.over = ev, sc.full, false, true, sc.over[:0]
	sc.store, sc.buffer = sc.store[:0], sc.buffer[:0]
	if cap(sc.buffer) > maxKeep {
		sc.buffer = nil
	}
	if sc.epoch++; sc.epoch >= 1<<30 {
		clear(sc.memo)
		clear(sc.columns)
		sc.epoch = 1
	}
}

// end lets go of the event.
func (sc *Scratch) end() { sc.event = nil }

// OverBudget returns the rules that the last Match could not judge for sure,
// because regular expressions and wildcards on a huge value would have taken
// longer than Options.MatchBudget allows. What was not tried counts as not
// found, so that a rule may be missing from the matches, or, where it excludes
// what was not tried, be among them. It is valid until the next Match.
func (sc *Scratch) OverBudget() []int { return sc.over }

// spend takes n steps from the budget of the event.
func (sc *Scratch) spend(n int) bool {
	if n > sc.budget {
		sc.blown = true
		return false
	}
	sc.budget -= n
	return true
}

// column returns the values of a field, looked up once per event.
func (sc *Scratch) column(field int) *column {
	if field == keywordField {
		field = len(sc.columns) - 1
	}
	c := &sc.columns[field]
	if c.epoch == sc.epoch {
		return c
	}
	c.epoch = sc.epoch
	from := len(sc.store)
	if field == len(sc.columns)-1 {
		sc.store = sc.event.Keywords(sc.store)
	} else {
		sc.store = sc.event.Values(sc.store, field)
	}
	c.raw = sc.store[from:len(sc.store):len(sc.store)]
	return c
}

// fold returns the folded values of c, made once per event.
func (sc *Scratch) fold(c *column) [][]byte {
	if c.foldEpoch == sc.epoch {
		return c.folded
	}
	c.foldEpoch = sc.epoch
	c.folded = c.raw
	for i, v := range c.raw {
		if isFolded(v) {
			continue
		}
		if &c.folded[0] == &c.raw[0] {
			from := len(sc.store)
			sc.store = append(sc.store, c.raw...)
			c.folded = sc.store[from:len(sc.store):len(sc.store)]
		}
		from := len(sc.buffer)
		sc.buffer = fold(sc.buffer, v)
		c.folded[i] = sc.buffer[from:len(sc.buffer):len(sc.buffer)]
	}
	return c.folded
}

// eval reports whether the event satisfies c.
func (sc *Scratch) eval(c *code) bool {
	if c.mixed {
		switch sc.cheaply(c) {
		case yes:
			return true
		case no:
			return false
		}
	}
	switch c.op {
	case opItem:
		return sc.holds(c.pred)
	case opNot:
		return !sc.eval(c.kids[0])
	}
	if !sc.spend(len(c.kids)) {
		return false
	}
	all := c.op == opAnd
	for _, k := range c.kids {
		if sc.eval(k) != all {
			return !all
		}
	}
	return all
}

// cheaply answers c from cheap fields alone; unknown, if they leave it open.
func (sc *Scratch) cheaply(c *code) uint32 {
	switch {
	case !c.dear:
		return answerOf(sc.eval(c))
	case !c.mixed:
		return unknown
	}
	return sc.combined(c, (*Scratch).cheaply)
}

// combined answers an AND, an OR or a NOT by what answer says of its operands. That one
// of them is unknown matters if none of the others decides.
func (sc *Scratch) combined(c *code, answer func(*Scratch, *code) uint32) uint32 {
	if c.op == opNot {
		return negated(answer(sc, c.kids[0]))
	}
	decides, out := decisive(c.op)
	for _, k := range c.kids {
		switch answer(sc, k) {
		case decides:
			return decides
		case unknown:
			out = unknown
		}
	}
	return out
}

func negated(answer uint32) uint32 {
	switch answer {
	case yes:
		return no
	case no:
		return yes
	}
	return answer
}

// decisive is the answer of one operand that is that of the whole AND or OR,
// and what the whole is if none gives it.
func decisive(o op) (decides, idle uint32) {
	if o == opAnd {
		return no, yes
	}
	return yes, no
}

func answerOf(held bool) uint32 {
	if held {
		return yes
	}
	return no
}

// holds answers a predicate, once per event.
func (sc *Scratch) holds(id int32) bool {
	if m := sc.memo[id]; m>>2 == sc.epoch {
		if m&3 == tooDear {
			sc.blown = true
		}
		return m&3 == yes
	}
	if sc.known != nil && sc.known[id] {
		return false
	}
	before := sc.blown
	sc.blown = false
	answer := no
	switch held := sc.ask(&sc.set.preds[id]); {
	case held:
		answer = yes
	case sc.blown:
		answer = tooDear
	}
	sc.blown = before || answer == tooDear
	sc.memo[id] = sc.epoch<<2 | answer
	return answer == yes
}

func (sc *Scratch) ask(p *predicate) bool {
	c := sc.column(p.field)
	switch p.kind {
	case predNull:
		return len(c.raw) == 0 || hasNull(c.raw)
	case predExists:
		return len(c.raw) > 0
	case predRef:
		return sc.refers(p, c)
	}
	values := c.raw
	if p.test.folded() {
		values = sc.fold(c)
	}
	for _, v := range values {
		if v != nil && p.test.holds(v, sc) {
			return true
		}
	}
	return false
}

func hasNull(values [][]byte) bool {
	for _, v := range values {
		if v == nil {
			return true
		}
	}
	return false
}

// refers compares every value of one field with every value of another.
func (sc *Scratch) refers(p *predicate, c *column) bool {
	other := sc.column(p.other)
	a, b := c.raw, other.raw
	if !p.cased {
		a, b = sc.fold(c), sc.fold(other)
	}
	for _, v := range a {
		for _, text := range b {
			if v != nil && text != nil && sc.spend(1+len(v)/64) && p.shape.holds(v, text) {
				return true
			}
		}
	}
	return false
}
