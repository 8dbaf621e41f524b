package correlate

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tideline/scanner/sigma"
)

// A counter evaluates one correlation: it keeps the windows of its groups.
type counter struct {
	index    int
	name     string // see nameCounters
	c        *sigma.Correlation
	reported bool  // not silenced by a correlation that counts it
	atEnd    bool  // decided when the window ends, not with every match
	parents  []use // the correlations that count it
	tally    tally

	windows map[string]*window
	lones   lones   // groups that have no window, having one match
	spare   *window // Optional: one that nobody needs any more
	// The windows ordered by deadline, which is the order of their last match,
	// or of their first where the end decides.
	oldest, newest *window
}

func newCounter(i int, c *sigma.Correlation, reported bool) *counter {
	return &counter{index: i, c: c, reported: reported, atEnd: undoable(c), tally: newTally(c), windows: map[string]*window{}}
}

// undoable reports whether a further match can undo the condition of c.
func undoable(c *sigma.Correlation) bool {
	for _, b := range c.Bounds {
		if b.Op != "gt" && b.Op != "gte" {
			return true
		}
	}
	return c.Expr != nil && negates(c.Expr)
}

func negates(x *sigma.RuleExpr) bool { return x.Op == "not" || slices.ContainsFunc(x.Kids, negates) }

// deadline is when the oldest window ends.
func (n *counter) deadline() time.Time {
	w := n.oldest
	if n.atEnd {
		return w.members[0].time().Add(n.c.Timespan)
	}
	return w.last().Add(n.c.Timespan)
}

// A match is one that is to be counted.
type match struct {
	time   time.Time
	ref    int64
	inner  *window // of a counted correlation, nil for an event
	member int
	like   int // Input.Like
	field  func(string) []string
}

// count puts m into the windows of its groups.
func (e *Engine) count(n *counter, m match) error {
	a := e.ask(n, &m)
	if a.cut {
		e.evicted++
	}
	if len(a.groups) == 0 || !a.counts {
		e.skipped++
		return nil
	}
	x := a.extra
	if m.inner != nil {
		x = newExtra(m.inner, a.extra.counted())
	}
	for _, g := range a.groups {
		if err := e.put(n, g, newEntry(m.time, m.ref, m.member, x)); err != nil {
			return err
		}
	}
	return nil
}

// A group is what a window is about, and the same as one text.
type group struct {
	key    string
	values []GroupValue
}

// An answer is what a counter takes of the values of a match.
type answer struct {
	groups []group
	cut    bool   // there are more
	extra  *extra // of an event: with what a value type counts
	counts bool   // there is something to count
}

// A question is what an answer is to.
type question struct{ counter, member, like int }

// maxKnown bounds the answers that are remembered, and the values.
const maxKnown = 1 << 12

// ask works out what n takes of m, once for all matches that are alike.
func (e *Engine) ask(n *counter, m *match) *answer {
	q := question{n.index, m.member, m.like}
	if m.like != 0 {
		if a := e.known[q]; a != nil {
			return a
		}
	}
	a := new(answer)
	var groups [][]GroupValue
	groups, a.cut = n.groups(m)
	for _, g := range groups {
		a.groups = append(a.groups, group{keyOf(g), g})
	}
	values, counts := n.tally.values(n.c, m)
	a.extra, a.counts = e.extraOf(values), counts
	if m.like == 0 {
		return a
	}
	if e.known == nil || len(e.known) >= maxKnown {
		e.known = map[question]*answer{}
	}
	e.known[q] = a
	return a
}

// put adds an entry to a window and sees whether that fires or ends it.
func (e *Engine) put(n *counter, g group, x entry) error {
	w := n.window(g)
	if len(w.members) == 0 && e.lone(n, w, g, x) {
		n.spare = w
		return nil
	}
	if !n.atEnd {
		w.slide(n.tally, x.time().Add(-n.c.Timespan))
		if 2*w.live >= len(w.members) { // seldom, so that a flood does not move itself about
			e.forget(w)
		}
	}
	e.hold(&x)
	e.fresh++
	w.add(n.tally, x)
	n.touch(w)
	if n.atEnd {
		return nil // nor is it thinned: a later match does not say as much, it may end what an earlier one began
	}
	if w.large() {
		e.thinWindow(w, n.tally)
	}
	holds := n.tally.holds(w)
	switch {
	case holds && !w.fired:
		e.forget(w)
		e.meet(n, w)
		return e.tell(n, w, x.time())
	case !holds && w.fired:
		return e.renew(n, w, x)
	}
	return nil
}

// renew ends a window that its last entry no longer belongs to, and begins
// the next one with that entry.
func (e *Engine) renew(n *counter, w *window, x entry) error {
	w.members = w.members[:len(w.members)-1]
	e.release(&x)
	if err := e.drop(n, w); err != nil {
		return err
	}
	return e.put(n, group{w.key, w.group}, x)
}

// maxGroups bounds the groups that one match with many values belongs to.
const maxGroups = 64

// groups are the groups that m belongs to: one for each combination of the
// values of the group-by fields, none if one of them has no value. Cut says
// that there are more than maxGroups.
func (n *counter) groups(m *match) (out [][]GroupValue, cut bool) {
	out = [][]GroupValue{slices.Grow([]GroupValue(nil), len(n.c.GroupBy))}
	for _, name := range n.c.GroupBy {
		f, ok := n.c.Members[m.member].Field(n.c, name)
		if !ok {
			return nil, false
		}
		values := m.field(f)
		if len(values) == 1 && len(out) == 1 { // nearly always
			out[0] = append(out[0], GroupValue{name, values[0]})
			continue
		}
		var next [][]GroupValue
		for _, head := range out {
			for _, v := range distinct(values) {
				if len(next) == maxGroups {
					cut = true
					break
				}
				next = append(next, append(slices.Clone(head), GroupValue{name, v}))
			}
		}
		out = next
	}
	return out, cut
}

// distinct removes repeated values, keeping the order.
func distinct(values []string) []string {
	var out []string
	for _, v := range values {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// keyOf is the group as one text that no other group has.
func keyOf(group []GroupValue) string {
	var b strings.Builder
	for _, g := range group {
		b.WriteString(strconv.Itoa(len(g.Value)))
		b.WriteByte(':')
		b.WriteString(g.Value)
	}
	return b.String()
}

// window returns the window of a group, a new one if there is none, and its lone
// match becomes one with a member.
func (n *counter) window(g group) *window {
	w := n.windows[g.key]
	if w == nil {
		w = n.blank()
		w.key, w.group, w.state = g.key, g.values, n.tally.begin()
		if x, ok := n.lones.take(n, g.key); ok {
			n.windows[g.key] = w
			w.add(n.tally, x)
		}
	}
	return w
}

// blank is an empty window.
func (n *counter) blank() *window {
	w := n.spare
	if w == nil {
		return &window{}
	}
	n.spare = nil
	clear(w.members[:cap(w.members)])
	*w = window{members: w.members[:0]}
	return w
}

// lone keeps the first match of a group by itself, if it decides nothing. If it does,
// or cannot be kept so, w is the window of the group from now on.
func (e *Engine) lone(n *counter, w *window, g group, x entry) bool {
	if !n.atEnd && x.inner() == nil {
		w.add(n.tally, x)
		decides := n.tally.holds(w)
		n.tally.remove(&w.state, &w.members[0])
		w.members = w.members[:0]
		if !decides && n.lones.put(&g, &x) {
			e.hold(&x)
			e.fresh++
			return true
		}
	}
	n.windows[g.key] = w
	return false
}

// touch moves w to where its deadline belongs: the end of the line.
func (n *counter) touch(w *window) {
	switch {
	case n.newest == w, n.atEnd && len(w.members) > 1:
		return
	case w.queued:
		n.unlink(w)
	}
	n.link(w)
}

// link puts w at the end of the line.
func (n *counter) link(w *window) {
	w.older, w.queued = n.newest, true
	if n.newest != nil {
		n.newest.newer = w
	} else {
		n.oldest = w
	}
	n.newest = w
}

func (n *counter) unlink(w *window) {
	if w.older != nil {
		w.older.newer = w.newer
	} else {
		n.oldest = w.newer
	}
	if w.newer != nil {
		w.newer.older = w.older
	} else {
		n.newest = w.older
	}
	w.older, w.newer, w.queued = nil, nil, false
}

func (n *counter) remove(w *window) {
	n.unlink(w)
	delete(n.windows, w.key)
}
