package sigma

import (
	"regexp"
	"strings"
)

// A wording is a regular expression with values of lists in the place of its
// placeholders.
type wording struct {
	text string
	put  []putValue
}

// A putValue is the value of a list that stands in a wording.
type putValue struct{ list, value string }

// Of the text of wordings that many bytes count as a pattern, see maxPatterns, which
// also bounds those of an item.
const (
	patternBytes = 16
	maxWordings  = patternBytes * maxPatterns
)

// expressionPlaceholder finds placeholders of an expression, and whatever a backslash
// stands before: `\%` is a percent sign to RE2 as well.
var expressionPlaceholder = regexp.MustCompile(`(?s)\\.|%\w+%`)

// expandExpressions makes of every value of an item with `re` its wordings, of which
// one must match. Values of lists are put in as they are, text of the expression:
// where one of them is an alternation, the rule has parentheses around the placeholder.
func (c *chain) expandExpressions() error {
	c.wordings = make([][]wording, len(c.item.values))
	total := 0
	for i, v := range c.item.values {
		out := []wording{{}}
		for _, p := range expressionPieces(v.text) {
			values, err := c.wordingsOf(p, v)
			if err != nil {
				return err
			}
			if len(out)*len(values) > maxSpellings {
				return fault(v.line, "use fewer placeholders in one value", "value %s stands for more than %d expressions", quote(v.text), maxSpellings)
			}
			if length := joinedLength(out, values); total+length > maxWordings {
				return fault(v.line, "split the item, or the lists", "the expressions that the values of %s stand for are longer than %d bytes together", quote(c.item.name()), maxWordings)
			}
			out = joinWordings(out, values)
		}
		for _, w := range out {
			total += len(w.text)
		}
		c.wordings[i] = out
	}
	return nil
}

// expressionPieces cuts an expression at its placeholders.
func expressionPieces(s string) []piece {
	var out []piece
	from := 0
	for _, at := range expressionPlaceholder.FindAllStringIndex(s, -1) {
		if s[at[0]] == '%' {
			out = append(out, piece{text: s[from:at[0]]}, piece{text: s[at[0]+1 : at[1]-1], name: true})
			from = at[1]
		}
	}
	return append(out, piece{text: s[from:]})
}

// wordingsOf returns what a piece of an expression stands for.
func (c *chain) wordingsOf(p piece, v value) ([]wording, error) {
	if !p.name {
		return []wording{{text: p.text}}, nil
	}
	values, err := c.listed(p.text, v)
	if err != nil {
		return nil, err
	}
	out := make([]wording, 0, len(values))
	for _, s := range values {
		out = append(out, wording{s, []putValue{{p.text, s}}})
	}
	return out, nil
}

// joinedLength is how many bytes of text joinWordings returns.
func joinedLength(heads, tails []wording) int {
	n := 0
	for _, h := range heads {
		n += len(h.text) * len(tails)
	}
	for _, t := range tails {
		n += len(t.text) * len(heads)
	}
	return n
}

// joinWordings puts every tail behind every head.
func joinWordings(heads, tails []wording) []wording {
	out := make([]wording, 0, len(heads)*len(tails))
	for _, h := range heads {
		for _, t := range tails {
			out = append(out, wording{h.text + t.text, append(h.put[:len(h.put):len(h.put)], t.put...)})
		}
	}
	return out
}

// with says which values of lists a wording has, for messages.
func (w wording) with() string {
	var parts []string
	for _, p := range w.put {
		parts = append(parts, quote(p.value)+" of the list "+quote(p.list))
	}
	if parts == nil {
		return ""
	}
	return " with " + strings.Join(parts, " and ")
}

// wordings builds the i-th value of an item with `re`: its wordings joined by OR.
func (b *builder) wordings(c *chain, field, i int) (*code, error) {
	v := c.item.values[i]
	if c.wordings == nil {
		return b.regex(c, field, v.line, wording{text: v.text})
	}
	out := &code{op: opOr}
	for _, w := range c.wordings[i] {
		if b.patterns += 1 + len(w.text)/patternBytes; b.patterns > maxPatterns {
			return nil, fault(c.item.line, "split the rule", "the values of the rule stand for more than %d patterns", maxPatterns)
		}
		kid, err := b.regex(c, field, v.line, w)
		if err != nil {
			return nil, err
		}
		out.kids = append(out.kids, kid)
	}
	return out.simple(), nil
}
