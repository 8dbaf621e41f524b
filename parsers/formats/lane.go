package formats

import (
	"bytes"
	"errors"
	"slices"

	"tideline/parsers"
	"tideline/parsers/envelope"
	"tideline/parsers/internal/frame"
)

// A lane turns records into events for one sink: the decoders of one stream,
// or of a share of it, and what the last record was.
type lane struct {
	formats   []*parsers.Format
	envelopes []envelope.Envelope
	path      string
	origin    parsers.Origin
	options   parsers.Options
	sink      parsers.Sink
	refused   error // by the sink
	account   account

	decoders []parsers.Decoder // by format; nil until the first record of it
	emits    []func(*parsers.Event) error
	emit     func(*parsers.Record) error // innerRecord, for envelopes
	order    []ranked                    // scratch of sniff
	hints    [envelope.MaxDepth + 1]hint // by depth
	prefix   []byte                      // what the stream begins with, for its first record
	kind     byte                        // what the first record that was taken begins with

	depth  int // of the record in hand: how many envelopes it was taken out of
	opened opened
	output bool // the record in hand was taken out of a line of container output
	fate   fate
	worst  parsers.Remark // on a record of the piece in hand that is lost or noted
}

// A hint is what the last record at one depth was. Zero is nothing.
type hint struct {
	format   int // index of the format + 1
	envelope int // index of the envelope + 1
	output   bool
}

// A fate is what became of a piece, the best of its records.
type fate uint8

const (
	unclaimed  fate = iota // no format took it
	noted                  // unusable, and no loss
	lost                   // unusable
	understood             // at least in part
)

func newLane(formats []*parsers.Format, envelopes []envelope.Envelope, s parsers.Stream, o parsers.ReadOptions, sink parsers.Sink) *lane {
	l := &lane{
		formats: formats, envelopes: envelopes, path: s.Path, origin: s.Origin, options: o.Options, sink: sink,
		decoders: make([]parsers.Decoder, len(formats)), emits: make([]func(*parsers.Event) error, len(formats)),
	}
	l.account.init(len(formats))
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
	l.account.read += p.Size
	if p.Kind != frame.Record {
		l.account.remark(parsers.Remark{
			Code: p.Code, Gap: p.Kind == frame.Gap, Pos: p.Record.Pos, Bytes: p.Size, Reason: p.Reason,
		}, ofFraming)
		return nil
	}
	l.account.records++
	l.fate, l.depth, l.worst = unclaimed, 0, parsers.Remark{}
	p.Record.Origin = l.origin
	taken, err := l.record(&p.Record)
	l.prefix = nil
	if err != nil {
		return err
	}
	if taken && l.kind == 0 {
		l.kind = p.Record.Raw[0]
	}
	l.book(p, taken)
	return nil
}

// book books the bytes of a record.
func (l *lane) book(p *frame.Piece, taken bool) {
	r := parsers.Remark{Code: p.Code, Pos: p.Record.Pos, Reason: p.Reason}
	switch {
	case !taken:
		r.Gap, r.Bytes = true, p.Size
		if r.Code == "" {
			r.Code, r.Reason = "line.unknown", "no format recognises it, though others of the stream were understood"
			r.Lift = "a format that knows it; --input-format names one"
		}
		l.account.remark(r, ofUnclaimed)
		return
	case l.fate == understood:
		l.account.bytes.Events += p.Size
	case l.worst.Code == "":
		r.Bytes = p.Size
		if r.Code == "" {
			r.Code, r.Reason = "env.empty", "an envelope without a record"
		}
	default:
		l.worst.Bytes = p.Size
	}
	if l.worst.Code != "" {
		l.account.remark(l.worst, ofDecoder)
	}
	if r.Code != "" {
		l.account.remark(r, ofFraming)
	}
}

// record finds who takes rec, at the depth in hand, and reports whether someone
// did. What the last record was is tried first.
func (l *lane) record(rec *parsers.Record) (bool, error) {
	h := l.hints[l.depth]
	if h.format > 0 {
		if taken, err := l.decode(h.format-1, rec); taken || err != nil {
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

// search tries everything that h is not. Of JSON the format is asked first
// that knows it whole; the prefix of a line comes off first.
func (l *lane) search(rec *parsers.Record, h hint) (bool, error) {
	json := envelope.IsJSON(rec)
	if json {
		if taken, err := l.searchEnvelopes(rec, h, wantFirst); taken || err != nil {
			return taken, err
		}
	}
	if json && !h.output {
		if taken, err := l.searchFormats(rec, h); taken || err != nil {
			return taken, err
		}
	}
	rest := wantText
	if json {
		rest = wantJSON
	}
	if taken, err := l.searchEnvelopes(rec, h, rest); taken || err != nil {
		return taken, err
	}
	if h.output {
		if taken, err := l.searchOutput(rec); taken || err != nil {
			return taken, err
		}
	}
	if !json || h.output {
		if taken, err := l.searchFormats(rec, h); taken || err != nil {
			return taken, err
		}
	}
	if h.output {
		return false, nil
	}
	return l.searchOutput(rec)
}

// searchFormats asks the formats that recognise rec, the surest first, then
// those that have had records of this stream.
func (l *lane) searchFormats(rec *parsers.Record, h hint) (bool, error) {
	for _, r := range l.sniff(rec) {
		if r.format == h.format-1 || (r.sure == parsers.No && l.decoders[r.format] == nil) {
			continue
		}
		if taken, err := l.decode(r.format, rec); taken || err != nil {
			return taken, err
		}
	}
	return false, nil
}

// A ranked is a format and how sure it is of a record.
type ranked struct {
	format int
	sure   parsers.Confidence
}

// sniff asks every format but that of container output, and ranks them.
func (l *lane) sniff(rec *parsers.Record) []ranked {
	prefix := rec.Data
	if l.depth == 0 && bytes.HasPrefix(l.prefix, prefix) {
		prefix = l.prefix
	}
	prefix = prefix[:min(len(prefix), parsers.SniffLen)]
	l.order = l.order[:0]
	for i, f := range l.formats {
		v := f.Sniff(prefix, l.path)
		l.account.refusal(i, l.depth, v)
		if f.Name != outputName {
			l.order = append(l.order, ranked{i, v.Confidence})
		}
	}
	slices.SortStableFunc(l.order, func(a, b ranked) int { return int(b.sure - a.sure) })
	return l.order
}

// searchOutput asks the format of container output, which takes a text for its
// own if the path of the stream, or an envelope, says that a container wrote it.
func (l *lane) searchOutput(rec *parsers.Record) (bool, error) {
	if l.output { // the line around it is the record
		return false, nil
	}
	path := l.path
	if l.depth > 0 {
		path = ""
	}
	for i, f := range l.formats {
		if f.Name != outputName {
			continue
		}
		named := rec.Origin.Container != l.origin.Container
		if named || f.Sniff(rec.Data[:min(len(rec.Data), parsers.SniffLen)], path).Confidence > parsers.No {
			return l.decode(i, rec)
		}
	}
	return false, nil
}

// Which envelopes are asked.
type which uint8

const (
	wantFirst which = iota
	wantJSON
	wantText
)

func (w which) has(e *envelope.Envelope) bool {
	switch w {
	case wantFirst:
		return e.First
	case wantJSON:
		return e.JSON && !e.First
	}
	return !e.JSON
}

// searchEnvelopes opens the envelopes that rec is in.
func (l *lane) searchEnvelopes(rec *parsers.Record, h hint, w which) (bool, error) {
	if l.depth == envelope.MaxDepth {
		return false, nil
	}
	for i := range l.envelopes {
		if !w.has(&l.envelopes[i]) || i == h.envelope-1 {
			continue
		}
		if taken, err := l.open(i, rec); taken || err != nil {
			return taken, err
		}
	}
	return false, nil
}

// decode gives rec to a format and books what it says. Foreign records are
// not taken.
func (l *lane) decode(format int, rec *parsers.Record) (bool, error) {
	if l.decoders[format] == nil {
		l.decoders[format] = l.formats[format].NewDecoder(l.options)
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
		l.hints[l.depth] = hint{output: true}
	} else {
		l.hints[l.depth] = hint{format: format + 1}
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
		l.bad(rec, bad)
		if !bad.Kept {
			return nil
		}
	}
	l.fate = understood
	l.account.recognised[format]++
	if l.account.envelope == "" && rec.Origin.Envelope != "" {
		l.account.envelope, l.account.envelopeAt = rec.Origin.Envelope, rec.Pos.Offset
	}
	return nil
}

// recordError is what err says of a record, nil if it is of another kind.
func recordError(err error) *parsers.RecordError {
	var bad *parsers.RecordError
	if errors.As(err, &bad) {
		return bad
	}
	return nil
}

// bad books a record that is unusable in whole or in part. One such remark is
// kept back until it is known whether the piece holds a better record.
func (l *lane) bad(rec *parsers.Record, e *parsers.RecordError) {
	r := parsers.Remark{Code: e.Code, Gap: !e.Note, Pos: rec.Pos, Reason: e.Reason, Lift: e.Lift}
	switch {
	case e.Kept:
		l.fate = understood
	case e.Note:
		l.fate = max(l.fate, noted)
	default:
		l.fate = max(l.fate, lost)
	}
	if l.worst.Code == "" || (r.Gap && !l.worst.Gap) {
		r, l.worst = l.worst, r
	}
	if r.Code != "" {
		l.account.remark(r, ofDecoder)
	}
}

// flush ends the decoders, in the order of the list.
func (l *lane) flush() error {
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
		bad := recordError(err)
		if bad == nil {
			return err
		}
		l.account.remark(parsers.Remark{Code: bad.Code, Gap: !bad.Note, Reason: bad.Reason, Lift: bad.Lift}, ofDecoder)
	}
	return nil
}

// stateless reports whether what was read so far came from formats of which a
// stream may be cut anywhere.
func (l *lane) stateless() bool {
	any := false
	for i, d := range l.decoders {
		if d != nil && l.formats[i].Stateful {
			return false
		}
		any = any || l.account.recognised[i] > 0
	}
	return any
}
