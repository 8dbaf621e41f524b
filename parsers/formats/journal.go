package formats

import (
	"bytes"

	"tideline/parsers/envelope"
	"tideline/parsers/internal/frame"
	"tideline/parsers/journal"
	"tideline/parsers/locallog"
)

// openJournal returns what cuts the stream: f, unless the stream is a journal,
// binary or exported, or a log of Docker's local driver. done is to be called after
// the last piece.
func openJournal(f *frame.Framer, maxRecord int, lanes []*lane) (pieces cutter, done func()) {
	if f.Wide() && !journal.IsExport(lanes[0].stream.prefix) {
		return f, func() {} // text, whatever it begins like
	}
	if locallog.Is(lanes[0].stream.prefix) {
		lanes[0].stream.prefix = nil // it is no record
		for _, l := range lanes {
			l.stream.journal, l.stream.lift = true, "an undamaged copy, or what docker logs prints"
			l.stream.origin.Envelope = envelope.DockerLocal
		}
		rest, off := f.Rest()
		return &recut{f: f, cutter: locallog.New(rest), off: off}, func() {}
	}
	exported := journal.IsExport(lanes[0].stream.prefix)
	if !exported && !journal.Is(lanes[0].stream.prefix) {
		return f, func() {}
	}
	lanes[0].stream.prefix = nil // it is no record
	for _, l := range lanes {
		l.stream.journal, l.stream.lift = true, "an undamaged copy of the journal, or what journalctl --file makes of this one"
		l.stream.origin.Envelope = envelope.BinaryJournal
		if exported {
			l.stream.lift = "an undamaged copy, a higher --max-record, or the binary journal itself"
			l.stream.origin.Envelope = envelope.ExportedJournal
		}
	}
	rest, off := f.Rest()
	if exported {
		e := journal.NewExporter(rest, maxRecord)
		if f.Wide() {
			e.Measure(f.Measure)
		}
		return &recut{f: f, cutter: e, off: off}, func() {}
	}
	c := journal.New(rest, journal.Options{MaxRecord: maxRecord})
	return &recut{f: f, cutter: c, off: off}, c.Close
}

// A recut is a stream that is cut by another than its Framer, which had begun with it:
// what the Framer found beside the text stands before and behind the cutter's pieces.
type recut struct {
	cutter
	f   *frame.Framer
	off int64 // of the cutter's first byte in the stream
	err error // of the cutter
}

func (c *recut) Next(p *frame.Piece) error {
	if c.f.Aside(p) {
		return nil
	}
	if c.err == nil {
		if c.err = c.cutter.Next(p); c.err == nil {
			p.Record.Pos.Offset += c.off
			return nil
		}
	}
	if c.f.Aside(p) {
		return nil
	}
	return c.err
}

// journalLines are what journalctl prints beside the entries.
var journalLines = [...]string{"-- Journal begins at ", "-- Logs begin at ", "-- Reboot --", "-- Boot ", "-- No entries --"}

func isJournalLine(line []byte) bool {
	if len(line) < 3 || line[0] != '-' || line[1] != '-' {
		return false
	}
	for _, head := range journalLines {
		if bytes.HasPrefix(line, []byte(head)) {
			return true
		}
	}
	return false
}
