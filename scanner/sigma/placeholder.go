package sigma

import (
	"regexp"
	"slices"
)

// Bounds of what the placeholders of one value, and all modifiers of one
// item, may multiply to.
const (
	maxSpellings = 10_000
	maxPatterns  = 1 << 16
)

var placeholder = regexp.MustCompile(`\\%|%\w+%`)

// expandPlaceholders puts the values of Options.Placeholders where %name%
// stands. Only this modifier gives % a meaning; \% is a plain one. Behind `re` it is
// an expression that they are put into.
func expandPlaceholders(c *chain) error {
	if c.meaning == asRegex {
		return c.expandExpressions()
	}
	if err := c.wantText(); err != nil {
		return err
	}
	total := 0
	for i := range c.alts {
		var out []pattern
		for _, p := range c.alts[i] {
			more, err := c.expand(p, c.item.values[i])
			if err != nil {
				return err
			}
			out = append(out, more...)
		}
		c.alts[i] = out
		if total += len(out); total > maxPatterns {
			return fault(c.item.line, "split the item", "the values of %s stand for more than %d patterns", quote(c.item.name()), maxPatterns)
		}
	}
	return nil
}

func (c *chain) expand(p pattern, v value) ([]pattern, error) {
	out := []pattern{nil}
	extend := func(with ...pattern) {
		var next []pattern
		for _, head := range out {
			for _, tail := range with {
				joined := slices.Clone(head)
				for _, t := range tail {
					joined = joined.add(t)
				}
				next = append(next, joined)
			}
		}
		out = next
	}
	for _, t := range p {
		if t.kind != litToken {
			extend(pattern{t})
			continue
		}
		for _, p := range pieces(t.text) {
			values, err := c.resolve(p, v)
			if err != nil {
				return nil, err
			}
			if len(out)*len(values) > maxSpellings {
				return nil, fault(v.line, "use fewer placeholders in one value", "value %s stands for more than %d spellings", quote(v.text), maxSpellings)
			}
			extend(values...)
		}
	}
	return out, nil
}

// A piece is literal text, or the name of a placeholder.
type piece struct {
	text string
	name bool
}

// pieces cuts a text at its placeholders and escaped percent signs.
func pieces(s string) []piece {
	var out []piece
	for {
		at := placeholder.FindStringIndex(s)
		if at == nil {
			return append(out, piece{text: s})
		}
		found := s[at[0]:at[1]]
		out = append(out, piece{text: s[:at[0]]})
		if found == `\%` {
			out = append(out, piece{text: "%"})
		} else {
			out = append(out, piece{text: found[1 : len(found)-1], name: true})
		}
		s = s[at[1]:]
	}
}

// resolve returns what a piece stands for.
func (c *chain) resolve(p piece, v value) ([]pattern, error) {
	if !p.name {
		if p.text == "" {
			return []pattern{nil}, nil
		}
		return []pattern{{{litToken, p.text}}}, nil
	}
	values, err := c.listed(p.text, v)
	if err != nil {
		return nil, err
	}
	var out []pattern
	for _, s := range values {
		out = append(out, parsePattern(s))
	}
	return out, nil
}

// listed returns the values of the list that v names.
func (c *chain) listed(name string, v value) ([]string, error) {
	values := c.opts.Placeholders[name]
	if len(values) == 0 {
		return nil, fault(v.line, "give a list of values for it, or load the rule without it", "there are no values for placeholder %s", quote(name))
	}
	return values, nil
}
