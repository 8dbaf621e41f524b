package sigma

import (
	"strconv"
	"strings"
)

// A bound that no value meets is a mistake which lint tells: of a part of a time that
// never has that value, of what a correlation counts, and of two in one map that exclude
// each other. The night is what those are written for, `hour|gte: 22` beside
// `hour|lt: 6`, and it takes a list to mean it.

// extents are the least and the greatest value of the parts of a time.
var extents = map[string][2]string{
	"minute": {"0", "59"}, "hour": {"0", "23"}, "day": {"1", "31"}, "week": {"1", "53"}, "month": {"1", "12"}, "year": {"0", "9999"},
}

// A span is what bounds leave of the values of a field, or of a part of its times.
type span struct{ from, to edge }

// An edge is one end of a span; the zero value is none.
type edge struct {
	at   []byte // as appendLoose writes it
	open bool   // it does not belong to the span
	show string
}

// unmet warns of bounds below e that no value meets.
func (e *expr) unmet(seen map[*expr]bool, warn func(*Problem)) {
	if seen[e] {
		return
	}
	seen[e] = true
	if e.op == opItem {
		e.item.outside(warn)
	}
	spans := map[string]*span{}
	for _, k := range e.kids {
		k.unmet(seen, warn)
		if e.op != opAnd || k.op != opItem || len(k.item.values) != 1 {
			continue
		}
		if op, part := k.item.bound(); op != "" {
			name := strings.TrimPrefix(part+" of ", " of ") + quote(k.item.field)
			if spans[name] == nil {
				spans[name] = new(span)
			}
			if s := spans[name]; s.narrow(op, k.item.values[0].text) {
				warn(fault(k.item.line, "if either will do, make them two items of a list, each with a - before it", "%s is never both %s and %s", name, s.from.show, s.to.show))
			}
		}
	}
}

// outside warns if a part of a time never has the values that it asks for.
func (it *item) outside(warn func(*Problem)) {
	op, part := it.bound()
	extent, ok := extents[part]
	if !ok {
		return
	}
	for _, v := range it.values {
		var s span
		s.narrow("gte", extent[0])
		s.narrow("lte", extent[1])
		if s.narrow(op, v.text) {
			warn(fault(v.line, "write a number from "+extent[0]+" to "+extent[1], "%s of %s is never %s", part, quote(it.field), strings.TrimSpace(symbols[op]+" "+v.text)))
		}
	}
}

// unmet is a warning of the first bound that no window meets together with those before
// it, or nil.
func (c *Correlation) unmet(line int) *Problem {
	var s span
	if c.Type == EventCount || c.Type == ValueCount || c.Type.isTemporal() {
		s.narrow("gte", "1")
	}
	if c.Type.isTemporal() {
		s.narrow("lte", strconv.Itoa(len(c.Rules)))
	}
	for _, b := range c.Bounds {
		if b.Op != "neq" && s.narrow(b.Op, strconv.FormatFloat(b.Value, 'f', -1, 64)) {
			return fault(line, "a window has one match at least, and is of each rule once at most", "%s is never both %s and %s", c.Type, s.from.show, s.to.show)
		}
	}
	return nil
}

// bound is the operator of an item that compares numbers, "" if it is another, and the
// part of the time that it is about.
func (it *item) bound() (op, part string) {
	for _, m := range it.mods {
		switch {
		case symbols[m] != "":
			op = m
		case extents[m][1] != "":
			part = m
		default:
			return "", ""
		}
	}
	if op == "" && part != "" {
		op = "eq"
	}
	return op, part
}

// narrow adds a bound, and reports whether nothing is left. One that is no number is
// refused when the rule is compiled.
func (s *span) narrow(op, text string) (empty bool) {
	n, ok := appendLoose(nil, []byte(text))
	if !ok {
		return false
	}
	e := edge{n, op == "gt" || op == "lt", strings.TrimSpace(symbols[op] + " " + text)}
	if op != "lt" && op != "lte" {
		s.from = s.from.inner(e, 1)
	}
	if op != "gt" && op != "gte" {
		s.to = s.to.inner(e, -1)
	}
	if s.from.at == nil || s.to.at == nil {
		return false
	}
	c := compareDecimals(s.from.at, s.to.at)
	return c > 0 || c == 0 && (s.from.open || s.to.open)
}

// inner is that of two edges which leaves less; towards is the sign of the way in.
func (e edge) inner(other edge, towards int) edge {
	if e.at != nil {
		c := compareDecimals(other.at, e.at) * towards
		if c < 0 || c == 0 && !other.open {
			return e
		}
	}
	return other
}
