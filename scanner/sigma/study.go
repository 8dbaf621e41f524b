package sigma

import (
	"regexp/syntax"
	"runtime"
	"slices"
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
func (s *studies) start(rules []*Rule, o *Options) {
	if runtime.GOMAXPROCS(0) == 1 {
		return
	}
	s.ahead.Go(func() {
		for i := len(rules) - 1; i >= 0 && !s.done.Load(); i-- {
			left := maxWordings // a rule of more is refused
			rules[i].detection.root.walk(map[*expr]bool{}, func(it *item) {
				if left > 0 {
					left -= s.item(it, o)
				}
			})
		}
	})
}

func (s *studies) stop() {
	s.done.Store(true)
	s.ahead.Wait()
}

// item studies the expressions of an item, as it will turn out to be if nothing
// replaces parts of them, and returns their length.
func (s *studies) item(it *item, o *Options) (length int) {
	if !slices.Contains(it.mods, "re") {
		return 0
	}
	c, err := run(it, o)
	if err != nil {
		return 0 // whoever builds the item says so
	}
	for i, v := range it.values {
		all := []wording{{text: v.text}}
		if c.wordings != nil {
			all = c.wordings[i]
		}
		for _, w := range all {
			if length += len(w.text); len(w.text) <= maxRegexBytes {
				s.of(w.text, regexFlags(c.flags))
			}
		}
	}
	return length
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
