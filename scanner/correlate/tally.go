package correlate

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tideline/scanner/sigma"
)

// A tally evaluates the condition of one correlation over windows. What it
// knows of a window is in the window's state, kept up as entries come and go,
// so that a flood of matches costs no more per match than a trickle.
type tally struct {
	c *sigma.Correlation
}

// A state is what a tally knows of the entries within the timespan. Each type
// uses the part it needs.
type state struct {
	events   int
	distinct map[string]int // value_count: entries per value
	numbers  []float64      // value types over numbers, sorted
	sum      exact          // of those
	members  []int          // temporal: entries per rule
	chains   [][]time.Time  // temporal_ordered: see chain
	instant  instant
}

// An instant is what events of one moment have told a tally. Several rules may match
// one event, and matches of other events of that moment may stand between its own.
type instant struct {
	time   time.Time
	first  telling
	others map[telling]bool
}

// A telling is an event and the values that an entry takes of it.
type telling struct {
	ref    int64
	values string
}

// again reports whether x tells what was told before, and notes it.
func (s *instant) again(x *entry) bool {
	k, at := telling{x.ref, strings.Join(x.values(), "\x00")}, x.time()
	switch {
	case !at.Equal(s.time):
		*s = instant{time: at, first: k}
		return false
	case k == s.first || s.others[k]:
		return true
	case s.others == nil:
		s.others = map[telling]bool{}
	}
	s.others[k] = true
	return false
}

func newTally(c *sigma.Correlation) tally { return tally{c} }

func (t tally) begin() state {
	n := len(t.c.Members)
	switch t.c.Type {
	case sigma.ValueCount:
		return state{distinct: map[string]int{}}
	case sigma.Temporal:
		return state{members: make([]int, n)}
	case sigma.TemporalOrdered:
		return state{members: make([]int, n), chains: make([][]time.Time, n)}
	}
	return state{}
}

// values are what an entry contributes to a value type; ok is false if it has
// nothing to contribute, so that it is not counted at all.
func (t tally) values(c *sigma.Correlation, m *match) (values []string, ok bool) {
	if !strings.HasPrefix(string(c.Type), "value_") {
		return nil, true
	}
	tuples := []string{""}
	for _, name := range c.Fields {
		f, ok := c.Members[m.member].Field(c, name)
		if !ok {
			return nil, false
		}
		var next []string
		for _, head := range tuples {
			for _, v := range distinct(m.field(f)) {
				if len(next) < maxGroups && (c.Type == sigma.ValueCount || isNumber(v)) {
					next = append(next, join(head, v, len(c.Fields)))
				}
			}
		}
		tuples = next
	}
	return tuples, len(tuples) > 0
}

// join makes one text of a tuple that no other tuple has.
func join(head, v string, width int) string {
	if width == 1 {
		return v
	}
	return head + strconv.Itoa(len(v)) + ":" + v
}

func isNumber(s string) bool {
	_, ok := parse(s)
	return ok
}

// largest is what numbers beyond it are taken for. As many of them as a window
// may have still have a sum: one record with a number that no sum has room for
// must not keep a condition from holding.
const largest = 1e290

// parse reads a decimal number.
func parse(s string) (float64, bool) {
	if strings.ContainsAny(s, "xXpP_nN") { // hexadecimal, inf and nan are no decimal numbers
		return 0, false
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // out of range is infinite, and a number
		return 0, false
	}
	return max(-largest, min(x, largest)), true
}

// add takes up x. What several entries tell of one event counts once.
func (t tally) add(s *state, x *entry) {
	x.again = len(t.c.Members) > 1 && x.inner() == nil && s.instant.again(x)
	switch t.c.Type {
	case sigma.EventCount:
		if !x.again {
			s.events++
		}
	case sigma.ValueCount:
		for _, v := range x.values() {
			s.distinct[v]++
		}
	case sigma.Temporal:
		s.members[x.member]++
	case sigma.TemporalOrdered:
		s.members[x.member]++
		s.chain(int(x.member), x.time())
	default:
		if x.again {
			return
		}
		for _, v := range x.values() {
			n, _ := parse(v) // checked by values
			at, _ := slices.BinarySearch(s.numbers, n)
			s.numbers = slices.Insert(s.numbers, at, n)
			s.sum.add(n)
		}
	}
}

// remove undoes add for the oldest entry that counts. Entries of one instant go
// together, so that none is left of what x told.
func (t tally) remove(s *state, x *entry) {
	if x.time().Equal(s.instant.time) {
		s.instant = instant{}
	}
	switch t.c.Type {
	case sigma.EventCount:
		if !x.again {
			s.events--
		}
	case sigma.ValueCount:
		for _, v := range x.values() {
			if s.distinct[v]--; s.distinct[v] == 0 {
				delete(s.distinct, v)
			}
		}
	case sigma.Temporal, sigma.TemporalOrdered:
		s.members[x.member]--
	default:
		if x.again {
			return
		}
		for _, v := range x.values() {
			n, _ := parse(v)
			if at, found := slices.BinarySearch(s.numbers, n); found {
				s.numbers = slices.Delete(s.numbers, at, at+1)
				s.sum.add(-n)
			}
		}
	}
}

// chain notes a match of rule k at time t. chains[k][n] is the latest
// beginning of n+1 matches of different rules, in the order of the rules, that
// end with one of rule k: the later they begin, the longer they stay within
// the timespan.
func (s *state) chain(k int, t time.Time) {
	best := make([]time.Time, k+1)
	best[0] = t
	for j := range k {
		for n, begin := range s.chains[j] {
			if begin.After(best[n+1]) {
				best[n+1] = begin
			}
		}
	}
	s.chains[k] = best
}

// holds reports whether the condition holds for the live entries of w.
func (t tally) holds(w *window) bool {
	if t.c.Expr != nil {
		return t.expr(t.c.Expr, &w.state)
	}
	x, ok := t.measure(w)
	if !ok {
		return false
	}
	if len(t.c.Bounds) == 0 { // temporal: every rule
		return x == float64(len(t.c.Members))
	}
	for _, b := range t.c.Bounds {
		if !b.Holds(x) {
			return false
		}
	}
	return true
}

func (t tally) expr(x *sigma.RuleExpr, s *state) bool {
	switch x.Op {
	case "rule":
		return s.members[x.Member] > 0
	case "not":
		return !t.expr(x.Kids[0], s)
	}
	for _, k := range x.Kids {
		if t.expr(k, s) != (x.Op == "and") {
			return x.Op == "or"
		}
	}
	return x.Op == "and"
}

// measure is the number that the bounds are about.
func (t tally) measure(w *window) (float64, bool) {
	s := &w.state
	switch t.c.Type {
	case sigma.EventCount:
		return float64(s.events), true
	case sigma.ValueCount:
		return float64(len(s.distinct)), true
	case sigma.Temporal:
		return float64(len(s.members) - count(s.members, 0)), true
	case sigma.TemporalOrdered:
		return float64(t.longest(w)), true
	}
	if len(s.numbers) == 0 {
		return 0, false
	}
	switch t.c.Type {
	case sigma.ValueSum:
		return s.sum.value(), true
	case sigma.ValueAvg:
		return s.sum.value() / float64(len(s.numbers)), true
	case sigma.ValuePercentile:
		return percentile(s.numbers, t.c.Percentile), true
	}
	return percentile(s.numbers, 50), true
}

// longest is how many rules matched in their order within the live entries.
func (t tally) longest(w *window) int {
	from, longest := w.members[w.live].time(), 0
	for _, lengths := range w.state.chains {
		for n, begin := range lengths {
			if !begin.Before(from) && !begin.IsZero() {
				longest = max(longest, n+1)
			}
		}
	}
	return longest
}

func count(numbers []int, x int) (n int) {
	for _, v := range numbers {
		if v == x {
			n++
		}
	}
	return n
}

// exact is a sum that numbers are added to and taken from again: it keeps
// what rounding loses (Neumaier's summation), which would pile up otherwise.
type exact struct{ total, lost float64 }

func (e *exact) add(x float64) {
	t := e.total + x
	if math.Abs(e.total) >= math.Abs(x) {
		e.lost += e.total - t + x
	} else {
		e.lost += x - t + e.total
	}
	e.total = t
}

func (e *exact) value() float64 { return e.total + e.lost }

// percentile interpolates between the two nearest numbers, as most log stores
// do; numbers are sorted and not empty.
func percentile(numbers []float64, p float64) float64 {
	at := p / 100 * float64(len(numbers)-1)
	low := int(at)
	if low+1 >= len(numbers) {
		return numbers[len(numbers)-1]
	}
	return numbers[low] + (at-float64(low))*(numbers[low+1]-numbers[low])
}
