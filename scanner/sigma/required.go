package sigma

import (
	"bytes"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of required.
const (
	maxRequired = 24 // more texts cost as much as the expression
	minRequired = 3  // bytes: shorter ones are found everywhere
)

// required are texts of which one stands in every value that an expression
// matches; empty if no such are known. To look for them costs a tenth of
// asking the expression, which in a log is in vain nearly always.
type required []requiredText

type requiredText struct {
	text   []byte
	folded bool // text is in lower case and any case will do
}

// requiredOf finds the texts that a parsed expression requires.
func requiredOf(re *syntax.Regexp) required {
	switch re.Op {
	case syntax.OpLiteral:
		return literalOf(re)
	case syntax.OpCapture, syntax.OpPlus:
		return requiredOf(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return requiredOf(re.Sub[0])
		}
	case syntax.OpConcat:
		var best required
		for i, sub := range re.Sub {
			if r := requiredOf(sub); r.better(best) {
				best = r
			}
			if r := requiredOpenings(re.Sub[i:]); r.better(best) {
				best = r
			}
		}
		return best
	case syntax.OpAlternate:
		var all required
		for _, sub := range re.Sub {
			r := requiredOf(sub)
			if r == nil || len(all)+len(r) > maxRequired {
				return nil
			}
			all = append(all, r...)
		}
		return all
	}
	return nil
}

// maxNeeds is how many texts are looked for before an expression is asked.
const maxNeeds = 3

// needsOf finds sets of texts of which one each stands in every value that an
// expression matches, what says most first.
func needsOf(re *syntax.Regexp) (out []required) {
	best := requiredOf(re)
	if len(best) == 0 {
		return nil
	}
	out = append(out, best)
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpConcat {
		return out
	}
	for _, sub := range re.Sub {
		r := requiredOf(sub)
		if r == nil {
			r = shortOf(sub, best)
		}
		if len(r) > 0 && len(out) < maxNeeds && !slices.EqualFunc(r, best, requiredText.equal) {
			out = append(out, r)
		}
	}
	return out
}

// shortOf is a literal of a few bytes that best does not bring with it: the @ of a URL
// with a password tells it from those without.
func shortOf(sub *syntax.Regexp, best required) required {
	text := string(sub.Rune)
	if sub.Op != syntax.OpLiteral || sub.Flags&syntax.FoldCase != 0 || strings.ContainsRune(text, utf8.RuneError) {
		return nil
	}
	if slices.ContainsFunc(best, func(t requiredText) bool { return bytes.Contains(t.text, []byte(text)) }) {
		return nil
	}
	return required{{[]byte(text), false}}
}

func (t requiredText) equal(o requiredText) bool {
	return t.folded == o.folded && string(t.text) == string(o.text)
}

// mayHold reports whether v has a text of each of the sets.
func mayHold(needs []required, v []byte) bool {
	for _, r := range needs {
		if !r.mayHold(v) {
			return false
		}
	}
	return true
}

// literalOf is a literal of at least minRequired bytes. Folded, it must be
// ASCII: holds asks the expression where a value is not.
func literalOf(re *syntax.Regexp) required {
	if t := requiredOpening(opening{string(re.Rune), re.Flags&syntax.FoldCase != 0}); t != nil {
		return required{*t}
	}
	return nil
}

func requiredOpening(o opening) *requiredText {
	text, folded := []byte(o.text), o.folded
	if len(text) < minRequired || bytes.ContainsRune(text, utf8.RuneError) {
		return nil // which bytes that are no UTF-8 match too
	}
	if folded {
		for _, c := range text {
			if c >= utf8.RuneSelf {
				return nil
			}
		}
		text = bytes.ToLower(text)
	}
	return &requiredText{text, folded}
}

// better prefers long texts, then few.
func (r required) better(other required) bool {
	switch a, b := r.shortest(), other.shortest(); {
	case a != b:
		return a > b
	default:
		return a > 0 && len(r) < len(other)
	}
}

// shortest is the length of the shortest text, 0 if there is none.
func (r required) shortest() int {
	n := 0
	for _, t := range r {
		if n == 0 || len(t.text) < n {
			n = len(t.text)
		}
	}
	return n
}

// mayHold reports whether v has one of the texts, or none are known.
func (r required) mayHold(v []byte) bool {
	if len(r) == 0 {
		return true
	}
	for i := range r {
		if t := &r[i]; !t.folded {
			if bytes.Contains(v, t.text) {
				return true
			}
		} else if containsFolded(v, t.text) {
			return true
		}
	}
	return false
}

// containsFolded reports whether v has an ASCII text in any case, or may have
// it in letters of other alphabets that fold to it (the Kelvin sign, long s).
func containsFolded(v, text []byte) bool {
	first, last := text[0], len(v)-len(text)
	for i, c := range v {
		if c >= utf8.RuneSelf {
			return true
		}
		if i <= last && lower(c) == first && equalFolded(v[i:i+len(text)], text) {
			return true
		}
	}
	return false
}

func equalFolded(v, text []byte) bool {
	for i, c := range text {
		if lower(v[i]) != c {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
