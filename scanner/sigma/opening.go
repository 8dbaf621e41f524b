package sigma

import (
	"regexp/syntax"
	"slices"
	"unicode"
	"unicode/utf8"
)

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
	case syntax.OpCharClass:
		return members(re)
	}
	return nil
}

// maxClass is how many characters of a class are told one by one.
const maxClass = 8

// members are the characters of a class that has few: "gh[opsu]_" is what the
// parser makes of "ghp_|gho_|...". Where any case will do the class has both.
func members(class *syntax.Regexp) (out []opening) {
	var all []rune
	for i := 0; i+1 < len(class.Rune); i += 2 {
		for r := class.Rune[i]; r <= class.Rune[i+1]; r++ {
			if len(all) == 3*maxClass {
				return nil
			}
			all = append(all, r)
		}
	}
	folded := bothCases(all)
	for _, r := range all {
		switch {
		case !folded:
			out = append(out, opening{string(r), false})
		case r < utf8.RuneSelf && r == unicode.ToLower(r):
			out = append(out, opening{string(r), true})
		}
	}
	if len(out) > maxClass {
		return nil
	}
	return out
}

// bothCases reports whether there are letters, all of them in ASCII, and each in
// either case. The two others that fold to one of those are passed over.
func bothCases(all []rune) bool {
	letters := false
	for _, r := range all {
		switch {
		case r == '\u017f' || r == '\u212a':
		case r >= utf8.RuneSelf:
			return false
		case unicode.IsLetter(r):
			letters = true
			if !slices.Contains(all, unicode.ToLower(r)) || !slices.Contains(all, unicode.ToUpper(r)) {
				return false
			}
		}
	}
	return letters
}

// Limits of what openings are made of. A counted repeat is written out when an
// expression is simplified, so hundreds may follow one another.
const (
	maxFollowed     = 32 // expressions
	maxOpeningBytes = 64
)

// openingsOf is openings of expressions that follow one another.
func openingsOf(subs []*syntax.Regexp) (rest []opening) {
	subs = subs[:min(len(subs), maxFollowed)]
	for i := len(subs) - 1; i >= 0; i-- {
		rest = openingsBefore(subs[i], subs[i+1:], rest)
	}
	return rest
}

// openingsBefore is openings of sub with behind it expressions whose openings are rest.
func openingsBefore(sub *syntax.Regexp, behind []*syntax.Regexp, rest []opening) []opening {
	if len(behind) == 0 {
		return openings(sub)
	}
	switch sub.Op {
	case syntax.OpQuest: // "_?key" begins with "_key" or with "key"
		with := openingsBefore(sub.Sub[0], behind, rest)
		if with == nil || rest == nil || len(with)+len(rest) > maxRequired {
			return nil
		}
		return slices.Concat(with, rest)
	case syntax.OpLiteral:
		return followed(openings(sub), rest)
	case syntax.OpCharClass:
		if behind[0].Op == syntax.OpLiteral {
			return followed(openings(sub), openings(behind[0]))
		}
	}
	return openings(sub)
}

// followed is each of first with each of next behind it; first alone where
// that is not known.
func followed(first, next []opening) []opening {
	if next == nil || len(first)*len(next) > maxRequired {
		return first
	}
	var all []opening
	for _, a := range first {
		for _, b := range next {
			if a.folded != b.folded {
				return first
			}
			all = append(all, opening{beginning(a.text + b.text), a.folded})
		}
	}
	return all
}

// beginning is as much of a text as openings keep, in whole characters.
func beginning(text string) string {
	if len(text) <= maxOpeningBytes {
		return text
	}
	n := maxOpeningBytes
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
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
