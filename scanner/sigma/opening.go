package sigma

import "regexp/syntax"

// An opening is a text that a match may begin with.
type opening struct {
	text   string
	folded bool // any case will do
}

// openings are texts of which every match of re begins with one; nil if no few
// such are known. The parser of expressions takes out what alternatives have in
// common ("/var/log|/var/lib" is "/var/l" and then "og" or "ib"), and what is left
// of each says little: openings put them together again.
func openings(re *syntax.Regexp) []opening {
	switch re.Op {
	case syntax.OpLiteral:
		return []opening{{string(re.Rune), re.Flags&syntax.FoldCase != 0}}
	case syntax.OpCapture:
		return openings(re.Sub[0])
	case syntax.OpConcat:
		return openingsOf(re.Sub)
	case syntax.OpAlternate:
		var all []opening
		for _, sub := range re.Sub {
			o := openings(sub)
			if o == nil || len(all)+len(o) > maxRequired {
				return nil
			}
			all = append(all, o...)
		}
		return all
	}
	return nil
}

// openingsOf is openings of expressions that follow one another.
func openingsOf(subs []*syntax.Regexp) []opening {
	first := openings(subs[0])
	if subs[0].Op != syntax.OpLiteral || len(subs) == 1 {
		return first
	}
	next := openings(subs[1])
	if next == nil {
		return first
	}
	var all []opening
	for _, o := range next {
		if o.folded != first[0].folded {
			return first
		}
		all = append(all, opening{first[0].text + o.text, o.folded})
	}
	return all
}

// requiredOpenings are those of expressions that follow one another as texts of
// which one is required; nil if one of them is too short to look for.
func requiredOpenings(subs []*syntax.Regexp) (out required) {
	if subs[0].Op != syntax.OpLiteral || len(subs) == 1 {
		return nil
	}
	for _, o := range openingsOf(subs) {
		t := requiredOpening(o)
		if t == nil {
			return nil
		}
		out = append(out, *t)
	}
	return out
}

// neededOpenings are the texts of openings, for needed.
func neededOpenings(subs []*syntax.Regexp) (out []string) {
	if subs[0].Op != syntax.OpLiteral || len(subs) == 1 {
		return nil
	}
	for _, o := range openingsOf(subs) {
		out = append(out, o.text)
	}
	return out
}
