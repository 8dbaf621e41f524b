package formats

import (
	"tideline/parsers/envelope"
	"tideline/parsers/internal/frame"
	"tideline/parsers/journal"
)

// openJournal returns what cuts the stream: f, unless the stream is a binary
// journal. done is to be called after the last piece.
func openJournal(f *frame.Framer, maxRecord int, lanes []*lane) (pieces cutter, done func()) {
	if !journal.Is(lanes[0].prefix) {
		return f, func() {}
	}
	lanes[0].prefix = nil // it is no record
	for _, l := range lanes {
		l.journal, l.lift = true, "an undamaged copy of the journal, or what journalctl --file makes of this one"
		l.origin.Envelope = envelope.BinaryJournal
	}
	c := journal.New(f.Rest(), journal.Options{MaxRecord: maxRecord})
	return c, c.Close
}
