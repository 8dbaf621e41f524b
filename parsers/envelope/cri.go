package envelope

import (
	"bytes"

	"tideline/parsers"
)

// cri is a line of a container's log as container runtimes write it: time,
// stream, tag, message.
var cri = Envelope{Name: "cri", Output: true, Sole: true, Open: openCRI}

func openCRI(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	line, ok := readCRI(rec.Data)
	if !ok || !line.Carries() {
		return false, nil
	}
	return openLine(line, rec, emit)
}

func readCRI(data []byte) (OutputLine, bool) {
	if len(data) < 20 || data[0] < '0' || data[0] > '9' {
		return OutputLine{}, false
	}
	when, rest, _ := bytes.Cut(data[:min(len(data), 128)], []byte(" "))
	stream, rest, _ := bytes.Cut(rest, []byte(" "))
	tag, _, ok := bytes.Cut(rest, []byte(" "))
	if !ok || len(tag) == 0 || (tag[0] != 'F' && tag[0] != 'P') || (string(stream) != "stdout" && string(stream) != "stderr") {
		return OutputLine{}, false
	}
	message := data[len(when)+len(stream)+len(tag)+3:]
	return OutputLine{Envelope: "cri", When: when, Stream: stream, Message: message, Partial: tag[0] == 'P'}, true
}
