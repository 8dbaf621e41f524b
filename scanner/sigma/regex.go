package sigma

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// Limits of one regular expression. RE2 runs in time proportional to text and
// size, so size is what must be bounded.
const (
	maxRegexBytes = 16 << 10
	maxRegexSize  = 20_000 // instructions
	warnRepeat    = 100    // counted repeats above this are seldom meant
	maxRegexHints = 64     // literals of which one must occur
)

// regex builds a regular expression: as a plain test where it is one, and
// else behind the literals it cannot match without.
func (b *builder) regex(c *chain, field, line int, w wording) (*code, error) {
	if len(w.text) > maxRegexBytes {
		return nil, fault(line, "split it", "a regular expression of %s%s is longer than %d bytes", quote(c.item.name()), w.with(), maxRegexBytes)
	}
	flags := regexFlags(c.flags)
	of, key := b.studies.of(w.text, flags)
	switch {
	case of.err != nil:
		return nil, regexFault(c, line, w, of.err)
	case of.size > maxRegexSize:
		return nil, fault(line, "use smaller counted repeats", "the regular expression %s%s is too large", quote(w.text), w.with())
	}
	if of.repeat > warnRepeat {
		b.warnings = append(b.warnings, fault(line, "use + or * if the count does not matter", "the regular expression %s%s repeats up to %d times, which is slow", quote(w.text), w.with(), of.repeat))
	}
	if of.plain {
		return b.pattern(field, literalPattern(of.shape, of.text), true), nil
	}
	e := b.expressions[key]
	if e == nil {
		e = newExpression(of, key, w.text, len(b.expressions))
		b.expressions[key] = e
	}
	p := b.predicate(predicate{field: field, test: e})
	return b.hinted(field, of.needs, p), nil
}

// regexFault says what of a regular expression is refused and what to write.
func regexFault(c *chain, line int, w wording, err error) error {
	mend := "mend the expression; it must be of the kind RE2 knows"
	for _, k := range []struct{ in, mend string }{
		{`(?=`, "RE2 has no look-ahead: move the condition to a second item joined by `all of`"},
		{`(?!`, "RE2 has no look-ahead: move what must not follow to a filter search and write `not filter`"},
		{`(?<=`, "RE2 has no look-behind: match what stands before as part of the expression"},
		{`(?<!`, "RE2 has no look-behind: move what must not stand before to a filter search and write `not filter`"},
		{`(?P=`, "RE2 has no back-references: write the repeated part out"},
		{`\k`, "RE2 has no back-references: write the repeated part out"},
		{`\Z`, "write $, which also holds before a final line break"},
		{`(?>`, "RE2 never backtracks: a plain (?:...) does the same"},
		{`++`, "RE2 never backtracks: leave the second + out"},
		{`*+`, "RE2 never backtracks: leave the + out"},
	} {
		if strings.Contains(w.text, k.in) {
			mend = k.mend
			break
		}
	}
	if strings.Contains(err.Error(), "invalid escape sequence: `\\") && strings.ContainsAny(lastByte(err.Error()), "123456789") {
		mend = "RE2 has no back-references: write the repeated part out"
	}
	return fault(line, mend, "the regular expression %s of %s%s cannot be run: %s", quote(w.text), quote(c.item.name()), w.with(), quote(strings.TrimPrefix(err.Error(), "error parsing regexp: ")))
}

// lastByte is the last character inside the back quotes that end a message.
func lastByte(s string) string {
	s = strings.TrimSuffix(s, "`")
	return s[max(0, len(s)-1):]
}

// regexSize estimates the instructions of re, repeats written out.
func regexSize(re *syntax.Regexp) int {
	n := 1
	if re.Op == syntax.OpLiteral {
		n = len(re.Rune)
	}
	for _, s := range re.Sub {
		if n += regexSize(s); n > maxRegexSize {
			return n
		}
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Max, re.Min, 1)
	}
	return n
}

// shortestMatch is a lower bound of the bytes that re takes to match. A
// character counts one byte, since a byte that is not UTF-8 is a character.
func shortestMatch(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return shortestMatch(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min * shortestMatch(re.Sub[0])
	case syntax.OpConcat:
		n := 0
		for _, s := range re.Sub {
			n += shortestMatch(s)
		}
		return n
	case syntax.OpAlternate:
		n := shortestMatch(re.Sub[0])
		for _, s := range re.Sub[1:] {
			n = min(n, shortestMatch(s))
		}
		return n
	}
	return 0
}

func largestRepeat(re *syntax.Regexp) int {
	n := 0
	if re.Op == syntax.OpRepeat {
		n = max(re.Min, re.Max)
	}
	for _, s := range re.Sub {
		n = max(n, largestRepeat(s))
	}
	return n
}

// plainRegex reports whether re is a literal, free or tied to the beginning.
func plainRegex(re *syntax.Regexp) (shape, string, bool) {
	s := within
	if re.Op == syntax.OpConcat && len(re.Sub) == 2 && re.Sub[0].Op == syntax.OpBeginText {
		s, re = prefix, re.Sub[1]
	}
	if re.Op != syntax.OpLiteral || re.Flags&syntax.FoldCase != 0 || strings.ContainsRune(string(re.Rune), '\uFFFD') {
		return 0, "", false
	}
	return s, string(re.Rune), true
}

func literalPattern(s shape, text string) pattern {
	p := pattern{{litToken, text}}
	return p.wrap(s == within || s == suffix, s == within || s == prefix)
}

// neededSets returns sets of literals of which every match holds at least one each,
// what says most first: which of them is rare in a log is for others to know.
func neededSets(re *syntax.Regexp) [][]string {
	best := needed(re)
	if best == nil {
		return nil
	}
	sets := [][]string{best}
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpConcat {
		return sets
	}
	for _, s := range re.Sub {
		if n := needed(s); n != nil && len(sets) < maxNeeds && shortest(n) >= minHint && !implied(n, best) {
			sets = append(sets, n)
		}
	}
	return sets
}

// implied reports whether who holds one of texts holds one of parts.
func implied(parts, texts []string) bool {
	for _, t := range texts {
		if !slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(t, p) }) {
			return false
		}
	}
	return true
}

// needed returns literals of which every match holds at least one, or nil.
func needed(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpConcat:
		var best []string
		for i, s := range re.Sub {
			for _, n := range [][]string{needed(s), neededOpenings(re.Sub[i:])} {
				if n != nil && (best == nil || shortest(n) > shortest(best)) {
					best = n
				}
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, s := range re.Sub {
			n := needed(s)
			if n == nil || len(all)+len(n) > maxRegexHints {
				return nil
			}
			all = append(all, n...)
		}
		return all
	}
	return nil
}

func shortest(texts []string) int {
	n := len(texts[0])
	for _, t := range texts {
		n = min(n, len(t))
	}
	return n
}
