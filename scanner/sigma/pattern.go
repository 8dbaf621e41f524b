package sigma

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// tokenKind is what a token of a pattern stands for.
type tokenKind uint8

const (
	litToken  tokenKind = iota // its text
	anyToken                   // * any run of characters, the empty one included
	oneToken                   // ? exactly one character
	dashToken                  // any of the dashes that windash takes for each other
)

type token struct {
	kind tokenKind
	text string
}

// A pattern is a Sigma string with its escapes resolved.
type pattern []token

// parsePattern reads a Sigma string. A backslash takes the meaning from a
// wildcard or a backslash behind it; before anything else it is itself.
func parsePattern(s string) pattern {
	var p pattern
	var lit strings.Builder
	flush := func() {
		if lit.Len() > 0 {
			p = append(p, token{litToken, lit.String()})
			lit.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && strings.IndexByte(`*?\`, s[i+1]) >= 0:
			i++
			lit.WriteByte(s[i])
		case c == '*':
			flush()
			p = p.add(token{kind: anyToken})
		case c == '?':
			flush()
			p = append(p, token{kind: oneToken})
		default:
			lit.WriteByte(c)
		}
	}
	flush()
	return p
}

// add appends t; a run of * is one *.
func (p pattern) add(t token) pattern {
	if t.kind == anyToken && len(p) > 0 && p[len(p)-1].kind == anyToken {
		return p
	}
	return append(p, t)
}

// wrap returns p with * before and after it, as asked.
func (p pattern) wrap(before, after bool) pattern {
	var out pattern
	if before {
		out = out.add(token{kind: anyToken})
	}
	for _, t := range p {
		out = out.add(t)
	}
	if after {
		out = out.add(token{kind: anyToken})
	}
	return out
}

// literal returns the text of a pattern without wildcards.
func (p pattern) literal() (string, bool) {
	var b strings.Builder
	for _, t := range p {
		if t.kind != litToken {
			return "", false
		}
		b.WriteString(t.text)
	}
	return b.String(), true
}

// String writes p as a Sigma string: parsePattern reads it as p, but for what windash
// left open.
func (p pattern) String() string {
	var b strings.Builder
	for i, t := range p {
		switch t.kind {
		case anyToken:
			b.WriteByte('*')
		case oneToken:
			b.WriteByte('?')
		case dashToken:
			b.WriteByte('-')
		default:
			for j := range len(t.text) {
				if special(t.text[j:], p[i+1:]) {
					b.WriteByte('\\')
				}
				b.WriteByte(t.text[j])
			}
		}
	}
	return b.String()
}

// special reports whether text, with rest behind it, begins with a byte that needs a
// backslash before it: a wildcard, or a backslash that would take the meaning of what
// follows. One before a letter, as in C:\Windows, is itself.
func special(text string, rest pattern) bool {
	switch {
	case text[0] == '*' || text[0] == '?':
		return true
	case text[0] != '\\':
		return false
	case len(text) > 1:
		return strings.IndexByte(`*?\`, text[1]) >= 0
	}
	return len(rest) > 0 && (rest[0].kind == anyToken || rest[0].kind == oneToken || strings.HasPrefix(rest[0].text, `\`))
}

// longest is the longest literal in p.
func (p pattern) longest() string {
	best, run := "", ""
	for _, t := range p {
		if t.kind != litToken {
			run = ""
			continue
		}
		if run += t.text; len(run) > len(best) {
			best = run
		}
	}
	return best
}

// A glob matches a pattern that is more than a literal at an edge.
type glob struct {
	segments []segment // what stands between the *
	head     bool      // the first must stand at the beginning
	tail     bool      // the last must stand at the end
}

// A segment is a part of a pattern that spans a fixed number of characters.
type segment struct {
	tokens []token
	lits   [][]byte // of tokens, nil for others
	runes  int
}

// newGlob cuts p at its stars.
func newGlob(p pattern) *glob {
	g := &glob{head: true, tail: true}
	var cur segment
	cut := func() {
		if len(cur.tokens) > 0 {
			g.segments = append(g.segments, cur)
			cur = segment{}
		}
	}
	for i, t := range p {
		if t.kind == anyToken {
			cut()
			g.head, g.tail = g.head && i > 0, g.tail && i < len(p)-1
			continue
		}
		lit := []byte(t.text)
		cur.tokens, cur.lits = append(cur.tokens, t), append(cur.lits, lit)
		cur.runes += 1
		if t.kind == litToken {
			cur.runes += utf8.RuneCount(lit) - 1
		}
	}
	cut()
	return g
}

// match reports whether g matches s whole. A segment spans a fixed number of
// characters, so that taking the leftmost place for each is never wrong.
func (g *glob) match(s []byte) bool {
	segs := g.segments
	if len(segs) == 0 {
		return !g.head || len(s) == 0
	}
	if g.head {
		n := segs[0].prefix(s)
		if n < 0 {
			return false
		}
		s, segs = s[n:], segs[1:]
		if len(g.segments) == 1 && g.tail {
			return len(s) == 0
		}
	}
	if g.tail && len(segs) > 0 {
		last := &segs[len(segs)-1]
		start := back(s, last.runes)
		if start < 0 || last.prefix(s[start:]) != len(s)-start {
			return false
		}
		s, segs = s[:start], segs[:len(segs)-1]
	}
	for i := range segs {
		end := segs[i].find(s)
		if end < 0 {
			return false
		}
		s = s[end:]
	}
	return true
}

// back is the offset of the n-th character from the end of s, or -1.
func back(s []byte, n int) int {
	end := len(s)
	for ; n > 0; n-- {
		if end == 0 {
			return -1
		}
		_, size := utf8.DecodeLastRune(s[:end])
		end -= size
	}
	return end
}

// prefix returns how many bytes at the beginning of s the segment spans, or -1.
func (g *segment) prefix(s []byte) int {
	at := 0
	for i, t := range g.tokens {
		rest := s[at:]
		switch {
		case t.kind == litToken:
			if !bytes.HasPrefix(rest, g.lits[i]) {
				return -1
			}
			at += len(g.lits[i])
			continue
		case len(rest) == 0:
			return -1
		}
		r, n := utf8.DecodeRune(rest)
		if t.kind == dashToken && !strings.ContainsRune(dashes, r) {
			return -1
		}
		at += n
	}
	return at
}

// find returns the end of the leftmost place in s that the segment spans, or -1.
func (g *segment) find(s []byte) int {
	if len(g.tokens) == 1 && g.tokens[0].kind == litToken {
		if i := bytes.Index(s, g.lits[0]); i >= 0 {
			return i + len(g.lits[0])
		}
		return -1
	}
	for at := 0; at <= len(s); {
		if n := g.prefix(s[at:]); n >= 0 {
			return at + n
		}
		if at == len(s) {
			break
		}
		_, n := utf8.DecodeRune(s[at:])
		at += n
	}
	return -1
}

// key identifies what g matches.
func (g *glob) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%t%t", g.head, g.tail)
	for _, s := range g.segments {
		b.WriteByte('*')
		for _, t := range s.tokens {
			fmt.Fprintf(&b, "%d%q", t.kind, t.text)
		}
	}
	return b.String()
}

// cost is how many steps a byte of the value may take: a segment that is not
// one literal is tried at every place.
func (g *glob) cost() int {
	n := 1
	for _, s := range g.segments {
		if len(s.tokens) > 1 {
			n = max(n, s.runes)
		}
	}
	return n
}
