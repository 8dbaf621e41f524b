package envelope

import (
	"bytes"

	"tideline/parsers"
)

// jsonFile is a line of Docker's json-file driver.
var jsonFile = Envelope{Name: "json-file", JSON: true, Output: true, Sole: true, Open: openJSONFile}

// DockerLocal is the envelope of the entries of Docker's local driver, which are read as
// if its json-file driver had written them.
const DockerLocal = "docker-local"

func openJSONFile(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	line, ok := readJSONFile(rec.Data, rec.Room)
	if !ok || !line.Carries() {
		return false, nil
	}
	return openLine(line, rec, emit)
}

func readJSONFile(data []byte, room *parsers.Room) (OutputLine, bool) {
	var log, stream, when []byte
	only := likeJSONFile(data) && members(data, func(key, value []byte) bool {
		switch string(key) {
		case "log":
			log = value
		case "stream":
			stream = value
		case "time":
			when = value
		case "attrs":
		default:
			log = nil // of another shipper
			return false
		}
		return true
	})
	message, ok := textIn(room, log)
	name, _ := text(stream)
	if !only || !ok || name == nil {
		return OutputLine{}, false
	}
	line := OutputLine{Envelope: "json-file", When: when, Stream: name, Message: message}
	line.Message, ok = bytes.CutSuffix(message, []byte("\n"))
	line.Partial = !ok
	return line, true
}

// likeJSONFile reports whether data begins like a line of the driver, in whatever
// order and with whatever blanks a program wrote its members that read and wrote them
// again: a quick look, since every object is asked.
func likeJSONFile(data []byte) bool {
	if bytes.HasPrefix(data, []byte(`{"log":"`)) {
		return true
	}
	if len(data) == 0 || data[0] != '{' {
		return false
	}
	i := space(data, 1)
	key := data[i:min(i+len(`"stream"`), len(data))]
	for _, name := range [...]string{`"log"`, `"stream"`, `"time"`, `"attrs"`} {
		if bytes.HasPrefix(key, []byte(name)) {
			return true
		}
	}
	return false
}
