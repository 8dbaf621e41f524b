package formats

import (
	"bytes"

	"tideline/parsers"
	"tideline/parsers/envelope"
	"tideline/parsers/internal/frame"
)

// What is held of long lines at a time, at most.
const (
	maxJoined = 16 << 20 // bytes
	maxHeld   = 4096     // pieces
)

// A joiner holds the parts of long lines that a container printed: an API
// server that logs its audit events to its output prints them like this. Only
// what follows one another is held, so that a record can be shown as it stands
// in the stream: with the lines of the other stream (stdout, stderr) between its
// parts.
type joiner struct {
	parts batch
	lines []heldLine // of the pieces
	from  int        // pieces before it are done
	text  []byte     // of the line in hand
	room  parsers.Room
}

// A heldLine says what a piece is a part of.
type heldLine struct {
	whose         uint64 // container and stream
	partial, done bool
	begins        bool // it may begin a record of another format
}

func (j *joiner) holds() bool { return len(j.parts.pieces) > 0 }

// join takes a piece that is a part of a line, or stands between such parts. It
// reports false if the piece is to be read on its own.
func (l *lane) join(p *frame.Piece) (bool, error) {
	j := &l.joiner
	if !j.holds() && (p.Kind != frame.Record || !mayBegin(p.Record.Data)) {
		return false, nil
	}
	line, ok := envelope.OutputLine{}, false
	if p.Kind == frame.Record {
		line, ok = envelope.ReadOutputLine(p.Record.Data, &j.room)
	}
	begins := ok && line.Partial && line.Carries() && !p.Record.Cut
	if j.holds() {
		if !ok || !j.follows(p) {
			if err := l.separate(); err != nil {
				return false, err
			}
			return l.join(p)
		}
	} else if !begins {
		return false, nil
	}
	p.Record.Origin = l.stream.origin
	j.parts.add(p)
	whose := line.Whose()
	j.lines = append(j.lines, heldLine{whose: whose, partial: line.Partial, begins: begins})
	if line.Partial || whose != j.lines[j.from].whose {
		return true, nil
	}
	return true, l.advance()
}

// mayBegin is a quick look at a record, which few pass.
func mayBegin(data []byte) bool {
	if len(data) < len("2006-01-02T15:04:05Z stdout P {") {
		return false
	}
	if data[0] == '{' {
		return envelope.MayBreakOff(data)
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

// follows reports whether p stands right behind what is held, with nothing between
// them but what their pieces hold, in the same envelope, and there is room for it.
func (j *joiner) follows(p *frame.Piece) bool {
	last := &j.parts.pieces[len(j.parts.pieces)-1]
	between := p.Record.Pos.Offset - last.Record.Pos.Offset - last.Record.Pos.Length
	return (p.Record.Data[0] == '{') == (j.parts.piece(0).Record.Data[0] == '{') && between == int64(len(last.Trail)+len(p.Lead)) &&
		len(j.parts.data)+len(p.Record.Raw) <= maxJoined && len(j.parts.pieces) < maxHeld
}

// reset forgets what is held.
func (j *joiner) reset() {
	j.parts.reset()
	j.lines, j.from, j.text = j.lines[:0], 0, j.text[:0]
}

// own are the pieces of the line that begins with the i-th; whole is false if
// its last part has not come yet.
func (j *joiner) own(i int) (parts []int, whole bool) {
	for k := i; k < len(j.lines); k++ {
		if j.lines[k].whose == j.lines[i].whose && !j.lines[k].done {
			parts = append(parts, k)
			if !j.lines[k].partial {
				return parts, true
			}
		}
	}
	return parts, false
}

// advance decodes, from the first on, what is whole of what is held.
func (l *lane) advance() error {
	j := &l.joiner
	for ; j.from < len(j.lines); j.from++ {
		if j.lines[j.from].done {
			continue
		}
		parts := []int{j.from}
		if j.lines[j.from].begins {
			own, whole := j.own(j.from)
			if !whole {
				return nil
			}
			parts = own
		}
		if err := l.complete(parts); err != nil {
			return err
		}
	}
	j.reset()
	return nil
}

// complete decodes a line. If no other format takes it, its parts are what they
// are: container output.
func (l *lane) complete(parts []int) error {
	j := &l.joiner
	for _, i := range parts {
		j.lines[i].done = true
	}
	if len(parts) == 1 {
		return l.single(j.parts.piece(parts[0]))
	}
	first := j.parts.piece(parts[0])
	whole := frame.Piece{Kind: frame.Record, Record: first.Record}
	whole.Record.Raw = j.span(parts[0], parts[len(parts)-1])
	whole.Record.Pos.Length = int64(len(whole.Record.Raw))
	rec := whole.Record
	j.text = j.text[:0]
	for n, i := range parts {
		p := j.parts.piece(i)
		line, _ := envelope.ReadOutputLine(p.Record.Data, &j.room) // it could be read before
		if n == 0 {
			rec = *line.Enter(&whole.Record)
		}
		j.text = append(j.text, line.Message...)
		whole.Size += p.Size
	}
	rec.Data = bytes.TrimSpace(j.text)

	l.begin()
	l.hand.depth, l.hand.output = 1, true
	taken, err := l.record(&rec)
	l.hand.depth, l.hand.output = 0, false
	switch {
	case err != nil:
		return err
	case taken:
		l.account.read += whole.Size
		l.account.records++
		l.book(&whole, true)
		return nil
	}
	for _, i := range parts {
		if err := l.single(j.parts.piece(i)); err != nil {
			return err
		}
	}
	return nil
}

// span is what stands in the stream from one piece to another.
func (j *joiner) span(from, to int) []byte {
	var raw []byte
	for i := from; i <= to; i++ {
		p := j.parts.piece(i)
		if i > from {
			raw = append(raw, j.parts.piece(i-1).Trail...)
			raw = append(raw, p.Lead...)
		}
		raw = append(raw, p.Record.Raw...)
	}
	return raw
}

// separate reads what is held each on its own.
func (l *lane) separate() error {
	held := l.joiner
	l.joiner = joiner{}
	for i := range held.parts.pieces {
		if held.lines[i].done {
			continue
		}
		if err := l.single(held.parts.piece(i)); err != nil {
			return err
		}
	}
	return nil
}
