package jsonfields

import (
	"fmt"
	"strings"

	"github.com/valyala/fastjson"
)

// Limits of one record.
const (
	// MaxDepth is how deeply containers may be nested, as encoding/json and
	// the Kubernetes API server have it. What lies deeper is skipped: Doc.Deep.
	MaxDepth = 10_000
	// MaxValues is about how many values of a record are kept: a tree of them
	// takes some 30 MB. Of larger records every member of the outermost
	// object is kept and the inner ones are thinned: Doc.Dropped.
	MaxValues = 1 << 18

	// treeDepth is how deep the tree is, which fastjson walks by recursion.
	// Below it a container is kept as the flat list of its scalars: no field
	// has a name that long, and a search for words still sees them.
	treeDepth = 256
	// keepValues and keepBytes are the size of the record whose memory is kept
	// for the next.
	keepValues = 1 << 13
	keepBytes  = 1 << 20
)

// A SyntaxError says where a record stops being JSON.
type SyntaxError struct {
	Offset int    // bytes from the start of the record
	Reason string // short, whatever the input is
}

// Error gives the place and the reason.
func (e *SyntaxError) Error() string { return fmt.Sprintf("at byte %d: %s", e.Offset, e.Reason) }

// A Parser reads records one after the other and reuses its memory. The zero
// value is ready. It is not for concurrent use.
type Parser struct {
	tree  fastjson.Parser
	scan  scan
	bytes int // of the record
	doc   Doc
}

// Parse reads the JSON value that data starts with. The Doc is never nil: if
// the error, which is a *SyntaxError, is not nil it holds the members that
// were complete before the damage, and may be empty.
func (p *Parser) Parse(data []byte) (*Doc, error) {
	p.Release()
	text, damage := p.scan.run(data)
	p.scan.in, p.bytes = nil, len(data)
	p.doc.reset(&p.scan)
	if len(text) > 0 {
		p.grow(p.scan.values)
		root, err := p.tree.ParseBytes(text)
		if err != nil {
			// The scan lets nothing through that fastjson refuses; the fuzz
			// target holds it to that. Should it happen, the record is lost
			// as a whole, but not in silence.
			return &p.doc, &SyntaxError{Reason: fmt.Sprintf("not readable: %.100q", err.Error())}
		}
		p.doc.root = root
	}
	if damage != nil {
		return &p.doc, damage
	}
	return &p.doc, nil
}

// Release gives back what a large record took; the Doc is good no longer. Parse
// does so itself: who knows that no record follows soon does it sooner.
func (p *Parser) Release() {
	if p.scan.values > keepValues || p.bytes > keepBytes {
		*p = Parser{}
	}
}

// grow makes room for a tree of so many values. fastjson makes it step by step, and
// leaves behind what it had before with the values in it that are in use: four
// times of what is needed. So it is given trees to make that nobody needs, each of
// which takes one step.
func (p *Parser) grow(values int) {
	if values <= keepValues {
		return
	}
	for n := keepValues / 8; n < values; n += n / 5 {
		p.tree.Parse("[" + strings.Repeat("0,", n) + "0]")
	}
}

// A Doc is one parsed record.
type Doc struct {
	root  *fastjson.Value
	arena []byte // texts of numbers and objects
	end   int
	scan  *scan
}

func (d *Doc) reset(s *scan) {
	if cap(d.arena) > 1<<20 {
		d.arena = nil
	}
	*d = Doc{arena: d.arena[:0], end: s.pos, scan: s}
}

// Root is the outermost value; absent if nothing could be read.
func (d *Doc) Root() Value { return Value{d, d.root} }

// End is the offset in the record behind the value, and behind the white space
// that follows it: what stands there belongs to no value of this Doc. It means
// nothing if Parse failed.
func (d *Doc) End() int { return d.end }

// Lenient says, in a few words, which departure from RFC 8259 was met first and
// read nevertheless; empty if there was none.
func (d *Doc) Lenient() string { return d.scan.lenient }

// Deep reports whether values were left out because they lie deeper than
// MaxDepth.
func (d *Doc) Deep() bool { return d.scan.deep }

// Dropped reports whether values were left out because there are more than
// MaxValues of them.
func (d *Doc) Dropped() bool { return d.scan.dropped }
