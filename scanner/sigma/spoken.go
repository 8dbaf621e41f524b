package sigma

import (
	"bytes"
	"slices"
)

// Events that a log repeats differ in numbers: of a process, of a register. What rules
// with keywords make of one is what they make of all, unless a keyword could be found
// in a number and decides. Such keywords are few ("dd", "init 0"), and mostly the rest
// of the rule decides without them.

// maxNumber is how many hexadecimal digits a number may have: a SHA-256.
const maxNumber = 64

// withNumbers are the codes of those of rules that a keyword within a number may decide.
func (s *Set) withNumbers(rules []int) (out []*code) {
	for _, r := range rules {
		if s.spoken[r] && s.asksNumbers(s.codes[r], map[*code]bool{}) {
			out = append(out, s.codes[r])
		}
	}
	return out
}

func (s *Set) asksNumbers(c *code, seen map[*code]bool) bool {
	if seen[c] {
		return false
	}
	seen[c] = true
	if c.op == opItem {
		return s.inNumbers(c.pred)
	}
	return slices.ContainsFunc(c.kids, func(k *code) bool { return s.asksNumbers(k, seen) })
}

// inNumbers reports whether a predicate is on keywords, and might hold for a number.
func (s *Set) inNumbers(id int32) bool {
	p := &s.preds[id]
	return p.field == keywordField && p.hitsNumbers()
}

// hitsNumbers reports whether the test of a predicate might hold for one number, and
// not for another.
func (p *predicate) hitsNumbers() bool {
	if p.kind != predValue {
		return p.kind == predRef
	}
	switch t := p.test.(type) {
	case *literal:
		return isNumber(t.text)
	case *wild:
		return !slices.ContainsFunc(t.glob.segments, func(s segment) bool {
			return slices.ContainsFunc(s.lits, func(text []byte) bool { return !isNumber(text) })
		})
	case *expression:
		return !slices.ContainsFunc(t.needs(), func(set required) bool {
			return len(set) > 0 && !slices.ContainsFunc(set, func(need requiredText) bool { return isNumber(need.text) })
		})
	}
	return true
}

// isNumber reports whether a text may be part of a number.
func isNumber(text []byte) bool {
	return len(text) <= maxNumber && len(bytes.Trim(text, "0123456789abcdefABCDEF")) == 0
}

// Unsettled reports whether numbers in the last event, values of up to 64 hexadecimal
// digits, may have decided which rules with keywords match it: another event with other
// numbers, and else with the same values, is to be matched by itself. It is valid until
// the next match.
func (sc *Scratch) Unsettled() bool { return sc.unsettled }

// settle asks that of the event at hand.
func (sc *Scratch) settle(rules []*code) {
	blown := sc.blown
	sc.blown = false
	sc.unsettled = slices.ContainsFunc(rules, func(c *code) bool { return sc.butForNumbers(c) == unknown }) || sc.blown
	sc.blown = blown
}

// butForNumbers answers c if keywords in numbers do not matter; else it is unknown.
func (sc *Scratch) butForNumbers(c *code) uint32 {
	switch {
	case c.op != opItem:
		return sc.combined(c, (*Scratch).butForNumbers)
	case sc.set.inNumbers(c.pred):
		return unknown
	}
	return answerOf(sc.holds(c.pred))
}
