package envelope

import (
	"tideline/parsers"
)

// fluent is a record of Fluentd, Fluent Bit or Vector: the line as "log" or
// "message" beside what the shipper knows of it; or as what Graylog, VictoriaLogs,
// LogScale and Mezmo call it.
var fluent = Envelope{Name: "fluent", JSON: true, Words: []string{`"log"`, `message"`, `"_msg"`, `"@rawstring"`, `"_line"`}, Open: openFluent}

func openFluent(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	in := enter(rec, "fluent")
	var line, container, tag, partial, end []byte
	members(rec.Data, func(key, value []byte) bool {
		switch string(key) {
		case "log", "message", "short_message", "full_message", "_msg", "@rawstring", "_line":
			if line == nil || len(value) > len(line) {
				line = value
			}
		case "kubernetes":
			setKubernetes(&in.Origin, last(rec), value)
		case "container": // by ECS, as is the host that is an object
			container = value
		case "logtag", "_p":
			tag = value
		case "partial_message":
			partial = value
		case "partial_last":
			end = value
		case "stream":
			in.Origin.Stream = keep(last(rec).Stream, value)
		case "host", "hostname":
			if len(value) > 0 && value[0] == '{' {
				value = get(value, "name")
			}
			in.Origin.Host = keep(last(rec).Host, value)
		case "time", "timestamp", "@timestamp", "date":
			in.Origin.Time = stamp(value)
		}
		return true
	})
	if in.Origin.Pod != "" && len(container) > 0 && container[0] == '{' {
		in.Origin.ID, in.Origin.Image = keep(last(rec).ID, get(container, "id")), keep(last(rec).Image, get(container, "image", "name"))
	}
	if data, ok := textIn(rec.Room, line); ok && (carries(data) || in.Origin.Container != rec.Origin.Container) {
		in.Cut = in.Cut || carries(data) && isPart(tag, partial, end)
		return payload(in, data, emit)
	}
	return false, nil
}
