package formats

import (
	"bytes"
	"slices"

	"tideline/parsers"
	"tideline/parsers/envelope"
	"tideline/parsers/internal/words"
)

// search tries everything that h is not. Of JSON the format is asked first
// that knows it whole; the prefix of a line comes off first.
func (l *lane) search(rec *parsers.Record, h hint) (bool, error) {
	kind := uint64(0)
	if h.output && l.hand.depth == 0 && !l.curious {
		if kind = l.barren.kindOf(rec); l.barren.has(kind, rec.Data) {
			// What the format takes it also recognises, or an envelope named it.
			if taken, err := l.decode(l.outputAt, rec); taken || err != nil {
				return taken, err
			}
		}
	}
	json, found := envelope.IsJSON(rec), l.vocabulary.of(rec)
	if json {
		if taken, err := l.searchEnvelopes(rec, h, found, wantFirst); taken || err != nil {
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
	if taken, err := l.searchEnvelopes(rec, h, found, rest); taken || err != nil {
		return taken, err
	}
	if h.output {
		if !l.hand.sole { // else what is inside has been asked about
			if taken, err := l.searchMarked(rec); taken || err != nil {
				return taken, err
			}
		}
		if taken, err := l.searchOutput(rec); taken || err != nil {
			l.barren.add(kind, rec.Data)
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

// searchMarked asks the formats that know rec by marks of theirs; the shape alone,
// which many programs give their lines, is not enough. What a container printed
// before does not make its next line output: an API server prints its audit log
// between other lines, and a Docker in a container its requests.
func (l *lane) searchMarked(rec *parsers.Record) (bool, error) {
	if l.hand.output || len(rec.Data) < 2 || !envelope.Carries(rec.Data) {
		return false, nil
	}
	for _, r := range l.sniff(rec) {
		if r.sure < parsers.Likely {
			return false, nil
		}
		if taken, err := l.decode(r.format, rec); taken || err != nil {
			return taken, err
		}
	}
	return false, nil
}

// searchFormats asks the formats that recognise rec, the surest first, then
// those that have had records of this stream.
func (l *lane) searchFormats(rec *parsers.Record, h hint) (bool, error) {
	for _, r := range l.sniff(rec) {
		if r.format == h.format-1 || (r.sure == parsers.No && l.decoders[r.format] == nil && !l.stream.forced) {
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
	if l.hand.depth == 0 && bytes.HasPrefix(l.stream.prefix, prefix) {
		prefix = l.stream.prefix
	}
	prefix = prefix[:min(len(prefix), parsers.SniffLen)]
	l.order = l.order[:0]
	some := false
	if !l.hand.asked {
		clear(l.hand.said)
		l.hand.asked = true
	}
	for i, f := range l.formats {
		if i == l.outputAt && l.hand.output {
			continue // the line around rec is taken, if nothing in it is
		}
		v := f.Sniff(prefix, l.stream.path)
		l.account.refusal(i, l.hand.depth, v)
		l.hand.said[i].note(l.hand.depth, v)
		switch {
		case f.Name != outputName:
			l.order = append(l.order, ranked{i, v.Confidence})
			some = some || v.Confidence > parsers.No
		case l.hand.depth == 0:
			l.hand.outputSure, l.hand.outputAsked = v.Confidence, len(prefix) == min(len(rec.Data), parsers.SniffLen)
		}
	}
	if some {
		slices.SortStableFunc(l.order, func(a, b ranked) int { return int(b.sure - a.sure) })
	}
	return l.order
}

// searchOutput asks the format of container output, which takes a text for its
// own if the path of the stream, or the envelope around it, says that a container
// wrote it. Of a line that an envelope further out gave, a member is no line.
func (l *lane) searchOutput(rec *parsers.Record) (bool, error) {
	if l.hand.output { // the line around it is the record
		return false, nil
	}
	path := l.stream.path
	if l.hand.depth > 0 {
		path = ""
	}
	i := l.outputAt
	if i < 0 {
		return false, nil
	}
	around := l.hand.around
	if l.hand.depth == 0 {
		around = l.stream.origin.Container
	}
	named := rec.Origin.Container != around
	if named || l.stream.forced || l.sniffOutput(rec, path) > parsers.No {
		return l.decode(i, rec)
	}
	return false, nil
}

// sniffOutput is how sure the format of container output is of rec; it may have been
// asked with the others.
func (l *lane) sniffOutput(rec *parsers.Record, path string) parsers.Confidence {
	if l.hand.depth == 0 && l.hand.outputAsked {
		return l.hand.outputSure
	}
	return l.formats[l.outputAt].Sniff(rec.Data[:min(len(rec.Data), parsers.SniffLen)], path).Confidence
}

// A which says which envelopes are asked.
type which uint8

const (
	wantFirst which = iota
	wantJSON
	wantText
	wantKnownJSON // of them, those that open no others than their own
	wantKnownText
)

func (w which) has(e *envelope.Envelope) bool {
	switch w {
	case wantFirst:
		return e.First
	case wantJSON:
		return e.JSON && !e.First
	case wantKnownJSON:
		return e.JSON && !e.First && !e.Any
	case wantKnownText:
		return !e.JSON && !e.Any
	}
	return !e.JSON
}

// searchKnown opens the envelopes that know what they open, for a record behind one that
// none of them knew and that begins alike: that one may have been damaged. Where rec is
// in no other than one that did not open it, what opens anything is not asked either.
func (l *lane) searchKnown(rec *parsers.Record, h *hint) (bool, error) {
	order := []which{wantKnownText}
	if envelope.IsJSON(rec) {
		order = []which{wantFirst, wantKnownJSON}
	}
	found := l.vocabulary.of(rec)
	for _, w := range order {
		if taken, err := l.searchEnvelopes(rec, *h, found, w); taken || err != nil {
			return taken, err
		}
		if l.hand.sole {
			h.envelope = 0
		}
	}
	return false, nil
}

// searchEnvelopes opens the envelopes that rec is in, of which found are words.
func (l *lane) searchEnvelopes(rec *parsers.Record, h hint, found words.Mask, w which) (bool, error) {
	if l.hand.sole = false; l.hand.depth == envelope.MaxDepth {
		return false, nil
	}
	for i := range l.envelopes {
		if !w.has(&l.envelopes[i]) || i == h.envelope-1 || !l.curious && !l.vocabulary.allows(i, found) {
			continue
		}
		if taken, err := l.open(i, rec); taken || err != nil {
			return taken, err
		}
		if l.hand.sole {
			break
		}
	}
	return false, nil
}
