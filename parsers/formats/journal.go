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
	if locallog.Is(lanes[0].stream.prefix) {
		lanes[0].stream.prefix = nil // it is no record
		for _, l := range lanes {
			l.stream.journal, l.stream.lift = true, "an undamaged copy, or what docker logs prints"
			l.stream.origin.Envelope = envelope.DockerLocal
		}
		return locallog.New(f.Rest()), func() {}
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
	if exported {
		return journal.NewExporter(f.Rest(), maxRecord), func() {}
	}
	c := journal.New(f.Rest(), journal.Options{MaxRecord: maxRecord})
	return c, c.Close
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
