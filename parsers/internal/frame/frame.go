package frame

import (
	"bytes"
	"io"

	"tideline/parsers"
)

// A Kind says what a Piece is.
type Kind uint8

// The kinds of Piece.
const (
	Record Kind = iota // to be decoded
	Note               // bytes between records
	Gap                // bytes that were skipped
)

// A Piece is a stretch of the stream. Its bytes are borrowed until the next
// call of Next.
type Piece struct {
	Kind Kind
	// Record is the record of a Record, without what ends it; of the others
	// only Pos is set.
	Record parsers.Record
	// Code and Reason are those of the Remark that a Note or Gap becomes, and
	// of a Record why it is Cut; empty for a sound one.
	Code, Reason string
	// Lost: what Code says of a Record is a gap, though the rest of it was read.
	Lost bool
	// Other, of a sound Record, says that it is no loss if no format knows it,
	// and why: it is another program's.
	Other string
	// Lead and Trail are what stands around a Record that the Framer cut, in its piece:
	// blanks, newlines, commas of an array.
	Lead, Trail []byte
	// Size is how many bytes of the stream, as read, the piece covers: the
	// record and what stands around it.
	Size int64
}

// Options bound a Framer. The zero value is the default.
type Options struct {
	MaxRecord int // Optional: bytes of the longest record handed on whole; 0 means 64 MiB
	Block     int // Optional: bytes read at a time; 0 means 256 KiB
}

// DefaultMaxRecord is Options.MaxRecord if that is zero. The API server takes
// requests of 3 MiB; what is longer is the answer to a list. Of records there are as
// many as workers, and what is parsed of each is held once more.
const DefaultMaxRecord = 64 << 20

const (
	defaultBlock = 256 << 10
	minBlock     = 16
	maxContext   = 64 << 10  // bytes of a wrapper's head
	maxFastLine  = 128 << 10 // bytes of a line that is looked at as a line first
	maxBlank     = 64 << 10  // bytes between records that are one piece
)

// A Framer cuts one stream into pieces. One goroutine uses it.
type Framer struct {
	win  window
	wide *transcoder // not nil: the stream is UTF-16
	max  int
	held int // bytes of the window that the piece given out last covers

	behind parsers.Pos // of a record that was folded: where the stream goes on

	started bool
	waiting []Piece // notes on the stream as a whole, to be given out first

	walker walker
	levels []level // arrays that are open, outermost first
	ctx    []byte  // heads of the wrappers that are open
	tail   bool    // between the end of an array and that of its wrapper
	over   excess  // skipping the rest of a record above the limit
	rows   bool    // the stream is a CSV table
	docs   bool    // the stream is a row of YAML documents
	items  bool    // of which each is an item of a list
	header int     // length of its header, with which ctx then begins
	head   headKey // of objects known not to be wrappers
	lost   lost
}

// A level is an array whose members are records.
type level struct {
	ctx     int // length of Framer.ctx without the head of this array
	objects int // objects that enclose it, up to the next array: those of its wrapper
}

// New returns a Framer that reads r.
func New(r io.Reader, o Options) *Framer {
	f := &Framer{max: o.MaxRecord}
	if f.max <= 0 {
		f.max = DefaultMaxRecord
	}
	f.win = window{src: r, line: 1, block: o.Block, limit: f.max, eol: '\n'}
	if f.win.block <= 0 {
		f.win.block = defaultBlock
	}
	f.win.block = max(f.win.block, minBlock)
	return f
}

// Close gives the buffer back for other streams. Neither the Framer nor bytes of
// its pieces may be used any more; it does not close the stream.
func (f *Framer) Close() { f.win.free() }

// Peek returns the beginning of what Next has not yet given out, up to
// parsers.SniffLen bytes, without a byte order mark and as UTF-8.
func (f *Framer) Peek() []byte {
	f.release()
	f.start()
	f.win.need(parsers.SniffLen)
	b := f.win.data()
	return b[:min(len(b), parsers.SniffLen)]
}

// Rest returns the stream as UTF-8, from what Next has not yet given out on, for
// another way of cutting it, and the offset where that begins. Of the Framer only Aside
// and Measure may be called then.
func (f *Framer) Rest() (r io.Reader, off int64) {
	f.release()
	return io.MultiReader(bytes.NewReader(bytes.Clone(f.win.data())), &remaining{w: f.win}), f.win.off
}

// Aside replaces *p by the next piece that stands beside what Rest reads: a byte order
// mark before it, and, when all of it was read, half a character behind it. It reports
// false if there is none now.
func (f *Framer) Aside(p *Piece) bool {
	if len(f.waiting) > 0 {
		*p = f.waiting[0]
		f.waiting = f.waiting[1:]
		return true
	}
	return f.oddEnd(p)
}

// Measure returns how many bytes of the stream as it is b was, which Rest read.
func (f *Framer) Measure(b []byte) int64 { return f.win.size(b) }

// Wide reports whether the stream is UTF-16.
func (f *Framer) Wide() bool { return f.wide != nil }

// Next replaces *p by the next piece. It returns io.EOF after the last one of a
// stream that ended cleanly, else the error of the reader that cut the stream
// short: all that was read before it has been given out then.
func (f *Framer) Next(p *Piece) error {
	f.release()
	f.start()
	if len(f.waiting) > 0 {
		*p = f.waiting[0]
		f.waiting = f.waiting[1:]
		return nil
	}
	*p = Piece{}
	for {
		if len(f.win.data()) == 0 && !f.win.more() {
			return f.end(p)
		}
		if f.step(p) {
			return nil
		}
	}
}

func (f *Framer) release() {
	if f.held > 0 {
		f.win.skip(f.held)
		f.held = 0
		if f.behind.Line > 0 {
			f.win.off, f.win.line = f.behind.Offset, f.behind.Line
			f.behind = parsers.Pos{}
		}
	}
}

// end gives out what is left of a stream that has no more bytes.
func (f *Framer) end(p *Piece) error {
	if f.oddEnd(p) {
		return nil
	}
	return f.win.err
}

// oddEnd gives out what UTF-16 that has been read had too little or too much of.
func (f *Framer) oddEnd(p *Piece) bool {
	if f.wide != nil && f.wide.odd > 0 {
		*p = Piece{Kind: Note, Code: "text.utf16", Reason: "half a UTF-16 character at the end of the stream", Size: f.wide.odd}
		p.Record.Pos = f.pos(0, 0)
		f.wide.odd = 0
		return true
	}
	if f.wide != nil && f.wide.shifted > 0 {
		*p = Piece{Kind: Note, Code: "text.utf16", Reason: "a byte of UTF-16 is missing or too much in places; the text was read on behind each"}
		p.Record.Pos = f.pos(0, 0)
		f.wide.shifted = 0
		return true
	}
	return false
}

// start looks at the beginning of the stream: its encoding, how its lines end,
// and whether it is a table.
func (f *Framer) start() {
	if f.started {
		return
	}
	f.started = true
	f.win.need(4)
	f.encoding()
	f.win.need(parsers.SniffLen)
	f.lineEnding()
	f.tableHeader()
	f.documents()
}

func (f *Framer) encoding() {
	b := f.win.data()
	if bytes.HasPrefix(b, []byte(bom)) {
		f.announce("text.bom", "UTF-8 byte order mark", f.win.skip(3))
		return
	}
	order, mark := utf16Order(b)
	if order == 0 {
		return
	}
	rest := io.MultiReader(bytes.NewReader(bytes.Clone(b[mark:])), &remaining{w: f.win})
	f.wide = newTranscoder(rest, order, f.win.block)
	f.win = window{src: f.wide, line: 1, block: f.win.block, limit: f.max, eol: '\n', wide: true}
	f.announce("text.utf16", "UTF-16, read as UTF-8: offsets count bytes of the UTF-8 text", int64(mark))
}

// remaining is what a window had still to read from its source.
type remaining struct{ w window }

func (r *remaining) Read(p []byte) (int, error) {
	if r.w.err != nil {
		return 0, r.w.err
	}
	return r.w.src.Read(p)
}

func (f *Framer) lineEnding() {
	b := f.win.data()
	b = b[:min(len(b), parsers.SniffLen)]
	if i := bytes.IndexByte(b, '\r'); i >= 0 && i < len(b)-1 && bytes.IndexByte(b, '\n') < 0 {
		f.win.eol = '\r'
		f.announce("line.cr_only", "lines end with CR alone", 0)
	}
}

// announce puts a note on the stream as a whole before its first piece.
func (f *Framer) announce(code, reason string, size int64) {
	n := Piece{Kind: Note, Code: code, Reason: reason, Size: size}
	n.Record.Pos = parsers.Pos{Line: 1, Length: size}
	f.waiting = append(f.waiting, n)
}

// pos is the place of data[from:to].
func (f *Framer) pos(from, to int) parsers.Pos {
	line := f.win.line
	if from > 0 {
		line += int64(bytes.Count(f.win.data()[:from], []byte{f.win.eol}))
	}
	return parsers.Pos{Line: line, Offset: f.win.off + int64(from), Length: int64(to - from)}
}

// record makes p the record data[from:to] in a piece that ends at next.
func (f *Framer) record(p *Piece, from, to, next int) bool {
	b := f.win.data()
	p.Kind = Record
	p.Record.Data = b[from:to:to]
	p.Record.Raw = p.Record.Data
	p.Record.Pos = f.pos(from, to)
	if len(f.ctx) > 0 {
		p.Record.Context = f.ctx
	}
	p.Size = f.win.size(b[:next])
	p.Lead, p.Trail = b[:from:from], b[to:next:next]
	f.held = next
	return true
}

// cut is record, of one whose end is missing.
func (f *Framer) cut(p *Piece, from, to, next int, code, reason string) bool {
	p.Record.Cut = true
	p.Code, p.Reason = code, reason
	f.record(p, from, to, next)
	if code == codeBroken && (p.Record.Data[0] == '{' || p.Record.Data[0] == '[') {
		f.lose(p.Record.Data, next)
	}
	return true
}

// note makes p a note of the first n bytes.
func (f *Framer) note(p *Piece, n int, code, reason string) bool {
	p.Kind, p.Code, p.Reason = Note, code, reason
	p.Record.Pos = f.pos(0, n)
	p.Size = f.win.skip(n)
	return true
}
