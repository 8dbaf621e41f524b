package scanner

import (
	"math"
	"sync"

	"tideline/parsers"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
	"tideline/scanner/spill"
)

// A kit is what serves the events of one format: the rules for each kind of view,
// and what was found out about events that come again, by the rules and by the
// decoder. One goroutine uses it at a time.
type kit struct {
	format  *parsers.Format
	byKind  []*sigma.Matcher
	scratch []*sigma.Scratch
	limit   int             // size of an event above which it is looked at, whatever it is like
	decoder parsers.Decoder // of the stream before; nil if there is none to spare, or it is in use
	alike   likenesses      // by number, of the decoder
	place   string          // of the streams that alike is of
	stream  int             // that it serves, or served last, see kits.number
}

func newKit(rules *ruleset.Ruleset, f *parsers.Format) *kit {
	k := &kit{format: f, byKind: rules.Views(f), limit: math.MaxInt}
	for _, m := range k.byKind {
		k.scratch = append(k.scratch, m.NewScratch())
		k.limit = min(k.limit, m.Alike())
	}
	return k
}

// serve makes ready for the events of another stream, which d decodes; nil is a
// decoder that is new, and gives numbers of its own.
func (k *kit) serve(stream int, place string, d parsers.Decoder) {
	k.stream, k.decoder = stream, nil
	if k.place != place {
		k.place, k.alike = place, nil // not emptied: there may be few from now on
	}
	if d == nil {
		k.forget()
	}
}

// forget gives up what is known by numbers that a decoder gave.
func (k *kit) forget() {
	k.decoder, k.alike = nil, nil
	for _, sc := range k.scratch {
		sc.ForgetAkin()
	}
}

// kits are those that nobody uses, one of each format. Whoever reads a stream of the
// format next takes it: to find out anew what is known already takes CPU, and memory for
// as long as it is known twice. When more of one format waited, there was less room for
// garbage, which cost more than they saved.
type kits struct {
	rules *ruleset.Ruleset
	short func() bool // memory is: then none waits

	mu      sync.Mutex
	idle    map[*parsers.Format]*kit
	streams int
}

func newKits(rules *ruleset.Ruleset) *kits {
	return &kits{rules: rules, short: spill.MemoryIsShort, idle: map[*parsers.Format]*kit{}}
}

// number returns one that no other stream has.
func (p *kits) number() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.streams++
	return p.streams
}

// take returns the kit of a format, a new one if none waits.
func (p *kits) take(f *parsers.Format) *kit {
	p.mu.Lock()
	k := p.idle[f]
	delete(p.idle, f)
	p.mu.Unlock()
	if k == nil {
		k = newKit(p.rules, f) // nobody else has to wait for it
	}
	return k
}

// give takes a kit back. Whoever takes it next has statistics of his own.
func (p *kits) give(k *kit) {
	if p.short() {
		return
	}
	k.alike.setAdrift()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.idle[k.format] == nil {
		p.idle[k.format] = k
	}
}

// drop lets all idle kits go, and reports whether there were any.
func (p *kits) drop() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	some := len(p.idle) > 0
	clear(p.idle)
	return some
}
