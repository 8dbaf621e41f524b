package formats

import (
	"tideline/parsers"
	"tideline/parsers/envelope"
	"tideline/parsers/internal/frame"
)

// maxJoined bounds the parts of a line that are held at a time.
const maxJoined = 16 << 20

// A joiner holds the parts of a long line that a container printed: an API
// server that logs its audit events to its output prints them like this. Only
// parts that follow one another are joined, so that the record can be shown as it
// stands in the stream.
type joiner struct {
	parts  batch
	line   envelope.OutputLine // the first part, of which the bytes are its own
	text   []byte              // of the messages so far
	opened *parsers.Record     // the first part, out of its envelope
}

func (j *joiner) holds() bool { return len(j.parts.pieces) > 0 }

// join takes a piece that is a part of a line. It reports false if the piece
// is to be read on its own.
func (l *lane) join(p *frame.Piece) (bool, error) {
	j := &l.joiner
	if !j.holds() && (p.Kind != frame.Record || !mayBegin(p.Record.Data)) {
		return false, nil
	}
	line, ok := envelope.OutputLine{}, false
	if p.Kind == frame.Record {
		line, ok = envelope.ReadOutputLine(p.Record.Data)
	}
	if j.holds() && (!ok || !j.follows(&p.Record, &line)) {
		if err := l.separate(); err != nil {
			return false, err
		}
		return l.join(p)
	}
	if !j.holds() && (!ok || !line.Partial || !line.Carries() || p.Record.Cut) {
		return false, nil
	}
	j.add(p, &line, l.origin)
	if line.Partial {
		return true, nil
	}
	return true, l.complete()
}

// mayBegin is a quick look at a record, which few pass.
func mayBegin(data []byte) bool {
	if len(data) < 40 {
		return false
	}
	if data[0] == '{' {
		return string(data[:8]) == `{"log":"` && data[8] == '{'
	}
	if data[0] < '0' || data[0] > '9' {
		return false
	}
	for i := 20; i < 60 && i+3 < len(data); i++ {
		if data[i] == ' ' && data[i+1] == 'P' {
			return true
		}
	}
	return false
}

// follows reports whether rec is the next part of the line that is held.
func (j *joiner) follows(rec *parsers.Record, line *envelope.OutputLine) bool {
	last := j.parts.pieces[len(j.parts.pieces)-1].Record.Pos
	between := rec.Pos.Offset - last.Offset - last.Length
	return line.Envelope == j.line.Envelope && string(line.Stream) == string(j.line.Stream) &&
		(between == 1 || between == 2) && len(j.text)+len(line.Message) <= maxJoined
}

func (j *joiner) add(p *frame.Piece, line *envelope.OutputLine, origin parsers.Origin) {
	if !j.holds() {
		p.Record.Origin = origin
		j.opened = line.Enter(&p.Record)
		j.line = envelope.OutputLine{Envelope: line.Envelope, Stream: append([]byte(nil), line.Stream...)}
	}
	j.text = append(j.text, line.Message...)
	j.parts.add(p)
}

// reset forgets what is held.
func (j *joiner) reset() {
	j.parts.reset()
	j.text = j.text[:0]
}

// complete decodes the line that is held. If no other format takes it, its
// parts are what they are: container output.
func (l *lane) complete() error {
	j := &l.joiner
	whole := frame.Piece{Kind: frame.Record}
	var raw []byte
	for i := range j.parts.pieces {
		p := j.parts.piece(i)
		for between := p.Record.Pos.Offset - j.parts.pieces[0].Record.Pos.Offset - int64(len(raw)); i > 0 && between > 0; between-- {
			if between == 2 {
				raw = append(raw, '\r')
			} else {
				raw = append(raw, '\n')
			}
		}
		raw = append(raw, p.Record.Raw...)
		whole.Size += p.Size
	}
	whole.Record = *j.opened
	whole.Record.Raw, whole.Record.Data = raw, j.text
	whole.Record.Pos = j.parts.pieces[0].Record.Pos
	whole.Record.Pos.Length = int64(len(raw))

	l.begin()
	l.depth, l.output = 1, true
	taken, err := l.record(&whole.Record)
	l.depth, l.output = 0, false
	if err != nil {
		return err
	}
	if !taken {
		return l.separate()
	}
	l.account.read += whole.Size
	l.account.records++
	l.book(&whole, true)
	j.reset()
	return nil
}

// separate reads the parts that are held each on its own.
func (l *lane) separate() error {
	parts := l.joiner.parts
	l.joiner.parts = batch{}
	l.joiner.reset()
	for i := range parts.pieces {
		if err := l.single(parts.piece(i)); err != nil {
			return err
		}
	}
	return nil
}
