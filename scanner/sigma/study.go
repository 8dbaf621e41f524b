package sigma

import (
	"regexp/syntax"
	"runtime"
	"sync"
	"sync/atomic"
)

// A study is what Compile asks of a regular expression, whatever field it is of. It
// depends on nothing else, so it may be made by anybody at any time.
type study struct {
	err    error // of parsing
	size   int   // see regexSize
	repeat int   // see largestRepeat
	least  int   // see shortestMatch
	needs  [][]string

	plain bool // it is the literal text, tied as shape says
	shape shape
	text  string
}

func newStudy(text string, flags syntax.Flags) *study {
	tree, err := syntax.Parse(text, flags)
	if err != nil {
		return &study{err: err}
	}
	s := &study{size: regexSize(tree), repeat: largestRepeat(tree), least: shortestMatch(tree)}
	if s.shape, s.text, s.plain = plainRegex(tree); !s.plain && s.size <= maxRegexSize {
		s.needs = neededSets(tree.Simplify())
	}
	return s
}

// Studies are those of one Compile, by the text of the expression with its flags in
// front. To make them is a quarter of what it does; so while it goes through the rules
// from the first on, a second goroutine does so from the last, and makes studies until
// the two meet.
type studies struct {
	made  sync.Map
	done  atomic.Bool
	ahead sync.WaitGroup
}

// start begins to study the expressions of rules, if there is a processor for it.
// stop must follow.
func (s *studies) start(rules []*Rule) {
	if runtime.GOMAXPROCS(0) == 1 {
		return
	}
	s.ahead.Go(func() {
		for i := len(rules) - 1; i >= 0 && !s.done.Load(); i-- {
			rules[i].detection.root.walk(map[*expr]bool{}, s.item)
		}
	})
}

func (s *studies) stop() {
	s.done.Store(true)
	s.ahead.Wait()
}

// item studies the expressions of an item, as it will turn out to be if nothing
// replaces parts of them.
func (s *studies) item(it *item) {
	for i, name := range it.mods {
		if name != "re" {
			continue
		}
		flags := ""
		for _, name := range it.mods[i+1:] {
			flags += name
		}
		for _, v := range it.values {
			if len(v.text) <= maxRegexBytes {
				s.of(v.text, regexFlags(flags))
			}
		}
	}
}

// of returns the study of an expression, and its text with its flags in front.
func (s *studies) of(text string, flags syntax.Flags) (*study, string) {
	key := flagPrefix(flags) + text
	if have, ok := s.made.Load(key); ok {
		return have.(*study), key
	}
	made := newStudy(text, flags)
	s.made.Store(key, made)
	return made, key
}

// regexFlags are the flags that the modifiers behind re stand for.
func regexFlags(names string) syntax.Flags {
	flags := syntax.Perl
	for _, f := range names {
		switch f {
		case 'i':
			flags |= syntax.FoldCase
		case 'm':
			flags &^= syntax.OneLine
		case 's':
			flags |= syntax.DotNL
		}
	}
	return flags
}
