package envelope

import (
	"bytes"

	"tideline/parsers"
)

// Shippers and log drivers hand on the parts of a long line as they find them, each as a
// record of its own, and tell which it is:
//
//	{"time":"...","stream":"stdout","logtag":"P","log":"{\"kind\":...","kubernetes":{...}}   Fluent Bit and Fluentd, of CRI; "_p" in older ones
//	{"container_id":"...","source":"stdout","log":"...","partial_message":"true","partial_last":"false"}   Docker's driver fluentd
//	{"MESSAGE":"...","CONTAINER_ID_FULL":"...","CONTAINER_PARTIAL_MESSAGE":"true","CONTAINER_PARTIAL_LAST":"false"}   Docker's driver journald
//	{"MESSAGE":"...","_STREAM_ID":"...","_LINE_BREAK":"line-max"}   what journald itself cut, after LineMax=
//
// Sources: fluent/fluent-bit conf/parsers.conf (cri); moby/moby daemon/logger/fluentd and
// journald, v20 to v28; systemd.journal-fields(7).

// minPart is how long a first part is at least, in bytes: what cuts lines does so after
// 8 KiB and more.
const minPart = 4 << 10

// partMarks are the keys that tell of parts.
var partMarks = [...][]byte{[]byte(`"logtag"`), []byte(`"_p"`), []byte(`"partial_message"`), []byte(`"CONTAINER_PARTIAL_MESSAGE"`), []byte(`"_LINE_BREAK"`)}

// mayBePart is a quick look at an object: whether it may be the first part of a line.
func mayBePart(object []byte) bool {
	if len(object) < minPart || bytes.HasPrefix(object, []byte(`{"kind":"Event"`)) {
		return false
	}
	for _, mark := range partMarks {
		if bytes.Contains(object, mark) {
			return true
		}
	}
	return false
}

// readShipped reads what a shipper made of a line, or of a part of one; it may be a hit
// of Elasticsearch, but nothing in a hit is one.
func readShipped(data []byte, room *parsers.Room, hit bool) (OutputLine, bool) {
	var line OutputLine
	var message, source []byte
	line.shipper = openFluent
	var tag, partial, last []byte
	members(data, func(key, value []byte) bool {
		switch string(key) {
		case "_source":
			if !hit && value[0] == '{' {
				source = value
			}
		case "MESSAGE":
			line.shipper, message = openJournal, value
		case "log", "message":
			message = value
		case "stream", "source", "_TRANSPORT":
			line.Stream, _ = text(value)
		case "kubernetes", "container_id", "CONTAINER_ID_FULL", "_STREAM_ID":
			line.of = value
		case "logtag", "_p":
			tag = value
		case "partial_message", "CONTAINER_PARTIAL_MESSAGE":
			partial = value
		case "partial_last", "CONTAINER_PARTIAL_LAST":
			last = value
		case "_LINE_BREAK":
			if string(value) == `"line-max"` {
				partial = []byte(`"true"`)
			}
		}
		return true
	})
	if source != nil {
		line, ok := readShipped(source, room, true)
		shipper := line.shipper
		line.shipper = func(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
			return openHit(rec, func(inner *parsers.Record) error {
				_, err := shipper(inner, emit)
				return err
			})
		}
		return line, ok
	}
	var ok bool
	line.Message, ok = textIn(room, message)
	line.Message = bytes.TrimSuffix(line.Message, []byte("\n"))
	line.Partial = isPart(tag, partial, last)
	return line, ok && line.of != nil
}

// isPart reports whether what is told of a line says that it goes on.
func isPart(tag, partial, last []byte) bool {
	return bytes.HasPrefix(tag, []byte(`"P`)) || isTrue(partial) && !isTrue(last)
}

func isTrue(value []byte) bool { return string(value) == `"true"` || string(value) == "true" }
