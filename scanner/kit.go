package scanner

import (
	"math"
	"slices"
	"sync"

	"tideline/parsers"
	"tideline/scanner/sigma"
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

func newKit(rules *Ruleset, f *parsers.Format) *kit {
	k := &kit{format: f, byKind: rules.views(f), limit: math.MaxInt}
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

// kits are those that nobody uses. Whoever reads a stream of their format next takes
// one: to find out anew what is known already takes CPU, and memory for as long as
// it is known twice.
type kits struct {
	rules *Ruleset

	mu      sync.Mutex
	idle    map[*parsers.Format][]*kit
	streams int
}

// maxIdle is how many kits of one format wait. When files of several formats are
// read at once, each time others, some are needed again soon, but not as many as
// there are workers.
const maxIdle = 2

func newKits(rules *Ruleset) *kits {
	return &kits{rules: rules, idle: map[*parsers.Format][]*kit{}}
}

// number returns one that no other stream has.
func (p *kits) number() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.streams++
	return p.streams
}

// take returns a kit for streams of a place, one that knows them if there is one.
func (p *kits) take(f *parsers.Format, place string) *kit {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.idle[f]
	if len(list) == 0 {
		return newKit(p.rules, f)
	}
	at := max(0, slices.IndexFunc(list, func(k *kit) bool { return k.place == place }))
	k := list[at]
	if p.idle[f] = slices.Delete(list, at, at+1); len(p.idle[f]) == 0 {
		delete(p.idle, f)
	}
	return k
}

// give takes a kit back, whose statistics are somebody's whom nobody knows who
// takes it next.
func (p *kits) give(k *kit) {
	k.alike.setAdrift()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle[k.format]) < maxIdle {
		p.idle[k.format] = append(p.idle[k.format], k)
	}
}

// drop lets all idle kits go, and reports whether there were any.
func (p *kits) drop() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	any := len(p.idle) > 0
	clear(p.idle)
	return any
}
