package formats

import (
	"errors"
	"slices"

	"tideline/parsers"
	"tideline/parsers/envelope"
	"tideline/parsers/internal/frame"
)

// A lane turns records into events for one sink: the decoders of one stream,
// or of a share of it, and what the last record was.
type lane struct {
	formats    []*parsers.Format
	envelopes  []envelope.Envelope
	vocabulary *vocabulary
	options    parsers.Options
	curious    bool // looks into every line: see reader
	outputAt   int  // index of the format of container output; -1: it is not asked
	stream     laneStream

	sink    parsers.Sink
	refused error // by the sink
	account account
	joiner  joiner

	resume   *parsers.Carry
	spares   parsers.Spares
	decoders []parsers.Decoder // by format; nil until the first record of it
	runners  []parsers.Runner  // those of them that are
	emits    []func(*parsers.Event) error
	emit     func(*parsers.Record) error // innerRecord, for envelopes

	hints     [envelope.MaxDepth + 1]hint // by depth
	barren    barren                      // kinds of line of container output
	foreign   barren                      // kinds of line that no format takes
	unclaimed bool                        // the last record is of none

	hand  inHand
	order []ranked                            // scratch of sniff
	rooms [envelope.MaxDepth + 1]parsers.Room // scratch: for what is inside, by depth
}

// A laneStream is the stream that a lane reads, or shares.
type laneStream struct {
	path    string
	origin  parsers.Origin
	forced  bool   // the format was given: it is asked, whatever it is sure of
	journal bool   // it is a binary journal
	lift    string // what would make readable what framing skips
	prefix  []byte // what it begins with, for its first record
	kind    byte   // what the first record that was taken begins with
}

// An inHand is what is known of the piece in hand.
type inHand struct {
	said        []refusal          // by format
	asked       bool               // said is known
	outputSure  parsers.Confidence // of the format of container output
	outputAsked bool               // outputSure is known
	fate        fate
	short       bool           // a record of the piece was understood as far as it goes
	worst       parsers.Remark // on a record of the piece that is lost or noted

	// Of the record in hand, which is the piece or stood in it.
	depth  int // how many envelopes it was taken out of
	opened opened
	sole   bool              // the record that was opened last is in no other envelope, and foreign
	around parsers.Container // of the record that it was taken out of
	output bool              // it was taken out of a line of container output
}

// A hint is what the last record at one depth was. Zero is nothing.
type hint struct {
	format   int // index of the format + 1
	envelope int // index of the envelope + 1
	output   bool
	key      key // of the record, if the envelope opens any: a guide to those that begin alike
}

// A fate is what became of a piece, the best of its records.
type fate uint8

const (
	unclaimed  fate = iota // no format took it
	noted                  // unusable, and no loss
	lost                   // unusable
	understood             // at least in part
)

func newLane(formats []*parsers.Format, r *reader, s parsers.Stream, o parsers.ReadOptions, sink parsers.Sink) *lane {
	l := &lane{
		formats: formats, envelopes: r.envelopes, vocabulary: r.vocabulary, curious: r.curious, options: o.Options, sink: sink, resume: o.Resume,
		stream:   laneStream{path: s.Path, origin: s.Origin, forced: o.Format != "", lift: "a higher --max-record"},
		decoders: make([]parsers.Decoder, len(formats)), runners: make([]parsers.Runner, len(formats)), emits: make([]func(*parsers.Event) error, len(formats)),
	}
	l.account.init(len(formats))
	l.hand.said = make([]refusal, len(formats))
	l.outputAt = slices.IndexFunc(formats, func(f *parsers.Format) bool { return f.Name == outputName })
	for i, f := range formats {
		l.emits[i] = func(ev *parsers.Event) error {
			l.account.events++
			if err := l.sink.Event(f, ev); err != nil {
				l.refused = err
				return err
			}
			return nil
		}
	}
	l.emit = l.innerRecord
	return l
}

// piece accounts for one piece of the stream and decodes it if it is a record.
// Its error is that of the sink.
func (l *lane) piece(p *frame.Piece) error {
	if held, err := l.join(p); held || err != nil {
		return err
	}
	return l.single(p)
}

// single is piece for one that is no part of a longer line.
func (l *lane) single(p *frame.Piece) error {
	l.account.read += p.Size
	if p.Kind != frame.Record {
		r := parsers.Remark{Code: p.Code, Gap: p.Kind == frame.Gap, Pos: p.Record.Pos, Bytes: p.Size, Reason: p.Reason}
		if r.Gap {
			r.Lift = l.stream.lift
		}
		l.account.remark(r, l.framing(&r))
		return nil
	}
	l.account.records++
	l.begin()
	p.Record.Origin = l.stream.origin
	taken, err := l.record(&p.Record)
	l.stream.prefix = nil
	if err != nil {
		return err
	}
	l.unclaimed = !taken
	if taken && l.stream.kind == 0 {
		l.stream.kind = p.Record.Raw[0]
	}
	l.book(p, taken)
	return nil
}

// framing is who says r of the stream. What is missing of a journal is missing,
// whatever the rest of it turns out to be.
func (l *lane) framing(r *parsers.Remark) author {
	if l.stream.journal && r.Gap {
		return ofDecoder
	}
	return ofFraming
}

// begin makes ready for the next record.
func (l *lane) begin() {
	h := &l.hand // not all of it: it is done for every record, and open leaves the rest as it was
	h.fate, h.short, h.depth, h.worst, h.asked, h.outputAsked = unclaimed, false, 0, parsers.Remark{}, false, false
}

// claim is known of one that is looked into. What the last one was is tried first.
func (l *lane) claim(rec *parsers.Record) (bool, error) {
	h := l.hints[l.hand.depth]
	if h.format > 0 {
		if taken, err := l.decode(h.format-1, rec); taken || err != nil {
			return taken, err
		}
	}
	if h.key != (key{}) {
		if h.key != firstKey(rec.Data) {
			h.envelope = 0 // another may know it better
		} else if taken, err := l.searchKnown(rec, &h); taken || err != nil {
			return taken, err
		}
	}
	if h.envelope > 0 {
		if taken, err := l.open(h.envelope-1, rec); taken || err != nil {
			return taken, err
		}
	}
	return l.search(rec, h)
}

// decode gives rec to a format and books what it says. Foreign records are
// not taken.
func (l *lane) decode(format int, rec *parsers.Record) (bool, error) {
	if l.decoders[format] == nil {
		d, err := l.newDecoder(format)
		if err != nil {
			return false, err
		}
		l.decoders[format] = d
		l.foreign = barren{} // it is asked of all lines from now on
		l.runners[format], _ = d.(parsers.Runner)
	}
	err := l.decoders[format].Decode(rec, l.emits[format])
	if err == parsers.ErrForeign {
		return false, nil
	}
	if err := l.outcome(format, rec, err); err != nil {
		return false, err
	}
	if l.formats[format].Name == outputName {
		// Its lines are looked into one by one: any may carry an event.
		l.hints[l.hand.depth] = hint{output: true}
	} else {
		l.hints[l.hand.depth] = hint{format: format + 1}
	}
	return true, nil
}

// outcome books what a decoder returned for a record that it took.
func (l *lane) outcome(format int, rec *parsers.Record, err error) error {
	if l.refused != nil {
		return l.refused
	}
	if err != nil {
		bad := recordError(err)
		if bad == nil {
			return err
		}
		if !bad.Kept || !rec.Cut || bad.Code != codeCut {
			l.bad(rec, bad)
		}
		if !bad.Kept {
			return nil
		}
	}
	l.hand.fate = understood
	l.hand.short = l.hand.short || rec.Cut
	l.account.recognised[format]++
	if rec.Origin.Envelope != "" {
		if l.account.unwrapped++; l.account.envelope == "" {
			l.account.envelope, l.account.envelopeAt = rec.Origin.Envelope, rec.Pos
		}
	}
	return nil
}

// codeCut is what formats say of a record that lacks its end. The reader knows
// better where the end was lost.
const codeCut = "line.truncated_tail"

// recordError is what err says of a record, nil if it is of another kind.
func recordError(err error) *parsers.RecordError {
	bad, _ := errors.AsType[*parsers.RecordError](err)
	return bad
}

// bad books a record that is unusable in whole or in part. One such remark is
// kept back until it is known whether the piece holds a better record.
func (l *lane) bad(rec *parsers.Record, e *parsers.RecordError) {
	r := parsers.Remark{Code: e.Code, Gap: !e.Note, Pos: rec.Pos, Reason: e.Reason, Lift: e.Lift}
	switch {
	case e.Kept:
		l.hand.fate = understood
	case e.Note:
		l.hand.fate = max(l.hand.fate, noted)
	default:
		l.hand.fate = max(l.hand.fate, lost)
	}
	if l.hand.worst.Code == "" || (r.Gap && !l.hand.worst.Gap) {
		r, l.hand.worst = l.hand.worst, r
	}
	if r.Code != "" {
		l.account.remark(r, ofDecoder)
	}
}

// flush ends the decoders, in the order of the list.
func (l *lane) flush() error {
	if err := l.separate(); err != nil {
		return err
	}
	for i, d := range l.decoders {
		if d == nil {
			continue
		}
		err := d.Flush(l.emits[i])
		if l.refused != nil {
			return l.refused
		}
		if err == nil {
			continue
		}
		for _, err := range unjoined(err) {
			bad := recordError(err)
			if bad == nil {
				return err
			}
			l.account.remark(parsers.Remark{Code: bad.Code, Gap: !bad.Note, Reason: bad.Reason, Lift: bad.Lift}, ofDecoder)
		}
	}
	return nil
}

// unjoined undoes errors.Join.
func unjoined(err error) []error {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		return all.Unwrap()
	}
	return []error{err}
}

// stateless reports whether what was read so far came from formats of which a
// stream may be cut anywhere.
func (l *lane) stateless() bool {
	if l.joiner.holds() {
		return false
	}
	if e := l.hints[0].envelope; e > 0 && l.envelopes[e-1].Output {
		return false // lines of it may have to be joined
	}
	any := false
	for i, d := range l.decoders {
		if d != nil && l.formats[i].Stateful {
			return false
		}
		any = any || l.account.recognised[i] > 0
	}
	return any
}
