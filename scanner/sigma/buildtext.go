package sigma

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// text builds a value that is compared as text.
func (b *builder) text(c *chain, field, i int) (*code, error) {
	out := &code{op: opOr}
	for _, p := range c.alts[i] {
		if c.item.keyword && !c.edged {
			p = p.wrap(true, true)
		}
		all := spellings(p)
		if b.patterns += len(all); b.patterns > maxPatterns {
			return nil, fault(c.item.line, "split the rule", "the values of the rule stand for more than %d patterns", maxPatterns)
		}
		for _, p := range all {
			out.kids = append(out.kids, b.pattern(field, p, c.cased))
		}
	}
	return out.simple(), nil
}

// spellings writes out the dashes of a pattern while they are few, since
// literals can be indexed.
func spellings(p pattern) []pattern {
	n := 0
	for _, t := range p {
		if isDash(t) {
			n++
		}
	}
	if n > 2 {
		return []pattern{p}
	}
	return p.spelled(slices.IndexFunc(p, isDash))
}

// pattern builds the cheapest test that means p.
func (b *builder) pattern(field int, p pattern, cased bool) *code {
	show := p.String()
	if !cased {
		q := make(pattern, len(p))
		for i, t := range p {
			q[i] = token{t.kind, foldString(t.text)}
		}
		p = q
	}
	if s, text, ok := p.edge(); ok {
		if s == within && text == "" {
			return b.predicate(predicate{field: field, test: present{}})
		}
		lit := b.predicate(predicate{field: field, test: &literal{s, []byte(text), cased, show}})
		if !cased {
			return lit
		}
		return b.hinted(field, [][]string{{text}}, lit)
	}
	g := newGlob(p)
	w := b.predicate(predicate{field: field, test: &wild{g, g.cost(), cased, show}})
	return b.hinted(field, [][]string{{p.longest()}}, w)
}

// edge reports whether p is one literal, whole or at an edge, or * alone.
func (p pattern) edge() (shape, string, bool) {
	s, inner := whole, p
	if len(inner) > 0 && inner[0].kind == anyToken {
		s, inner = suffix, inner[1:]
		if len(inner) == 0 {
			return within, "", true
		}
	}
	if n := len(inner); n > 0 && inner[n-1].kind == anyToken {
		inner = inner[:n-1]
		if s == suffix {
			s = within
		} else {
			s = prefix
		}
	}
	text, ok := inner.literal()
	return s, text, ok
}

// minHint is the length in bytes below which a literal narrows nothing.
const minHint = 3

// hinted puts before c the demand that the value hold one text of each of sets, which
// c implies: literals can be indexed, and tell most events apart from c.
func (b *builder) hinted(field int, sets [][]string, c *code) *code {
	all := &code{op: opAnd}
	for _, texts := range sets {
		if h := b.hint(field, texts); h != nil {
			all.kids = append(all.kids, h)
		}
	}
	if len(all.kids) == 0 {
		return c
	}
	all.kids = append(all.kids, c)
	return all
}

// hint is the demand that a value hold one of texts; nil if they narrow nothing.
func (b *builder) hint(field int, texts []string) *code {
	any := &code{op: opOr}
	for _, t := range texts {
		t = foldString(t)
		if len(t) < minHint || !utf8.ValidString(t) || strings.ContainsRune(t, utf8.RuneError) {
			return nil
		}
		h := b.predicate(predicate{field: field, test: &literal{within, []byte(t), false, t}})
		h.hint = true
		any.kids = append(any.kids, h)
	}
	return any.simple()
}
