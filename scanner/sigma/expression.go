package sigma

import (
	"bytes"
	"hash/maphash"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// expression searches with a regular expression of RE2. What it needs and the
// expression itself are made when they are first asked for: of the hundreds that
// rules bring, the witnesses in front of them let a log get to a few.
type expression struct {
	re     func() *regexp.Regexp
	needs  func() []required
	key    string // flags and text: what tells expressions apart
	size   int    // instructions: what a byte may cost
	least  int    // bytes of the shortest match
	number int    // among those of its set
	show   string
}

func (e *expression) folded() bool   { return false }
func (e *expression) String() string { return e.show }

func (e *expression) holds(v []byte, sc *Scratch) bool {
	return len(v) >= e.least && sc.spend(len(v)*e.size) && mayHold(e.needs(), v) && sc.answers.match(e, v)
}

// answers remember what expressions said of values: logs repeat themselves. An
// answer is kept with its value, so that it is never that of another one.
type answers struct {
	seed     maphash.Seed
	slots    []answer  // by hash; nil until an expression is asked
	machines []machine // by the number of the expression
}

type answer struct {
	of    *expression
	value []byte
	holds bool
}

// Sizes of answers; longer values are asked again.
const (
	answerSlots = 512
	answerBytes = 256
)

// match asks e about v, or remembers.
func (a *answers) match(e *expression, v []byte) bool {
	if len(v) > answerBytes {
		return a.ask(e, v)
	}
	if a.slots == nil {
		a.seed, a.slots = maphash.MakeSeed(), make([]answer, answerSlots)
	}
	spread := uint64(e.number) * 97 // the answers of several expressions about one value
	slot := &a.slots[(maphash.Bytes(a.seed, v)+spread)%answerSlots]
	if slot.of != e || !bytes.Equal(slot.value, v) {
		slot.holds = a.ask(e, v)
		slot.of, slot.value = e, append(slot.value[:0], v...)
	}
	return slot.holds
}

// A machine is how an expression is asked: by regexp, and by a DFA when it has been
// asked often enough to be worth one.
type machine struct {
	asked int
	dfa   *lazyDFA // nil: not made, or too large
}

const worthDFA = 32 // times

// ask asks e about v.
func (a *answers) ask(e *expression, v []byte) bool {
	for len(a.machines) <= e.number {
		a.machines = append(a.machines, machine{})
	}
	m := &a.machines[e.number]
	if m.asked++; m.asked == worthDFA {
		m.dfa = newLazyDFA(e.text())
	}
	if m.dfa != nil {
		if holds, known := m.dfa.match(v); known {
			return holds
		}
	}
	return e.re().Match(v)
}

// text is what regexp is given.
func (e *expression) text() string { return asPCRE(parsed(e.key), e.key) }

// newExpression makes the test for an expression. key is its text with its flags in
// front, number how many there were before.
func newExpression(of *study, key, show string, number int) *expression {
	e := &expression{key: key, size: of.size, least: of.least, number: number, show: show}
	// It is parsed again, so that no tree need be kept.
	e.re = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(e.text()) })
	e.needs = sync.OnceValue(func() []required { return needsOf(parsed(key)) })
	return e
}

// parsed is the tree of an expression that is known to parse.
func parsed(key string) *syntax.Regexp {
	tree, err := syntax.Parse(key, syntax.Perl)
	if err != nil {
		panic("sigma: an expression that was parsed is refused: " + err.Error())
	}
	return tree
}

// flagPrefix is flags as an expression spells them.
func flagPrefix(flags syntax.Flags) string {
	set := ""
	for _, f := range []struct {
		letter string
		on     bool
	}{{"i", flags&syntax.FoldCase != 0}, {"m", flags&syntax.OneLine == 0}, {"s", flags&syntax.DotNL != 0}} {
		if f.on {
			set += f.letter
		}
	}
	if set == "" {
		return ""
	}
	return "(?" + set + ")"
}

// asPCRE returns an expression like tree in which a $ at the end of the text
// matches before a final newline too, as PCRE does: a line break behind a value
// must not hide it. Writing out a tree is slow, so that the text is changed
// where that is certain.
func asPCRE(tree *syntax.Regexp, text string) string {
	if !hasDollar(tree) {
		return text
	}
	if changed, ok := softDollars(text); ok {
		return changed
	}
	return dollar(tree).String()
}

// softDollar is what stands for a $.
const softDollar = `(?:\n?\z)`

// hasDollar reports whether a $ of re means the end of the text.
func hasDollar(re *syntax.Regexp) bool {
	if re.Op == syntax.OpEndText && re.Flags&syntax.WasDollar != 0 {
		return true
	}
	return slices.ContainsFunc(re.Sub, hasDollar)
}

// softDollars replaces every $ of text that is an operator. It gives up on
// texts in which that is not plain: quoted ones, and those in which ^ and $
// mean lines.
func softDollars(text string) (string, bool) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			if text[i+1] == 'Q' {
				return "", false
			}
			out.WriteString(text[i : i+2])
			i++
		case c == '[':
			n := classLength(text[i:])
			out.WriteString(text[i : i+n])
			i += n - 1
		case c == '(' && strings.HasPrefix(text[i:], "(?") && linesFlag(text[i+2:]):
			return "", false
		case c == '$':
			out.WriteString(softDollar)
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), true
}

// linesFlag reports whether a group that begins with s switches the flag m.
func linesFlag(s string) bool {
	end := strings.IndexAny(s, ":)<P")
	return end < 0 || strings.Contains(s[:end], "m")
}

// classLength is the length of the character class that s, which parses,
// begins with.
func classLength(s string) int {
	i := 1
	if strings.HasPrefix(s[i:], "^") {
		i++
	}
	for first := true; i < len(s); first = false {
		switch {
		case s[i] == ']' && !first:
			return i + 1
		case s[i] == '\\':
			i += 2
		case strings.HasPrefix(s[i:], "[:"):
			if n := strings.Index(s[i+2:], ":]"); n >= 0 {
				i += n + 4
			} else {
				i++
			}
		default:
			i++
		}
	}
	return len(s)
}

// dollar makes every $ of re soft.
func dollar(re *syntax.Regexp) *syntax.Regexp {
	if re.Op == syntax.OpEndText && re.Flags&syntax.WasDollar != 0 {
		end, _ := syntax.Parse(softDollar, syntax.Perl) // a constant that parses
		return end
	}
	for i, s := range re.Sub {
		re.Sub[i] = dollar(s)
	}
	return re
}
